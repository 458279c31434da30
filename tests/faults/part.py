"""A part of an installation: an operating system's process of its own, started again whenever it ends."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
"""Before it is started again: at once after a long life, later and later while it cannot start."""

LONG_LIFE = 5.0


class Part:
    """``output`` gets what it prints. It dies with the tests, even when they are killed."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], output: Path) -> None:
        self.name, self._command, self._environment, self.output = name, command, environment, output
        self.starts = 0
        self._process: asyncio.subprocess.Process | None = None
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_running(), name=self.name)

    async def close(self) -> None:
        self._closing = True
        self.signal(signal.SIGKILL)
        if self._task is not None:
            await self._task

    def signal(self, number: signal.Signals) -> None:
        """Nothing happens while it does not run."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    async def _keep_running(self) -> None:
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while not self._closing:
            began = loop.time()
            await self._spawn()
            assert self._process is not None
            if self._closing:
                self.signal(signal.SIGKILL)
            await self._process.wait()
            pause = FIRST_PAUSE if loop.time() - began > LONG_LIFE else min(2 * pause, LONGEST_PAUSE)
            if not self._closing:
                await asyncio.sleep(pause)

    async def _spawn(self) -> None:
        self.starts += 1
        with self.output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                "setpriv", "--pdeathsig", "KILL", *self._command, env={**os.environ, **self._environment},
                stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
