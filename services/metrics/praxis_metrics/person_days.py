"""``person_day``: what one learner did on one local day, which every KPI here is made of."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import DAY, day_start
from praxis_metrics.copying import copy
from praxis_metrics.sessions import CAP, Session, learning_time


class PersonDay(NamedTuple):
    learner_id: int
    day: date


async def write_days(session: AsyncSession, zone: ZoneInfo, days: Collection[PersonDay]) -> None:
    """Compute these days again from facts and sessions. The caller has locked their learners."""
    if not days:
        return
    bounds = {each: (day_start(each.day, zone), day_start(each.day + DAY, zone)) for each in days}
    asked: dict[str, list[Any]] = {
        "learners": [each.learner_id for each in bounds],
        "days": [each.day for each in bounds],
        "starts": [start for start, _ in bounds.values()],
        "ends": [end for _, end in bounds.values()],
    }
    counts = {PersonDay(*row[:2]): tuple(row[2:]) for row in await session.execute(_COUNTS, asked)}
    found = await _sessions(session, asked)
    rows = []
    for each, (start, end) in bounds.items():
        time = learning_time(found[each], start, end)
        did = counts[each]
        if any((*did, *time)):
            rows.append((*each, *did, *time))
    await session.execute(_DELETE, asked)
    await copy(session, "person_day", _COLUMNS, rows)


_COLUMNS = (*PersonDay._fields, "active", "enrolments", "completions", "measured", "estimated")

_ASKED = (
    "unnest(CAST(:learners AS bigint[]), CAST(:days AS date[]), CAST(:starts AS timestamptz[]), "
    "CAST(:ends AS timestamptz[])) AS asked(learner_id, day, starts, ends)"
)

# Added up for each day by itself, so that its own facts are looked up by index, however many there are of others.
_COUNTS = text(
    f"""
    SELECT asked.learner_id, asked.day, did.* FROM {_ASKED} CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(f.activity), false) AS active,
               count(DISTINCT f.activity_id) FILTER (WHERE f.enrolled) AS enrolments,
               count(DISTINCT f.activity_id) FILTER (WHERE f.completed) AS completions
        FROM actors a JOIN effective_facts f USING (actor_id)
        WHERE a.learner_id = asked.learner_id AND f.event_time >= asked.starts AND f.event_time < asked.ends
    ) did
    """  # noqa: S608
)

_SESSIONS = text(
    f"""
    SELECT asked.learner_id, asked.day, s.started_at, s.ended_at, s.measured
    FROM {_ASKED} JOIN sessions s ON s.learner_id = asked.learner_id
        AND s.started_at < asked.ends AND s.started_at > asked.starts - make_interval(secs => {CAP.total_seconds()})
        AND s.ended_at > asked.starts
    """  # noqa: S608
)

_DELETE = text(f"DELETE FROM person_day d USING {_ASKED} WHERE (d.learner_id, d.day) = (asked.learner_id, asked.day)")  # noqa: S608


async def _sessions(session: AsyncSession, asked: dict[str, list[Any]]) -> dict[PersonDay, list[Session]]:
    """Of each day the sessions that touch it; none is longer than the cap, so that few need to be looked at."""
    found: dict[PersonDay, list[Session]] = defaultdict(list)
    for learner_id, day, start, end, measured in await session.execute(_SESSIONS, asked):
        found[PersonDay(learner_id, day)].append(Session(start, end, measured))
    return found
