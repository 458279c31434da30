"""Child processes and the servers beside them, kept running until they are told to stop."""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

from praxis_embedded.parentage import PARENT

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STOP_SECONDS = 30

logger = logging.getLogger(__name__)


class PartFailed(Exception):
    """PostgreSQL or Kafka could not be made, started or stopped; the message ends with its last log lines."""


class Part(Protocol):
    async def start(self) -> None:
        """Raises ``PartFailed``."""
        ...

    @property
    def is_running(self) -> bool: ...


async def keep(name: str, part: Part, stopping: asyncio.Event) -> None:
    """Start ``part`` again whenever it has ended, until ``stopping``: it was killed, or its disk was full."""
    pause = FIRST_PAUSE
    while not await _is_set_within(pause, stopping):
        if part.is_running:
            pause = FIRST_PAUSE
            continue
        logger.error("%s has ended; it is started again", name)
        try:
            await part.start()
        except (PartFailed, OSError) as error:  # the message may quote its log
            pause = min(pause * 2, LONGEST_PAUSE)
            logger.error("%s does not start (%s); again in %.1f s", name, type(error).__name__, pause)


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
            await _is_set_within(pause, self._stopping)

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


async def run_once(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run ``praxis`` with these arguments to its end. Raises ``ChildFailed``."""
    process = await _spawn(arguments, _environment(environment))
    if await process.wait() != 0:
        raise ChildFailed(f"praxis {' '.join(arguments)} failed")


async def _is_set_within(seconds: float, event: asyncio.Event) -> bool:
    try:
        return await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False


async def _spawn(arguments: Sequence[str], environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the children in order.
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "praxis_embedded", *arguments, env=dict(environment), start_new_session=True
    )


def _environment(changes: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **changes, PARENT: str(os.getpid())}
