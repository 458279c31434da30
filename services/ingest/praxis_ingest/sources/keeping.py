"""Writing down what was counted, every second: no request waits for it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_ingest.sources import store
from praxis_ingest.sources.feeds import Feeds

SECONDS = 1.0
"""What a killed process has counted and not written down is of this time at most."""

logger = logging.getLogger(__name__)


class Keeper:
    """``engine`` commits each statement."""

    def __init__(self, feeds: Feeds, engine: AsyncEngine) -> None:
        self._feeds, self._engine = feeds, engine
        self._one_at_a_time = asyncio.Lock()

    async def write(self) -> None:
        """On return all that was counted before is in the table, whoever of this process wrote it.

        Raises what the database raises; what was counted is then kept for the next time.
        """
        async with self._one_at_a_time:
            if drained := self._feeds.drain():
                try:
                    await store.add(self._engine, drained)
                except BaseException:
                    self._feeds.restore(drained.items())
                    raise

    async def feeds(self) -> list[store.Feed]:
        """With all that this process has counted; what others counted in the last second may be missing."""
        await self.write()
        return await store.feeds(self._engine)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Meanwhile every second, and a last time at the end. An outage of the database is waited out."""
        ending = asyncio.Event()
        task = asyncio.create_task(self._write_until(ending), name="feeds")
        try:
            yield
        finally:
            ending.set()
            await task

    async def _write_until(self, ending: asyncio.Event) -> None:
        ended = False
        while not ended:
            with suppress(TimeoutError):
                ended = await asyncio.wait_for(ending.wait(), SECONDS)
            try:
                await self.write()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("feeds are not written down: %s", type(error).__name__)
