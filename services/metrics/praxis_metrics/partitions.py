"""Month partitions of ``facts``, by event time in UTC; made when first needed, detachable when old."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_metrics.calendar import DAY, Grain, period_of

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 1)
"""Months outside share the default partition: a wrong clock must not make a table for each of its years."""

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/facts', 0))")


class Months:
    """Makes partitions in transactions of their own, so that nobody waits for a batch; remembers which there are."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._made: set[date] = set()

    async def ensure(self, days: Collection[date]) -> None:
        """For facts of these days in UTC."""
        wanted = {day.replace(day=1) for day in days}
        for month in sorted(wanted - self._made):
            if FIRST <= month <= LAST:
                await self._make(month)
            self._made.add(month)

    async def _make(self, month: date) -> None:
        """Attaching locks out neither readers nor writers of the other months; creating in place would."""
        name, after = f"facts_{month:%Y_%m}", period_of(month, Grain.MONTH).last + DAY
        async with self._sessions.begin() as session:
            await session.execute(_LOCK)
            if await session.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": name}):
                return
            await session.execute(text(f"CREATE TABLE {name} (LIKE facts INCLUDING ALL)"))
            await session.execute(
                text(
                    f"ALTER TABLE facts ATTACH PARTITION {name} "
                    f"FOR VALUES FROM ('{month} 00:00+00') TO ('{after} 00:00+00')"
                )
            )
