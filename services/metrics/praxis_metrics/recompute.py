"""The refresh itself: take dirty keys, lock their learners, compute sessions and person-days again from the facts.

The locks are taken in a statement before those that read, so that these see all that other refreshers and the
projections committed; nothing is ever added to or taken from what was there before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics import changes, dirty
from praxis_metrics.calendar import local_day, touched_days
from praxis_metrics.changes import Change, Source
from praxis_metrics.day_ranges import ranges_of
from praxis_metrics.dirty import Queue
from praxis_metrics.person_days import PersonDay, write_days
from praxis_metrics.sessions import Group, replace_sessions

LEARNERS_AT_ONCE = 20
"""Whole learners in one transaction: each may have years of facts."""


@dataclass(slots=True)
class Scope:
    """What one transaction computes again."""

    groups: set[Group] = field(default_factory=set)
    days: set[PersonDay] = field(default_factory=set)

    def add(self, group: Group, day: date | None) -> None:
        self.groups.add(group)
        if day is not None:
            self.days.add(PersonDay(group.learner_id, day))


async def refresh(session: AsyncSession, zone: ZoneInfo, most: int) -> int:
    """Take at most ``most`` dirty groups and some dirty learners, and make right what is computed from them.

    The publisher is told of the days that were computed again.

    Returns how many different ones it took.
    """
    taken = await dirty.take_groups(session, most)
    whole = await dirty.take(session, Queue.LEARNERS, LEARNERS_AT_ONCE)
    if not taken and not whole:
        return 0
    since = dirty.oldest((row.learner_id, row.appended_at) for row in whole)
    scope, oldest = Scope(), [row.appended_at for row in whole]
    for learner_id, registration_id, course_id, day, appended_at in taken:
        scope.add(Group(learner_id, registration_id, course_id), day)
        oldest.append(appended_at)
    await session.execute(_LOCK, {"learners": sorted({*(group.learner_id for group in scope.groups), *since})})
    if since:
        await _add_whole(session, zone, scope, since)
    changed = sorted(await replace_sessions(session, scope.groups), key=_START)
    scope.days.update(PersonDay(*each) for each in touched_days(changed, zone))
    await write_days(session, zone, scope.days)
    written = [Change(Source.LEARNING, *each) for each in ranges_of({day for _, day in scope.days})]
    await changes.note(session, written, min(oldest))
    return len(taken) + len(whole)


_START = itemgetter(1)
_LOCK = text("SELECT FROM learners WHERE learner_id = ANY(CAST(:learners AS bigint[])) ORDER BY learner_id FOR UPDATE")

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
        day = local_day(event_time, zone)
        scope.add(Group.of_course(learner_id, course_id), day)
        if registration_id is not None:
            scope.add(Group.of_registration(learner_id, registration_id), day)
            registrations.add((registration_id, since[learner_id]))
    scope.groups |= {Group(*row) for row in await session.execute(_KEPT_GROUPS, asked)}
    scope.days |= {PersonDay(*row) for row in await session.execute(_KEPT_DAYS, asked)}
    await dirty.add_registrations(session, registrations)
