"""The projection of ``learning.statements``: facts, voids, and the keys that they make dirty."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.log import Record
from praxis_events.topics import STATEMENTS
from praxis_metrics import dictionaries, dirty
from praxis_metrics.calendar import local_day
from praxis_metrics.copying import copy
from praxis_metrics.dirty import DirtyGroup
from praxis_metrics.learners import Actors
from praxis_metrics.partitions import Months
from praxis_metrics.statements import Fact, Taken, Void, take

NO_COURSE = 0
"""The course of a fact whose statement names no activity."""


BATCH = 10_000
"""Statements of one transaction while behind: its round trips cost less for each, and more of them share a key."""


class FactRow(NamedTuple):
    """A row of ``facts``, in its order of columns."""

    event_time: datetime
    actor_id: int
    course_id: int
    activity_id: int | None
    registration_id: int | None
    verb_id: int
    duration_ms: int | None
    statement_id: UUID
    fingerprint: UUID | None


class StatementFacts:
    """First step of two: nothing is added up here, so that any number of partitions commit side by side."""

    name = "metrics.statements"
    topics = (STATEMENTS.name,)
    rebuildable = True
    serial = False

    def __init__(self, sessions: async_sessionmaker[AsyncSession], zone: ZoneInfo) -> None:
        self._zone = zone
        self._verbs = dictionaries.verbs(sessions)
        self._activities = dictionaries.activities(sessions)
        self._registrations = dictionaries.registrations(sessions)
        self._registration_courses = dictionaries.RegistrationCourses(sessions)
        self._actors = Actors(sessions)
        self._months = Months(sessions)

    def decode(self, record: Record) -> Taken:
        return take(record)

    async def apply(self, session: AsyncSession, items: Sequence[Taken]) -> None:
        fresh = await _first_copies(session, items)
        facts = [item for item in fresh if isinstance(item, Fact)]
        rows = await self._rows(facts) if facts else []
        seen: list[tuple[UUID, int | None, datetime | None]]
        seen = [(row.statement_id, row.actor_id, row.event_time) for row in rows]
        seen += [(item.statement_id, None, None) for item in fresh if not isinstance(item, Fact)]
        await copy(session, "statement_seen", ("statement_id", "actor_id", "event_time"), seen)
        await copy(session, "facts", FactRow._fields, rows)
        groups = [self._dirty(*pair) for pair in zip(facts, rows, strict=True)]
        await dirty.add_groups(session, groups)
        await dirty.add_registrations_of(session, groups)
        await dirty.add_statements(session, [(f.statement_id, f.appended_at) for f in facts if f.fingerprint])
        if voids := [item for item in fresh if isinstance(item, Void)]:
            await _void(session, voids)

    async def _rows(self, facts: Sequence[Fact]) -> list[FactRow]:
        await self._months.ensure(fact.at for fact in facts)
        verbs = await self._verbs.numbers(fact.verb for fact in facts)
        named = {activity for fact in facts for activity in (fact.activity, fact.course) if activity is not None}
        activities = await self._activities.numbers(named)
        registrations = await self._registrations.numbers(f.registration for f in facts if f.registration is not None)
        actors = await self._actors.numbers((f.actor for f in facts), min(f.appended_at for f in facts))
        rows = [
            FactRow(
                event_time=fact.at,
                actor_id=actors[fact.actor],
                course_id=NO_COURSE if fact.course is None else activities[fact.course],
                activity_id=None if fact.activity is None else activities[fact.activity],
                registration_id=None if fact.registration is None else registrations[fact.registration],
                verb_id=verbs[fact.verb],
                duration_ms=fact.duration_ms,
                statement_id=fact.statement_id,
                fingerprint=fact.fingerprint,
            )
            for fact in facts
        ]
        await self._registration_courses.add(
            (row.registration_id, row.actor_id, row.course_id) for row in rows if row.registration_id is not None
        )
        return rows

    def _dirty(self, fact: Fact, row: FactRow) -> DirtyGroup:
        day = local_day(fact.at, self._zone)
        return DirtyGroup(row.actor_id, row.course_id, row.registration_id, day, fact.appended_at)


async def _first_copies(session: AsyncSession, items: Sequence[Taken]) -> list[Taken]:
    """Of each statement id its first copy in the log, unless an earlier batch had it.

    All copies lie in one partition, whose checkpoint this transaction has locked: nobody else adds them meanwhile.
    """
    first: dict[UUID, Taken] = {}
    for item in items:
        first.setdefault(item.statement_id, item)
    query = text("SELECT statement_id FROM statement_seen WHERE statement_id = ANY(CAST(:ids AS uuid[]))")
    seen = set((await session.execute(query, {"ids": list(first)})).scalars())
    return [item for statement_id, item in first.items() if statement_id not in seen]


async def _void(session: AsyncSession, voids: Sequence[Void]) -> None:
    await session.execute(
        text("INSERT INTO voided (target) SELECT unnest(CAST(:targets AS uuid[])) ON CONFLICT DO NOTHING"),
        {"targets": sorted({void.target for void in voids})},
    )
    await dirty.add_statements(session, [(void.target, void.appended_at) for void in voids])
