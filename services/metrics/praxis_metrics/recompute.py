"""The refresh itself: take dirty keys, lock their learners, compute sessions and person-days again from the facts.

The locks are taken in a statement before those that read, so that these see all that other refreshers and the
projections committed; nothing is ever added to or taken from what was there before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics import dirty
from praxis_metrics.calendar import local_day
from praxis_metrics.dirty import Queue
from praxis_metrics.group_sessions import Group, replace_sessions
from praxis_metrics.person_days import PersonDay, write_days

LEARNERS_AT_ONCE = 20
"""Whole learners in one transaction: each may have years of facts."""


@dataclass(slots=True)
class Scope:
    """What one transaction computes again."""

    groups: set[Group] = field(default_factory=set)
    days: set[PersonDay] = field(default_factory=set)

    def add(self, learner_id: int, course_id: int, registration_id: int | None, day: date | None) -> None:
        """A fact counts in its registration or in its course; which of them may just have changed."""
        self.groups.add(Group.of_course(learner_id, course_id))
        if registration_id is not None:
            self.groups.add(Group.of_registration(learner_id, registration_id))
        if day is not None:
            self.days.add(PersonDay(learner_id, day))


async def refresh(session: AsyncSession, zone: ZoneInfo, most: int) -> int:
    """Take at most ``most`` dirty groups and some dirty learners, and make right what is computed from them.

    Returns how many it took.
    """
    taken = await dirty.take(session, Queue.GROUPS, most)
    whole = await dirty.take(session, Queue.LEARNERS, LEARNERS_AT_ONCE)
    if not taken and not whole:
        return 0
    learner_of = await _learners(session, {row.actor_id for row in taken})
    since = dirty.oldest((row.learner_id, row.appended_at) for row in whole)
    await session.execute(_LOCK, {"learners": sorted({*learner_of.values(), *since})})
    scope = Scope()
    for row in taken:
        scope.add(learner_of[row.actor_id], row.course_id, row.registration_id, row.day)
    if since:
        await _add_whole(session, zone, scope, since)
    scope.days |= await replace_sessions(session, zone, scope.groups)
    await write_days(session, zone, scope.days)
    return len(taken) + len(whole)


_LOCK = text("SELECT FROM learners WHERE learner_id = ANY(CAST(:learners AS bigint[])) ORDER BY learner_id FOR UPDATE")


async def _learners(session: AsyncSession, actors: Collection[int]) -> dict[int, int]:
    """The learner of each actor now. An actor that moves after this look makes both its learners dirty."""
    found = await session.execute(
        text("SELECT actor_id, learner_id FROM actors WHERE actor_id = ANY(CAST(:actors AS bigint[]))"),
        {"actors": list(actors)},
    )
    return {actor_id: learner_id for actor_id, learner_id in found}  # noqa: C416 - rows are not pairs to dict()


_FACTS = text(
    "SELECT DISTINCT a.learner_id, f.course_id, f.registration_id, f.event_time "
    "FROM actors a JOIN facts f USING (actor_id) WHERE a.learner_id = ANY(:learners)"
)
_KEPT_GROUPS = text(
    "SELECT DISTINCT learner_id, registration_id, course_id FROM sessions WHERE learner_id = ANY(:learners)"
)
_KEPT_DAYS = text("SELECT learner_id, day FROM person_day WHERE learner_id = ANY(:learners)")


async def _add_whole(session: AsyncSession, zone: ZoneInfo, scope: Scope, since: Mapping[int, datetime]) -> None:
    """All that these learners have now, and all that they had; and whether they share their registrations."""
    asked = {"learners": list(since)}
    registrations: set[tuple[int, datetime]] = set()
    for learner_id, course_id, registration_id, event_time in await session.execute(_FACTS, asked):
        scope.add(learner_id, course_id, registration_id, local_day(event_time, zone))
        if registration_id is not None:
            registrations.add((registration_id, since[learner_id]))
    scope.groups |= {Group(*row) for row in await session.execute(_KEPT_GROUPS, asked)}
    scope.days |= {PersonDay(*row) for row in await session.execute(_KEPT_DAYS, asked)}
    await dirty.add_registrations(session, registrations)
