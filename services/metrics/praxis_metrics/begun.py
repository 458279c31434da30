"""``begun``: when a learner first did anything about an activity, or within it as a course.

One row for a learner and an activity, kept while days are computed again (``person_days``): a day may bring an earlier
beginning, or lose the one that it held.
"""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import local_day
from praxis_metrics.copying import copy
from praxis_metrics.verbs import counting_as

BEGUN_TABLES = (
    # day: the local day of ``at``.
    """
    CREATE TABLE begun (
        learner_id bigint NOT NULL,
        activity_id bigint NOT NULL,
        day date NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (learner_id, activity_id)
    )
    """,
    "CREATE INDEX ON begun (learner_id, day)",
)
"""The statements that a generation's migration runs."""

# What was done on each day about an activity, or within it; one without a course has 0
# there, and most are their own course.
TOUCHED = """
    SELECT learner_id, day, about.activity_id, min(begun_at) AS at
    FROM each
    CROSS JOIN LATERAL (VALUES (activity_id), (nullif(nullif(course_id, activity_id), 0))) AS about(activity_id)
    WHERE begun_at IS NOT NULL AND about.activity_id IS NOT NULL GROUP BY learner_id, day, about.activity_id
"""

# Looked up one by one: nearly all of it had been begun before.
EARLIER = """
    SELECT learner_id, activity_id, min(day) AS day, min(at) AS at FROM touched t
    WHERE at < coalesce((
        SELECT b.at FROM begun b WHERE b.learner_id = t.learner_id AND b.activity_id = t.activity_id
    ), 'infinity')
    GROUP BY learner_id, activity_id
"""

# What is not there any more on the day on which it was begun. A full join is never a nested loop,
# however wrongly the planner, without statistics yet, guesses how many there are.
LOST = """
    SELECT learner_id, activity_id
    FROM touched t FULL JOIN (SELECT b.* FROM asked JOIN begun b USING (learner_id, day)) b
        USING (learner_id, day, activity_id)
    WHERE coalesce(b.at < coalesce(t.at, 'infinity'), false)
"""


async def begin_again(session: AsyncSession, zone: ZoneInfo, lost: Collection[tuple[int, int]]) -> None:
    """What these learners began with these activities may have been voided, or be somebody else's now: look for the
    first that is left among all of their facts."""
    learners, activities = (list(column) for column in zip(*lost, strict=True))
    asked = {"learners": learners, "activities": activities}
    found = (await session.execute(_FIRST_LEFT, asked)).all()
    await session.execute(_UNBEGIN, asked)
    rows = [(row.learner_id, row.activity_id, local_day(row.at, zone), row.at) for row in found]
    await copy(session, "begun", ("learner_id", "activity_id", "day", "at"), rows)


_LOST_ONES = "unnest(CAST(:learners AS bigint[]), CAST(:activities AS bigint[])) AS lost(learner_id, activity_id)"

_FIRST_LEFT = text(
    f"""
    SELECT lost.learner_id, lost.activity_id, min(f.event_time) AS at
    FROM {_LOST_ONES} JOIN actors a USING (learner_id)
    JOIN effective_facts f ON f.actor_id = a.actor_id AND lost.activity_id IN (f.activity_id, f.course_id)
    WHERE f.verb_id IN {counting_as("activity")} GROUP BY lost.learner_id, lost.activity_id
    """  # noqa: S608
)

_UNBEGIN = text(
    f"DELETE FROM begun b USING {_LOST_ONES} "  # noqa: S608
    "WHERE (b.learner_id, b.activity_id) = (lost.learner_id, lost.activity_id)"
)
