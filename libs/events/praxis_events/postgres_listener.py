"""Wakes subscriptions when somebody appended."""

import asyncio
import logging
from collections.abc import Callable

import asyncpg

from praxis_events.log import LogError
from praxis_events.postgres_connection import log_errors, session_settings

HEARTBEAT_SECONDS = 30.0
RETRY_SECONDS = 0.5

logger = logging.getLogger(__name__)


class Listener:
    """A connection that listens for the life of the log, and comes back by itself.

    ``wake`` gets the topic, or ``None`` for any: notifications may have been lost with a connection.
    """

    def __init__(self, dsn: str, channel: str, timeout: float, wake: Callable[[str | None], None]) -> None:
        self._dsn, self._channel, self._timeout, self._wake = dsn, channel, timeout, wake
        self._task = asyncio.create_task(self._run(), name="log-listener")

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                with log_errors():
                    await self._listen()
            except LogError as error:
                logger.info("readers poll until the log can be listened to again: %s", error)
            self._wake(None)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, **session_settings(self._timeout))
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(self._channel, lambda _c, _p, _ch, topic: self._wake(topic))
            self._wake(None)
            while not lost.is_set():
                try:
                    await asyncio.wait_for(lost.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await connection.execute("SELECT 1", timeout=self._timeout)
        finally:
            connection.terminate()
