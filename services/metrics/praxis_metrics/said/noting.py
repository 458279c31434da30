"""Telling the publisher whose days what was said may change."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics import changes
from praxis_metrics.calendar import Period
from praxis_metrics.changes import Change, Source
from praxis_metrics.day_ranges import ranges


async def note(session: AsyncSession, found: Iterable[Change], appended_at: datetime) -> None:
    """These changes, as a few ranges of each source. ``appended_at``: the log's time of the oldest."""
    days: dict[Source, list[Period]] = {}
    for source, first, last in found:
        days.setdefault(source, []).append(Period(first, last))
    few = [Change(source, *period) for source, periods in days.items() for period in ranges(periods)]
    await changes.note(session, few, appended_at)


_NAMING = text(
    """
    SELECT source, min(first_day), max(last_day) FROM said_people JOIN said USING (event)
    WHERE actor_id = ANY(:actors) AND stands GROUP BY source
    """
)


async def note_actors(session: AsyncSession, actors: Collection[int], appended_at: datetime) -> None:
    """Who these actors are has changed: of each source, all the days that what names them may change."""
    if actors:
        rows = await session.execute(_NAMING, {"actors": list(actors)})
        await note(session, [Change(Source(source), first, last) for source, first, last in rows], appended_at)
