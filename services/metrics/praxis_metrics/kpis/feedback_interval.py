"""Feedback interval: how long people wait for the next feedback."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.gaps import Median, median_gaps
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.slicing import PERIODS, above, employed, sliced
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

FOLLOWED_DAYS = 180
"""Feedback that comes twice a year is the least that reviews customarily give; who waits longer waits too long."""

# The last day of the employment that holds a day, through leave and other spans that follow at once.
_EMPLOYED_UNTIL = """
    SELECT min(e.last_day) FROM employment e
    WHERE e.employee AND e.person_id = l.person_id AND e.last_day >= g.day AND NOT EXISTS (
        SELECT FROM employment f WHERE f.employee AND f.person_id = e.person_id
        AND f.first_day <= e.last_day + 1 AND f.last_day > e.last_day
    )
"""

_GAPS = f"""
    received AS (
        SELECT learner_id, day FROM coaching WHERE coach_id <> learner_id
        UNION SELECT learner_id, day FROM reviews WHERE reviewer_id IS DISTINCT FROM learner_id
    ), waits AS (
        SELECT learner_id, day, lead(day) OVER (PARTITION BY learner_id ORDER BY day) AS next FROM received
        WHERE day >= (SELECT min(first) FROM periods)
    ), gaps AS MATERIALIZED (
        SELECT p.first, p.last, l.learner_id, l.person_id, g.day, g.next,
               {employed("l.person_id", "g.day")} AS employed,
               least(({_EMPLOYED_UNTIL}), :through, g.day + {FOLLOWED_DAYS}) AS until
        FROM periods p JOIN waits g ON g.day BETWEEN p.first AND p.last JOIN learners l USING (learner_id)
    )
"""  # noqa: S608 - of our own

_TOLD = f"""
    notes AS (
        SELECT DISTINCT c.coach_id, l.learner_id, l.person_id, c.day
        FROM coaching c JOIN learners l USING (learner_id) JOIN learners coach ON coach.learner_id = c.coach_id
        WHERE c.day BETWEEN (SELECT min(first) FROM periods) AND (SELECT max(last) FROM periods)
          AND {above("coach.person_id", "l.person_id", "c.day")}
    ), told AS MATERIALIZED (
        SELECT first, last, learner_id, person_id, day, employed, 'gap' AS what, least(next, until) - day AS days,
               coalesce(next <= until, false) AS ended
        FROM gaps
        UNION ALL
        SELECT p.first, p.last, n.learner_id, n.person_id, n.day, {employed("n.person_id", "n.day")}, 'note', NULL, NULL
        FROM periods p JOIN notes n ON n.day BETWEEN p.first AND p.last
        UNION ALL
        SELECT p.first, p.last, l.learner_id, l.person_id, r.closed_on, {employed("l.person_id", "r.closed_on")},
               'grading', NULL, NULL
        FROM periods p JOIN ratings r ON r.closed_on BETWEEN p.first AND p.last JOIN learners l USING (learner_id)
    )
"""  # noqa: S608 - of our own

_WAITED = "what = 'gap' AND employed AND days > 0"

_CELLS = text(
    f"""
    WITH {PERIODS}, {_GAPS}, {_TOLD}, {sliced("told")}
    SELECT first, last, kind, slice,
           array_agg(days ORDER BY days, ended) FILTER (WHERE {_WAITED}) AS days,
           array_agg(ended ORDER BY days, ended) FILTER (WHERE {_WAITED}) AS ended,
           count(DISTINCT learner_id) FILTER (WHERE {_WAITED}) AS n,
           count(DISTINCT learner_id) FILTER (WHERE what = 'gap' AND person_id IS NULL) AS unmatched,
           count(*) FILTER (WHERE what = 'note' AND employed) AS notes,
           count(DISTINCT learner_id) FILTER (WHERE what = 'note' AND employed) AS noted,
           count(*) FILTER (WHERE what = 'grading' AND employed) AS gradings,
           count(DISTINCT learner_id) FILTER (WHERE what = 'grading' AND employed) AS graded
    FROM sliced GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    medians = await computed(median_gaps, [(list(row.days or ()), list(row.ended or ())) for row in rows])
    return [_cell(row, median) for row, median in zip(rows, medians, strict=True)]


def _cell(row: Row[Any], median: Median) -> Cell:
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=median.days,
        numerator=sum(row.ended or ()),
        denominator=len(row.ended or ()),
        n=row.n,
        unmatched=row.unmatched,
        interval=median.interval,
        detail={
            "manager_notes": row.notes,
            "gradings": row.gradings,
            "notes_per_grading": row.notes / row.gradings if row.gradings else None,
        },
        about={"manager_notes": row.noted, "gradings": row.graded, "notes_per_grading": min(row.noted, row.graded)},
    )


FEEDBACK_INTERVAL = Kpi(
    name="feedback-interval",
    version=1,
    stage="process",
    unit="days",
    definition=(
        "Median number of days from feedback that an employee received in the period to the next that they received, "
        "by Kaplan and Meier: who still waits, or left before it came, counts as waiting up to then. Null where the "
        "median is not reached within 180 days. Feedback: a coaching conversation (work.coaching-held) or a completed "
        "review (people.review-completed), by somebody else; several on one local day are one. Calendar days, leave "
        "included. denominator: such waits of at least a day; numerator: those that ended within 180 days. n: distinct"
        " people who wait. Interval: 95 %, complementary log-log, as if a person's waits were independent; null where "
        "an end is not reached. detail.manager_notes: coaching conversations of the period with somebody above the "
        "learner, one for each pair and day; detail.gradings: performance ratings that close in it; "
        "detail.notes_per_grading: their ratio, as feedback should be frequent and safe. unmatched: learners who "
        "received feedback and whom the directory does not know; they are in no figure. In a slice, the person's on "
        "the day of the first of the two. Not taken yet: scores that learning systems give, as gradings."
    ),
    compute=_compute,
    reads={Source.WORK: Reach(before=FOLLOWED_DAYS), Source.PEOPLE: Reach(before=FOLLOWED_DAYS)},
    matures=timedelta(days=FOLLOWED_DAYS),
    since=(
        "SELECT min(day) FROM said WHERE stands AND "
        "type IN ('work.coaching-held', 'people.review-completed', 'people.performance-rated')"
    ),
    of_nobody=None,
    less_is_better=True,
)
