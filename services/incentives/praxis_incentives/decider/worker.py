"""The decider as a worker: first it takes over what was decided already, then it decides."""

import asyncio

from praxis_events.runner import Runner
from praxis_incentives.decider.facts import Fact
from praxis_incentives.decider.folding import Folding


class DeciderWorker:
    """After the loss of its database, or on one restored from a backup, nothing is decided a second time."""

    def __init__(self, folding: Folding, runner: Runner[Fact]) -> None:
        self._folding, self._runner = folding, runner
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()
        self._folding.stop()
        self._runner.stop()

    async def run(self) -> None:
        """Raises ``LedgerGap``."""
        await self._folding.to_end()
        if not self._stopping.is_set():
            await self._runner.run()
