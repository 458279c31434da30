"""The second step of two: a worker that keeps the read models right while dirty keys come in."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock, system_clock
from praxis_events.lag import Lag
from praxis_events.runner import TRANSIENT
from praxis_metrics import instruments
from praxis_metrics.recompute import refresh
from praxis_metrics.settling import settle_registrations, settle_statements
from praxis_metrics.watermark import oldest_dirty

logger = logging.getLogger(__name__)

AT_ONCE = 20_000
"""Dirty rows of one transaction: enough to coalesce while behind, few enough to hold their locks briefly."""

IDLE_SECONDS = 0.2
LOOK_SECONDS = 5.0
BACKOFF_FIRST, BACKOFF_MOST = 0.1, 15.0


class Refresher:
    """Runs until ``stop``. Any number may run side by side: rows in hand are skipped, learners locked."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], zone: ZoneInfo, clock: Clock = system_clock) -> None:
        self._sessions, self._zone, self._clock = sessions, zone, clock
        self._lag, self._looked_at = Lag(instruments.LAG_SECONDS, clock), clock()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        delay = BACKOFF_FIRST
        while not self._stopping.is_set():
            try:
                if not await self.step():
                    await self._sleep(IDLE_SECONDS)
                delay = BACKOFF_FIRST
            except TRANSIENT as error:
                instruments.RETRIES.inc()
                logger.warning("the refresher waits %.1f s: %s", delay, type(error).__name__)
                await self._sleep(delay)
                delay = min(delay * 2, BACKOFF_MOST)

    async def step(self) -> int:
        """Take some of every queue, in the order in which they feed one another; returns how many rows it took."""
        taken = await self._in_transaction(lambda session: settle_statements(session, self._zone, AT_ONCE))
        taken += await self._in_transaction(lambda session: settle_registrations(session, AT_ONCE))
        taken += await self._in_transaction(lambda session: refresh(session, self._zone, AT_ONCE))
        instruments.REFRESHED.inc(taken)
        await self._note_lag(taken)
        return taken

    async def _note_lag(self, taken: int) -> None:
        """Nothing is left where nothing was taken; else the oldest key is looked for, now and then."""
        now = self._clock()
        if not taken:
            self._lag.through(now)
        elif (now - self._looked_at).total_seconds() >= LOOK_SECONDS:
            self._looked_at = now
            async with self._sessions() as session:
                self._lag.through(await oldest_dirty(session) or now)

    async def _in_transaction(self, work: Callable[[AsyncSession], Awaitable[int]]) -> int:
        async with self._sessions.begin() as session:
            await session.execute(text("SET LOCAL synchronous_commit TO off"))
            return await work(session)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
