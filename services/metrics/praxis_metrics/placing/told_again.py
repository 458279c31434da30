"""Departures of which it is told again whether they were voluntary: no day at work changes, and it is news all the
same for what asks why people left."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts.directory import Left
from praxis_metrics.calendar import FIRST_DAY, LAST_DAY, clamped, local_day
from praxis_people.history import Heard

Told: TypeAlias = Mapping[tuple[str, date], Sequence[str | None]]
"""Of a person and a local day, what is said of the departures on it, in their order; neighbours differ."""

_RESCINDED = text(
    "SELECT DISTINCT person_id FROM directory_events WHERE event = ANY(:events) AND type = 'praxis.people.left.v1'"
)
_LEFT = text(
    """
    SELECT person_id, effective_at, voluntary FROM (
        SELECT DISTINCT ON (person_id, effective_at) person_id, effective_at, data->>'voluntary' AS voluntary
        FROM directory_events WHERE type = 'praxis.people.left.v1' AND person_id = ANY(:persons)
        ORDER BY person_id, effective_at, place DESC
    ) AS newest ORDER BY person_id, effective_at
    """
)


async def leavers(session: AsyncSession, heard: Sequence[Heard]) -> list[str]:
    """Whose departures these events tell or take back; asked before they are kept."""
    rescinded = [each.undone for each in heard if each.undone is not None]
    found = {each.data.person_id for each in heard if isinstance(each.data, Left)}
    if rescinded:
        found |= set(await session.scalars(_RESCINDED, {"events": rescinded}))
    return sorted(found)


async def told(session: AsyncSession, persons: Collection[str], zone: ZoneInfo) -> Told:
    """What is kept of these persons' departures."""
    if not persons:
        return {}
    found = defaultdict[tuple[str, date], list[str | None]](list)
    for person_id, effective_at, voluntary in await session.execute(_LEFT, {"persons": list(persons)}):
        found[person_id, local_day(clamped(effective_at), zone)].append(voluntary)
    return {key: [value for value, _ in groupby(values)] for key, values in found.items()}


def days_told_again(before: Told, after: Told) -> list[tuple[date, date]]:
    """The days on which somebody left, before as after, but otherwise; each as a stretch. Only days to be asked for."""
    days = {day for (person_id, day), values in after.items() if before.get((person_id, day), values) != values}
    return [(day, day) for day in sorted(days) if FIRST_DAY <= day <= LAST_DAY]
