"""The sessions of groups, kept in the table ``sessions``: read the groups' facts, compute, write what differs."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import days_between
from praxis_metrics.copying import copy
from praxis_metrics.person_days import PersonDay
from praxis_metrics.sessions import Mark, Session, sessions

NONE = 0


class Group(NamedTuple):
    """What sessions are made of: a learner's statements under one registration, or else in one course."""

    learner_id: int
    registration_id: int
    course_id: int

    @classmethod
    def of_course(cls, learner_id: int, course_id: int) -> Self:
        return cls(learner_id, NONE, course_id)

    @classmethod
    def of_registration(cls, learner_id: int, registration_id: int) -> Self:
        return cls(learner_id, registration_id, NONE)


Kept = tuple[Group, Session]


async def replace_sessions(session: AsyncSession, zone: ZoneInfo, groups: Collection[Group]) -> set[PersonDay]:
    """Compute the sessions of ``groups`` again; returns the days on which that changed something.

    The caller has locked the groups' learners.
    """
    asked = _columns(groups)
    before = await _kept(session, asked)
    after = await _computed(session, asked)
    await _delete(session, before - after)
    await copy(session, "sessions", _COLUMNS, [(*group, *found) for group, found in after - before])
    return {
        PersonDay(group.learner_id, day)
        for group, found in before ^ after
        for day in days_between(found.start, found.end, zone)
    }


_COLUMNS = (*Group._fields, "started_at", "ended_at", "measured")

_ASKED = (
    "unnest(CAST(:learners AS bigint[]), CAST(:registrations AS bigint[]), CAST(:courses AS bigint[])) "
    "AS asked(learner_id, registration_id, course_id)"
)


def _columns(groups: Collection[Group]) -> dict[str, list[int]]:
    return {
        "learners": [group.learner_id for group in groups],
        "registrations": [group.registration_id for group in groups],
        "courses": [group.course_id for group in groups],
    }


_KEPT = text(
    f"""
    SELECT learner_id, registration_id, course_id, started_at, ended_at, measured
    FROM {_ASKED} JOIN sessions USING (learner_id, registration_id, course_id)
    """  # noqa: S608
)


async def _kept(session: AsyncSession, asked: dict[str, list[int]]) -> set[Kept]:
    rows = await session.execute(_KEPT, asked)
    return {(Group(*row[:3]), Session(*row[3:])) for row in rows}


# A shared registration tells nothing apart: its facts count in their courses.
_MARKS = text(
    f"""
    WITH asked AS MATERIALIZED (SELECT * FROM {_ASKED}),
    places AS (
        SELECT a.learner_id, a.actor_id, asked.course_id FROM asked JOIN actors a USING (learner_id)
        WHERE asked.registration_id = {NONE}
        UNION
        SELECT a.learner_id, a.actor_id, c.course_id FROM asked JOIN actors a USING (learner_id)
        JOIN registration_courses c ON c.registration_id = asked.registration_id AND c.actor_id = a.actor_id
    ), marks AS (
        SELECT p.learner_id, CASE WHEN r.shared THEN {NONE} ELSE coalesce(r.id, {NONE}) END AS registration_id,
               p.course_id, f.event_time, CASE WHEN f.terminal THEN f.duration_ms END AS duration_ms
        FROM places p JOIN effective_facts f ON f.actor_id = p.actor_id AND f.course_id = p.course_id
        LEFT JOIN registrations r ON r.id = f.registration_id
    )
    SELECT learner_id, registration_id, CASE WHEN registration_id = {NONE} THEN course_id ELSE {NONE} END AS course_id,
           event_time, duration_ms
    FROM marks
    """  # noqa: S608
)


async def _computed(session: AsyncSession, asked: dict[str, list[int]]) -> set[Kept]:
    groups = set(zip(asked["learners"], asked["registrations"], asked["courses"], strict=True))
    marks: dict[tuple[int, int, int], list[Mark]] = defaultdict(list)
    for learner_id, registration_id, course_id, at, duration_ms in await session.execute(_MARKS, asked):
        duration = None if duration_ms is None else timedelta(milliseconds=duration_ms)
        marks[learner_id, registration_id, course_id].append(Mark(at, duration))
    return {(Group(*key), found) for key in groups & marks.keys() for found in sessions(marks[key])}


_DELETE = text(
    """
    DELETE FROM sessions s USING unnest(
        CAST(:learners AS bigint[]), CAST(:registrations AS bigint[]), CAST(:courses AS bigint[]),
        CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])
    ) AS gone(learner_id, registration_id, course_id, started_at, ended_at)
    WHERE (s.learner_id, s.registration_id, s.course_id, s.started_at, s.ended_at)
        = (gone.learner_id, gone.registration_id, gone.course_id, gone.started_at, gone.ended_at)
    """
)


async def _delete(session: AsyncSession, gone: Collection[Kept]) -> None:
    if gone:
        starts, ends = [found.start for _, found in gone], [found.end for _, found in gone]
        await session.execute(_DELETE, {**_columns([group for group, _ in gone]), "starts": starts, "ends": ends})
