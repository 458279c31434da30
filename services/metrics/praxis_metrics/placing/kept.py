"""What the directory says of where people stand, kept while it stands: a rescinded event is kept no longer, or never.

One transaction at a time writes here: the caller holds ``lock``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts import EventData, contracts
from praxis_events.contracts.directory import (
    Hired,
    LeaveEnded,
    LeaveStarted,
    Left,
    ManagerChanged,
    Promoted,
    RoleChanged,
    UnitChanged,
    UnitDefined,
)
from praxis_events.envelope import Event
from praxis_events.upcasting import newest
from praxis_metrics.copying import copy
from praxis_people.history import Heard
from praxis_people.placement import PlacementEvent

KEPT: tuple[type[EventData], ...] = (
    Hired, Left, RoleChanged, UnitChanged, ManagerChanged, Promoted, LeaveStarted, LeaveEnded, UnitDefined,
)  # fmt: skip

_TYPES = {each.model: each.type for each in contracts()}
_COLUMNS = ("event", "place", "person_id", "type", "effective_at", "data")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/placing', 0))")
_RESCINDED = text("SELECT event FROM identity_rescinded WHERE event = ANY(:events)")
_HEARD = "event, place, type, CAST(data AS text)"
_DROP = text(f"DELETE FROM directory_events WHERE event = ANY(:events) RETURNING {_HEARD}")  # noqa: S608
_OF_PERSONS = text(f"SELECT {_HEARD} FROM directory_events WHERE person_id = ANY(:persons)")  # noqa: S608
_OF_UNITS = text(f"SELECT {_HEARD} FROM directory_events WHERE person_id IS NULL")  # noqa: S608


class Touched(NamedTuple):
    """Whom events that came or were rescinded are about: ``lines`` are those whose reporting lines may have changed,
    all of them among ``persons``."""

    persons: frozenset[str]
    lines: frozenset[str]
    units: frozenset[str]


def is_about_places(heard: Heard) -> bool:
    """Whether ``keep`` does anything about it: a rescission may."""
    return heard.undone is not None or isinstance(heard.data, KEPT)


async def lock(session: AsyncSession) -> None:
    """Until the transaction ends nobody else keeps or folds."""
    await session.execute(_LOCK)


async def keep(session: AsyncSession, heard: Sequence[Heard]) -> Touched:
    """Take first copies of events, of any type."""
    rescinded = {each.undone for each in heard if each.undone is not None}
    dropped = await _dropped(session, rescinded)
    kept = [each for each in heard if isinstance(each.data, KEPT)]
    gone = rescinded | set(await session.scalars(_RESCINDED, {"events": [each.event for each in kept]}))
    new = [each for each in kept if each.event not in gone]
    await copy(session, "directory_events", _COLUMNS, [_row(each) for each in new])
    return _touched([*dropped, *new])


async def _dropped(session: AsyncSession, events: Collection[UUID]) -> list[Heard]:
    if not events:
        return []
    return [_read(row) for row in await session.execute(_DROP, {"events": list(events)})]


def _row(heard: Heard) -> tuple[object, ...]:
    data = heard.data
    person_id = data.person_id if isinstance(data, PlacementEvent) else None
    effective_at = data.effective_at if isinstance(data, PlacementEvent | UnitDefined) else None
    said = data.model_dump_json(exclude_unset=True)
    return heard.event, heard.place, person_id, _TYPES[type(data)], effective_at, said


def _touched(heard: Iterable[Heard]) -> Touched:
    persons, lines, units = set[str](), set[str](), set[str]()
    for each in heard:
        if isinstance(each.data, UnitDefined):
            units.add(each.data.unit)
        elif isinstance(each.data, PlacementEvent):
            persons.add(each.data.person_id)
            if isinstance(each.data, Hired | Left | ManagerChanged):
                lines.add(each.data.person_id)
    return Touched(frozenset(persons), frozenset(lines), frozenset(units))


async def definitions(session: AsyncSession) -> list[Heard]:
    """Of all units."""
    return [_read(row) for row in await session.execute(_OF_UNITS)]


async def histories(session: AsyncSession, persons: Collection[str]) -> dict[str, list[Heard]]:
    """What stands of each of these persons and of everybody that was ever named above them, level by level."""
    found: dict[str, list[Heard]] = {}
    wanted = set(persons)
    while wanted:
        level = defaultdict[str, list[Heard]](list)
        for row in await session.execute(_OF_PERSONS, {"persons": sorted(wanted)}):
            each = _read(row)
            if isinstance(each.data, PlacementEvent):
                level[each.data.person_id].append(each)
        found |= {person_id: level[person_id] for person_id in wanted}
        wanted = {manager for events in level.values() for each in events if (manager := _manager(each.data))}
        wanted -= found.keys()
    return found


def _manager(data: EventData) -> str | None:
    return data.manager_id if isinstance(data, Hired | ManagerChanged) else None


def _read(row: Row[UUID, int, str, str]) -> Heard:
    """One written by an older version of this code is read as the newest."""
    event, place, type_, data = row
    found = newest(Event(str(event), "", type_, data.encode()))
    if found is None:
        raise LookupError(type_)
    return Heard(event, place, found[1])
