"""The sessions of groups, kept in the table ``sessions``: computed in one statement from the groups' facts.

A *group* is what one registration, or else one learner in one course, holds. Its terminal statements' durations
measure it; only where there is none do the gaps between its statements estimate it, never both (docs/kpis.md). The
same rules in plain Python, with which tests compare this, are in ``tests/services/metrics/session_rules.py``.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.verbs import counting_as

GAP = timedelta(minutes=30)
"""The longest silence inside an estimated session: the customary web-analytics limit."""

CAP = timedelta(hours=4)
"""The most that one session counts: longer ones are windows left open."""

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


async def replace_sessions(session: AsyncSession, groups: Collection[Group]) -> Sequence[Row[int, datetime, datetime]]:
    """Compute the sessions of ``groups`` again; returns those that came and went, as (learner, start, end).

    The caller has locked the groups' learners.
    """
    if not groups:
        return []
    learners, registrations, courses = map(list, zip(*groups, strict=True))
    asked = {"learners": learners, "registrations": registrations, "courses": courses}
    return (await session.execute(_REPLACE, asked)).all()


_ASKED = """
    SELECT * FROM unnest(CAST(:learners AS bigint[]), CAST(:registrations AS bigint[]), CAST(:courses AS bigint[]))
    AS asked(learner_id, registration_id, course_id)
"""

# Where the facts of a group may lie: an index finds them by actor and course. A shared registration tells nothing
# apart: it has no sessions, and its facts count in their courses.
_PLACES = f"""
    SELECT asked.*, a.actor_id, asked.course_id AS place FROM asked JOIN actors a USING (learner_id)
    WHERE asked.registration_id = {NONE}
    UNION ALL
    SELECT asked.*, a.actor_id, c.course_id FROM asked JOIN actors a USING (learner_id)
    JOIN registration_courses c ON c.registration_id = asked.registration_id AND c.actor_id = a.actor_id
    JOIN registrations r ON r.id = asked.registration_id AND NOT r.shared
"""  # noqa: S608

_MARKS = f"""
    SELECT p.learner_id, p.registration_id, p.course_id, f.event_time AS at,
           CASE WHEN f.duration_ms IS NOT NULL AND f.verb_id IN {counting_as("terminal")} THEN f.duration_ms END AS ms
    FROM places p JOIN effective_facts f ON f.actor_id = p.actor_id AND f.course_id = p.place
    WHERE CASE WHEN f.registration_id IS NULL THEN p.registration_id = {NONE}
               WHEN p.registration_id = {NONE} THEN (SELECT shared FROM registrations WHERE id = f.registration_id)
               ELSE p.registration_id = f.registration_id END
"""  # noqa: S608

_GROUP = "learner_id, registration_id, course_id"

# One window for both: to add it all up again in another would take as long as this.
_STEPS = f"""
    SELECT *, bool_or(ms IS NOT NULL) OVER whole AS measured, at - lag(at) OVER whole > interval '{GAP}' AS after_gap
    FROM marks
    WINDOW whole AS (PARTITION BY {_GROUP} ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
"""  # noqa: S608

_RUNS = f"""
    SELECT *, count(*) FILTER (WHERE after_gap) OVER (PARTITION BY {_GROUP} ORDER BY at) AS run FROM steps
    WHERE NOT measured
"""  # noqa: S608

_COMPUTED = f"""
    SELECT DISTINCT {_GROUP}, at - least(ms * interval '1 millisecond', '{CAP}') AS started_at, at AS ended_at, measured
    FROM steps WHERE ms > 0
    UNION ALL
    SELECT {_GROUP}, min(at), least(max(at), min(at) + interval '{CAP}'), false
    FROM runs GROUP BY {_GROUP}, run HAVING min(at) < max(at)
"""  # noqa: S608

_ROW = f"{_GROUP}, started_at, ended_at, measured"

# A full join is never a nested loop, however wrongly the planner, without statistics yet, guesses how many there are.
_CHANGED = f"""
    SELECT {_ROW}, kept.learner_id IS NULL AS made
    FROM computed FULL JOIN (SELECT sessions.* FROM asked JOIN sessions USING ({_GROUP})) kept USING ({_ROW})
    WHERE computed.learner_id IS NULL OR kept.learner_id IS NULL
"""  # noqa: S608

_REPLACE = text(
    f"""
    WITH asked AS MATERIALIZED ({_ASKED}), places AS ({_PLACES}), marks AS ({_MARKS}), steps AS MATERIALIZED ({_STEPS}),
    runs AS ({_RUNS}), computed AS ({_COMPUTED}), changed AS MATERIALIZED ({_CHANGED}), gone AS (
        DELETE FROM sessions s USING changed c
        WHERE (s.learner_id, s.registration_id, s.course_id, s.started_at, s.ended_at, s.measured)
            = (c.learner_id, c.registration_id, c.course_id, c.started_at, c.ended_at, c.measured) AND NOT c.made
    ), made AS (
        INSERT INTO sessions ({_ROW}) SELECT {_ROW} FROM changed WHERE made
    )
    SELECT learner_id, started_at, ended_at FROM changed
    """  # noqa: S608
)
