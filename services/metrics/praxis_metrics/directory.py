"""The projection of ``people.directory``: who is who, and who is employed when."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts import EventData
from praxis_events.contracts.directory import (
    Hired,
    IdentityLinked,
    IdentityUnlinked,
    LeaveEnded,
    LeaveStarted,
    Left,
)
from praxis_events.log import Record
from praxis_events.times import from_ms
from praxis_events.topics import DIRECTORY
from praxis_metrics import changes, learners
from praxis_metrics.calendar import FIRST_DAY, clamped, local_day
from praxis_people.directory import IdentityChange, apply_changes, apply_rescinded, change_of
from praxis_people.employment import Change, EmploymentEvent, Span, spans
from praxis_people.history import heard

CHANGES: dict[type[EventData], Change] = {
    Hired: Change.HIRED,
    Left: Change.LEFT,
    LeaveStarted: Change.LEAVE_STARTED,
    LeaveEnded: Change.LEAVE_ENDED,
}


CONTRACTORS = frozenset({"contractor", "external", "contingent", "contingent worker"})
"""``worker_type`` of people who are at work but not employed (SCIM's userType, RFC 7643 §4.1.1; Workday's terms)."""


def is_contractor(worker_type: str | None) -> bool:
    """Whatever the case, and however the words are joined; without a type one is an employee."""
    return worker_type is not None and re.sub(r"[\s_-]+", " ", worker_type).strip().lower() in CONTRACTORS


@dataclass(frozen=True, slots=True)
class DirectoryEvent:
    """``undone``: of a rescission, the key of the event that it undoes."""

    event: UUID
    position: int
    appended_at: datetime
    data: EventData
    undone: UUID | None = None


class Directory:
    """One partition and one order: identities settle and employment is folded in the checkpoint's own transaction."""

    name = "metrics.directory"
    topics = (DIRECTORY.name,)
    rebuildable = True
    serial = False

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def decode(self, record: Record) -> DirectoryEvent | None:
        found = heard(record)
        if found is None:
            return None
        return DirectoryEvent(found.event, found.place, from_ms(record.placed_ms), found.data, found.undone)

    async def apply(self, session: AsyncSession, items: Sequence[DirectoryEvent]) -> None:
        fresh = await _first_copies(session, items)
        if not fresh:
            return
        rescinded = [item.undone for item in fresh if item.undone is not None]
        await learners.lock(session)
        keys = await apply_changes(session, [change for item in fresh if (change := _identity_change(item))])
        keys |= await apply_rescinded(session, rescinded)
        if keys:
            await learners.settle(session, keys, min(item.appended_at for item in fresh))
        if persons := await _employment_changes(session, fresh, rescinded):
            await self._employ(session, persons)
            told = [changes.Change(changes.Source.PEOPLE, FIRST_DAY)]
            await changes.note(session, told, min(item.appended_at for item in fresh))

    async def _employ(self, session: AsyncSession, persons: Collection[str]) -> None:
        """Fold the employment of these persons anew."""
        histories = await _histories(session, persons)
        rows = [
            {"person_id": person_id, **self._days(span)}
            for person_id, history in histories.items()
            for span in spans(history)
        ]
        await session.execute(
            text("DELETE FROM employment WHERE person_id = ANY(:persons)"), {"persons": list(persons)}
        )
        if rows:
            await session.execute(
                text(
                    "INSERT INTO employment (person_id, first_day, last_day, on_leave, employee) "
                    "VALUES (:person_id, :first_day, :last_day, :on_leave, :employee)"
                ),
                rows,
            )

    def _days(self, span: Span) -> dict[str, date | bool]:
        """The local days that a span touches. ``date.max`` is PostgreSQL's infinity."""
        last = date.max if span.end is None else local_day(clamped(span.end) - timedelta(microseconds=1), self._zone)
        return {
            "first_day": local_day(clamped(span.start), self._zone),
            "last_day": last,
            "on_leave": span.on_leave,
            "employee": span.employee,
        }


async def _first_copies(session: AsyncSession, items: Sequence[DirectoryEvent]) -> list[DirectoryEvent]:
    first: dict[UUID, DirectoryEvent] = {}
    for item in items:
        first.setdefault(item.event, item)
    new = await session.execute(
        text(
            "INSERT INTO directory_seen (event) SELECT unnest(CAST(:events AS uuid[])) "
            "ON CONFLICT DO NOTHING RETURNING event"
        ),
        {"events": list(first)},
    )
    return [first[event] for event in new.scalars()]


def _identity_change(item: DirectoryEvent) -> IdentityChange | None:
    if not isinstance(item.data, IdentityLinked | IdentityUnlinked):
        return None
    return change_of(item.event, item.position, item.data)


async def _employment_changes(
    session: AsyncSession, items: Sequence[DirectoryEvent], rescinded: Sequence[UUID]
) -> set[str]:
    """Keep hires, departures and leave; returns the persons whose employment they, or rescissions, may change."""
    rows = [
        {
            "event": item.event,
            "person_id": item.data.person_id,
            "change": CHANGES[type(item.data)],
            "effective_at": item.data.effective_at,
            "employee": not (isinstance(item.data, Hired) and is_contractor(item.data.worker_type)),
        }
        for item in items
        if isinstance(item.data, Hired | Left | LeaveStarted | LeaveEnded)
    ]
    if rows:
        await session.execute(
            text(
                "INSERT INTO employment_events (event, person_id, change, effective_at, employee) "
                "VALUES (:event, :person_id, :change, :effective_at, :employee)"
            ),
            rows,
        )
    undone = await session.execute(
        text("SELECT person_id FROM employment_events WHERE event = ANY(CAST(:events AS uuid[]))"),
        {"events": list(rescinded)},
    )
    return {str(row["person_id"]) for row in rows} | set(undone.scalars())


async def _histories(session: AsyncSession, persons: Collection[str]) -> dict[str, list[EmploymentEvent]]:
    """What happened to each person and was not rescinded."""
    found = await session.execute(
        text(
            "SELECT person_id, change, effective_at, employee FROM employment_events e WHERE person_id = ANY(:persons) "
            "AND NOT EXISTS (SELECT FROM identity_rescinded r WHERE r.event = e.event)"
        ),
        {"persons": list(persons)},
    )
    histories: dict[str, list[EmploymentEvent]] = {}
    for person_id, change, effective_at, employee in found:
        # asyncpg reads the first and the last moment that Python knows as infinities, and these without a zone.
        event = EmploymentEvent(effective_at.replace(tzinfo=UTC), Change(change), employee)
        histories.setdefault(person_id, []).append(event)
    return histories
