"""Visible leader participation: whether those who lead are seen to learn, and to make learning possible."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.proportions import wilson
from praxis_metrics.kpis.slicing import PERIODS, at_work, sliced
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

BEHAVIOURS = ("models", "sponsors", "allocates", "discusses", "celebrates")

# Days on which somebody was at work and had a report: a manager above others has one right below.
_LEADERS = """
    led AS MATERIALIZED (
        SELECT DISTINCT e.person_id, greatest(e.first_day, m.first_day) AS first_day,
               least(e.last_day, m.last_day) AS last_day
        FROM employment e JOIN membership m ON m.kind = 'manager' AND m.slice = e.person_id
            AND m.first_day <= e.last_day AND m.last_day >= e.first_day
        WHERE e.employee AND NOT e.on_leave
    ), leaders AS MATERIALIZED (
        SELECT DISTINCT p.first, p.last, 'all' AS kind, '' AS slice, d.person_id
        FROM periods p JOIN led d ON d.first_day <= p.last AND d.last_day >= p.first
        UNION
        SELECT p.first, p.last, m.kind, m.slice, d.person_id
        FROM periods p JOIN led d ON d.first_day <= p.last AND d.last_day >= p.first
        JOIN membership m ON m.person_id = d.person_id AND m.kind = ANY(:cuts)
            AND m.first_day <= least(p.last, d.last_day) AND m.last_day >= greatest(p.first, d.first_day)
    )
"""

_ACTS = f"""
    seen AS (
        SELECT learner_id, behaviour, day FROM leader_acts
        UNION
        SELECT reviewer_id, 'discusses', day FROM reviews
        WHERE discussed_learning AND reviewer_id IS DISTINCT FROM learner_id
    ), acts AS MATERIALIZED (
        SELECT p.first, p.last, s.behaviour, s.day, s.learner_id, l.person_id,
               EXISTS (
                   SELECT FROM membership m WHERE m.kind = 'manager' AND m.slice = l.person_id
                   AND s.day BETWEEN m.first_day AND m.last_day
               ) AND {at_work("l.person_id", "s.day")} AS employed
        FROM periods p JOIN seen s ON s.day BETWEEN p.first AND p.last JOIN learners l USING (learner_id)
    )
"""  # noqa: S608 - of our own

_OF_EACH = ", ".join(
    f"count(DISTINCT person_id) FILTER (WHERE employed AND behaviour = '{each}') AS {each}" for each in BEHAVIOURS
)

_CELLS = text(
    f"""
    WITH {PERIODS}, {_LEADERS}, {_ACTS}, {sliced("acts")}, visible AS (
        SELECT first, kind, slice, count(DISTINCT person_id) FILTER (WHERE employed) AS visible,
               count(*) FILTER (WHERE employed) AS acts, {_OF_EACH},
               count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched
        FROM sliced GROUP BY 1, 2, 3
    ), heads AS (
        SELECT first, last, kind, slice, count(*) AS leaders FROM leaders GROUP BY 1, 2, 3, 4
    )
    SELECT * FROM (
        SELECT first, last, 'all' AS kind, '' AS slice FROM periods UNION SELECT first, last, kind, slice FROM heads
    ) places LEFT JOIN heads USING (first, last, kind, slice) LEFT JOIN visible USING (first, kind, slice)
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    intervals = await computed(wilson, [(row.visible or 0, row.leaders or 0) for row in rows])
    return [_cell(row, interval) for row, interval in zip(rows, intervals, strict=True)]


def _cell(row: Row[Any], interval: Any) -> Cell:
    visible, leaders = row.visible or 0, row.leaders or 0
    shares = {each: (getattr(row, each) or 0) / leaders if leaders else None for each in BEHAVIOURS}
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=visible / leaders if leaders else None,
        numerator=visible,
        denominator=leaders,
        n=leaders,
        unmatched=row.unmatched or 0,
        interval=interval,
        detail={**shares, "acts": row.acts or 0},
    )


VISIBLE_LEADER_PARTICIPATION = Kpi(
    name="visible-leader-participation",
    version=1,
    stage="process",
    unit="ratio",
    definition=(
        "Of the leaders of the period, the share who were seen to act for learning in it. Denominator: employees with "
        "at least one report on a day at work in the period, not on leave. Numerator: those of them with an act on "
        "such a day of one of five behaviours: models learning publicly, sponsors a learning project, allocates budget"
        " or time, discusses learning in performance conversations, celebrates application (programme.leader-acted, "
        "reported by somebody else or by a system that is not the leader's own; and reviews that discussed learning, "
        "people.review-completed, as discusses). Private study does not count. detail: for each behaviour the share "
        "of leaders who showed it; acts: distinct leaders, behaviours and days, so that a review is one act whoever "
        "else reports it. n: leaders. Interval: Wilson's, as if leaders were independent. unmatched: whoever acted so "
        "and whom the directory does not know; they are in no figure. In a slice, the leader's own on such a day. Not "
        "taken yet: what statements show to a team (the verbs shared and posted, context.team)."
    ),
    compute=_compute,
    reads={Source.PROGRAMME: Reach(), Source.PEOPLE: Reach()},
    since=("SELECT min(day) FROM said WHERE stands AND type IN ('programme.leader-acted', 'people.review-completed')"),
    of_nobody=None,
)
