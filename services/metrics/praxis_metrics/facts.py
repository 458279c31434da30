"""The projection of ``learning.statements``: facts, voids, and the keys that they make dirty."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeAlias
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


COLUMNS = (
    "event_time", "actor_id", "course_id", "activity_id", "registration_id", "verb_id", "duration_ms", "statement_id",
    "fingerprint",
)  # fmt: skip
"""Of the table ``facts``."""

_OF_FACT = attrgetter(
    "at", "actor", "course", "activity", "registration", "verb", "duration_ms", "statement_id", "fingerprint"
)
"""What becomes of each column."""

Columns: TypeAlias = Sequence[Sequence[Any]]
"""Values by column, in the order of ``COLUMNS``: made and looked up so, they take half as long as row by row."""


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
        columns = await self._columns(facts, appended_at) if facts else [()] * len(COLUMNS)
        times, actors, courses, _, registrations, _, _, ids, _ = columns
        seen: list[tuple[UUID, int | None, datetime | None]] = list(zip(ids, actors, times, strict=True))
        seen += [(item.statement_id, None, None) for item in fresh if not isinstance(item, Fact)]
        await copy(session, "statement_seen", ("statement_id", "actor_id", "event_time"), seen)
        await copy(session, "facts", COLUMNS, list(zip(*columns, strict=True)))
        days = local_days(times, self._zone)
        changed: Iterable[DirtyGroup] = zip(actors, courses, registrations, days, strict=True)
        groups = dict.fromkeys(changed, appended_at)
        await dirty.add_groups(session, groups)
        await dirty.add_registrations_of(session, groups)
        await dirty.add_statements(session, [(f.statement_id, f.appended_at) for f in facts if f.fingerprint])
        if voids := [item for item in fresh if isinstance(item, Void)]:
            await _void(session, voids)

    async def _columns(self, facts: Sequence[Fact], appended_at: datetime) -> Columns:
        times, actors, courses, activities, registrations, verbs, *rest = zip(*map(_OF_FACT, facts), strict=True)
        # Their dates in UTC: that is the zone of every ``at``.
        await self._months.ensure({at.date() for at in times})
        verb_ids = await self._verbs.numbers(set(verbs))
        activity_ids = await self._activities.numbers({*activities, *courses} - {None})
        await self._texts.add(
            (activity_ids[fact.activity], fact.told, fact.appended_at)
            for fact in facts
            if fact.activity is not None and fact.told is not None
        )
        registration_ids = await self._registrations.numbers(set(registrations) - {None})
        actor_ids = await self._actors.numbers(set(actors), appended_at)
        who = [actor_ids[actor] for actor in actors]
        where = [NO_COURSE if course is None else activity_ids[course] for course in courses]
        under = [None if registration is None else registration_ids[registration] for registration in registrations]
        used = zip(under, who, where, strict=True)
        await self._registration_courses.add({(id_, actor, course) for id_, actor, course in used if id_ is not None})
        what = [None if activity is None else activity_ids[activity] for activity in activities]
        return [times, who, where, what, under, [verb_ids[verb] for verb in verbs], *rest]


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
