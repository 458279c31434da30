"""Child processes, kept running until they are told to stop."""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping, Sequence

from praxis_embedded.parentage import PARENT

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STOP_SECONDS = 30

logger = logging.getLogger(__name__)


class ChildFailed(OSError):
    """A one-off command ended with an error."""


class Child:
    """``praxis`` with some arguments, started again whenever it ends by itself."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._arguments, self._environment = list(arguments), _environment(environment)
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def run(self) -> None:
        """Returns after ``stop``, when the process has ended."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            started = asyncio.get_running_loop().time()
            self._process = await _spawn(self._arguments, self._environment)
            code = await self._process.wait()
            if self._stopping.is_set():
                return
            lasted = asyncio.get_running_loop().time() - started
            pause = FIRST_PAUSE if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            logger.error("praxis %s ended with %s; again in %.1f s", " ".join(self._arguments), code, pause)
            await self._sleep(pause)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when it does not end in time."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


async def run_once(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run ``praxis`` with these arguments to its end. Raises ``ChildFailed``."""
    process = await _spawn(arguments, _environment(environment))
    if await process.wait() != 0:
        raise ChildFailed(f"praxis {' '.join(arguments)} failed")


async def _spawn(arguments: Sequence[str], environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the children in order.
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "praxis_embedded", *arguments, env=dict(environment), start_new_session=True
    )


def _environment(changes: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **changes, PARENT: str(os.getpid())}
