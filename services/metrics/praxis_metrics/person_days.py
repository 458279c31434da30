"""``person_day``: what one learner did on one local day; ``completed``: what they completed on it, and when first;
``begun``: what they began, and when."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.begun import EARLIER, LOST, TOUCHED, begin_again
from praxis_metrics.calendar import DAY, day_start
from praxis_metrics.sessions import CAP
from praxis_metrics.verbs import counting_as


class PersonDay(NamedTuple):
    learner_id: int
    day: date


async def write_days(session: AsyncSession, zone: ZoneInfo, days: Collection[PersonDay]) -> None:
    """Compute these days again from facts and sessions. The caller has locked their learners."""
    if not days:
        return
    asked: dict[str, list[Any]] = {
        "learners": [each.learner_id for each in days],
        "days": [each.day for each in days],
        "starts": [day_start(each.day, zone) for each in days],
        "ends": [day_start(each.day + DAY, zone) for each in days],
    }
    lost = (await session.execute(_WRITE, asked)).all()
    if lost:
        await begin_again(session, zone, [(row.learner_id, row.activity_id) for row in lost])


_ASKED = """
    SELECT * FROM unnest(CAST(:learners AS bigint[]), CAST(:days AS date[]), CAST(:starts AS timestamptz[]),
    CAST(:ends AS timestamptz[])) AS asked(learner_id, day, starts, ends)
"""

_MICROSECONDS = "CAST(extract(epoch FROM {}) * 1000000 AS bigint)"

# Looked up for each day by itself, so that its own facts are found by index, however many there are of others.
_EACH = f"""
    SELECT asked.learner_id, asked.day, found.*
    FROM asked CROSS JOIN LATERAL (
        SELECT f.activity_id, f.course_id, bool_or(f.verb_id IN {counting_as("activity")}) AS active,
               bool_or(f.verb_id IN {counting_as("enrolled")}) AS enrolled,
               min(f.event_time) FILTER (WHERE f.verb_id IN {counting_as("completed")}) AS at,
               min(f.event_time) FILTER (WHERE f.verb_id IN {counting_as("activity")}) AS begun_at
        FROM actors a JOIN effective_facts f USING (actor_id)
        WHERE a.learner_id = asked.learner_id AND f.event_time >= asked.starts AND f.event_time < asked.ends
        GROUP BY f.activity_id, f.course_id
    ) found
"""  # noqa: S608

# With a row for each day that is asked for, so that one without facts is there too, without a join.
_DID = """
    SELECT learner_id, day, bool_or(active) AS active,
           count(*) FILTER (WHERE enrolled AND activity_id IS NOT NULL) AS enrolments,
           array_agg(activity_id) FILTER (WHERE at IS NOT NULL AND activity_id IS NOT NULL) AS completed,
           array_agg(at) FILTER (WHERE at IS NOT NULL AND activity_id IS NOT NULL) AS ats
    FROM (
        SELECT learner_id, day, activity_id, bool_or(active) AS active, bool_or(enrolled) AS enrolled, min(at) AS at
        FROM each GROUP BY learner_id, day, activity_id
        UNION ALL
        SELECT learner_id, day, NULL, false, false, NULL FROM asked
    ) activities GROUP BY learner_id, day
"""

# What ``did`` adds to a day, in the form in which sessions add to it.
_COUNTED = """
    SELECT learner_id, day, active, enrolments, coalesce(cardinality(completed), 0) AS completions,
           interval '0' AS measured, interval '0' AS whole
    FROM did
"""

# The sessions that touch a day, cut to it; none is longer than the cap, so that few need to be looked at.
_TOUCHING = f"""
    SELECT asked.learner_id, asked.day, greatest(s.started_at, asked.starts) AS started_at,
           least(s.ended_at, asked.ends) AS ended_at, s.measured
    FROM asked JOIN sessions s ON s.learner_id = asked.learner_id AND s.started_at < asked.ends
        AND s.started_at > asked.starts - interval '{CAP}' AND s.ended_at > asked.starts
"""  # noqa: S608

# What each session adds to the time that those which began before it, and the measured ones among them, cover.
_ADDED = """
    SELECT learner_id, day, false, 0, 0,
           CASE WHEN measured THEN greatest(ended_at - greatest(
               started_at, max(ended_at) FILTER (WHERE measured) OVER earlier), '0') ELSE '0' END,
           greatest(ended_at - greatest(started_at, max(ended_at) OVER earlier), '0')
    FROM touching
    WINDOW earlier AS (
        PARTITION BY learner_id, day ORDER BY started_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
"""

# Time that is both measured and estimated is measured.
_FOUND = f"""
    SELECT learner_id, day, bool_or(active) AS active, sum(enrolments) AS enrolments, sum(completions) AS completions,
           {_MICROSECONDS.format("sum(measured)")} AS measured,
           {_MICROSECONDS.format("sum(whole) - sum(measured)")} AS estimated,
           bool_or(active) OR sum(enrolments) + sum(completions) > 0 OR sum(whole) > interval '0' AS kept
    FROM ({_COUNTED} UNION ALL {_ADDED}) parts GROUP BY learner_id, day
"""  # noqa: S608

# A full join is never a nested loop, however wrongly the planner, without statistics yet, guesses how many there are.
_CHANGED = """
    SELECT learner_id, day, activity_id, made.at
    FROM (
        SELECT learner_id, day, c.* FROM did CROSS JOIN LATERAL unnest(completed, ats) AS c(activity_id, at)
        WHERE completed IS NOT NULL
    ) made
    FULL JOIN (SELECT c.* FROM asked JOIN completed c USING (learner_id, day)) kept USING (learner_id, day, activity_id)
    WHERE made.at IS DISTINCT FROM kept.at
"""

_COLUMNS = "active, enrolments, completions, measured, estimated"

_WRITE = text(
    f"""
    WITH asked AS MATERIALIZED ({_ASKED}), each AS MATERIALIZED ({_EACH}), did AS MATERIALIZED ({_DID}),
    touched AS MATERIALIZED ({TOUCHED}), lost AS MATERIALIZED ({LOST}), begun_earlier AS (
        INSERT INTO begun (learner_id, activity_id, day, at) SELECT * FROM ({EARLIER}) earlier
        ON CONFLICT (learner_id, activity_id) DO UPDATE SET day = excluded.day, at = excluded.at
    ), changed AS MATERIALIZED ({_CHANGED}),
    undone AS (
        DELETE FROM completed c USING changed x
        WHERE (c.learner_id, c.day, c.activity_id) = (x.learner_id, x.day, x.activity_id) AND x.at IS NULL
    ), done AS (
        INSERT INTO completed (learner_id, day, activity_id, at) SELECT * FROM changed WHERE at IS NOT NULL
        ON CONFLICT (learner_id, day, activity_id) DO UPDATE SET at = excluded.at
    ), touching AS ({_TOUCHING}), found AS MATERIALIZED ({_FOUND}), gone AS (
        DELETE FROM person_day d USING found f WHERE (d.learner_id, d.day) = (f.learner_id, f.day) AND NOT f.kept
    ), written AS (
        INSERT INTO person_day AS d (learner_id, day, {_COLUMNS})
        SELECT learner_id, day, {_COLUMNS} FROM found WHERE kept
        ON CONFLICT (learner_id, day) DO UPDATE
        SET active = excluded.active, enrolments = excluded.enrolments, completions = excluded.completions,
            measured = excluded.measured, estimated = excluded.estimated
        WHERE d.* IS DISTINCT FROM excluded.*
    )
    SELECT learner_id, activity_id FROM lost
    """  # noqa: S608
)
