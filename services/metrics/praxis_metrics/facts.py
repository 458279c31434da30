"""The projection of ``learning.statements``: facts, voids, and the keys that they make dirty."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.log import Record
from praxis_events.topics import STATEMENTS
from praxis_metrics import dictionaries, dirty
from praxis_metrics.activity_texts import ActivityTexts
from praxis_metrics.calendar import LATEST, local_days
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


_SEEN = attrgetter("statement_id", "actor_id", "event_time")


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
        self._texts = ActivityTexts(sessions)
        self._registrations = dictionaries.registrations(sessions)
        self._registration_courses = dictionaries.RegistrationCourses(sessions)
        self._actors = Actors(sessions)
        self._months = Months(sessions)

    def decode(self, record: Record) -> Taken:
        return take(record)

    async def apply(self, session: AsyncSession, items: Sequence[Taken]) -> None:
        fresh = await _first_copies(session, items)
        facts = [item for item in fresh if isinstance(item, Fact)]
        # Of all of them the time of the oldest: the watermark stops short of it a moment longer.
        appended_at = min((fact.appended_at for fact in facts), default=LATEST)
        rows = await self._rows(facts, appended_at) if facts else []
        seen: list[tuple[UUID, int | None, datetime | None]] = list(map(_SEEN, rows))
        seen += [(item.statement_id, None, None) for item in fresh if not isinstance(item, Fact)]
        await copy(session, "statement_seen", ("statement_id", "actor_id", "event_time"), seen)
        await copy(session, "facts", FactRow._fields, rows)
        groups = dict.fromkeys(self._dirty(rows), appended_at)
        await dirty.add_groups(session, groups)
        await dirty.add_registrations_of(session, groups)
        await dirty.add_statements(session, [(f.statement_id, f.appended_at) for f in facts if f.fingerprint])
        if voids := [item for item in fresh if isinstance(item, Void)]:
            await _void(session, voids)

    async def _rows(self, facts: Sequence[Fact], appended_at: datetime) -> list[FactRow]:
        # Its date in UTC: that is the zone of every ``at``.
        await self._months.ensure({fact.at.date() for fact in facts})
        verbs = await self._verbs.numbers({fact.verb for fact in facts})
        named = {fact.activity for fact in facts if fact.activity is not None}
        named |= {fact.course for fact in facts if fact.course is not None}
        activities = await self._activities.numbers(named)
        await self._texts.add(
            (activities[fact.activity], fact.told, fact.appended_at)
            for fact in facts
            if fact.activity is not None and fact.told is not None
        )
        registrations = await self._registrations.numbers({f.registration for f in facts if f.registration is not None})
        actors = await self._actors.numbers({fact.actor for fact in facts}, appended_at)
        rows = [
            FactRow(
                fact.at,
                actors[fact.actor],
                NO_COURSE if fact.course is None else activities[fact.course],
                None if fact.activity is None else activities[fact.activity],
                None if fact.registration is None else registrations[fact.registration],
                verbs[fact.verb],
                fact.duration_ms,
                fact.statement_id,
                fact.fingerprint,
            )
            for fact in facts
        ]
        await self._registration_courses.add(
            {(row.registration_id, row.actor_id, row.course_id) for row in rows if row.registration_id is not None}
        )
        return rows

    def _dirty(self, rows: Sequence[FactRow]) -> set[DirtyGroup]:
        days = local_days([row.event_time for row in rows], self._zone)
        return {(row.actor_id, row.course_id, row.registration_id, day) for row, day in zip(rows, days, strict=True)}


async def _first_copies(session: AsyncSession, items: Sequence[Taken]) -> list[Taken]:
    """Of each statement id its first copy in the log, unless an earlier batch had it.

    All copies lie in one partition, whose checkpoint this transaction has locked: nobody else adds them meanwhile.
    """
    first: dict[UUID, Taken] = {}
    for item in items:
        first.setdefault(item.statement_id, item)
    query = text("SELECT statement_id FROM statement_seen WHERE statement_id = ANY(CAST(:ids AS uuid[]))")
    for seen in (await session.execute(query, {"ids": list(first)})).scalars():
        del first[seen]
    return list(first.values())


async def _void(session: AsyncSession, voids: Sequence[Void]) -> None:
    await session.execute(
        text("INSERT INTO voided (target) SELECT unnest(CAST(:targets AS uuid[])) ON CONFLICT DO NOTHING"),
        {"targets": sorted({void.target for void in voids})},
    )
    await dirty.add_statements(session, [(void.target, void.appended_at) for void in voids])
