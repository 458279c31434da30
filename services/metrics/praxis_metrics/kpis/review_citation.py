"""Review citation: whether performance conversations speak of what people have shown that they can do."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.proportions import rate, wilson
from praxis_metrics.kpis.slicing import PERIODS, employed, sliced, unknown
from praxis_metrics.statistics import computed

REVIEWS = f"""
    told AS (
        SELECT p.first, p.last, l.person_id, r.learner_id, r.reviewer_id, r.at, r.day, cited.id
        FROM periods p JOIN reviews r ON r.day BETWEEN p.first AND p.last AND r.day <= :through
        JOIN learners l USING (learner_id)
        LEFT JOIN LATERAL jsonb_array_elements_text(r.cited_evidence) AS cited(id) ON true
    ), held AS MATERIALIZED (
        SELECT t.first, t.last, t.person_id, t.day, bool_or(t.id IS NOT NULL) AS cites,
               bool_or(e.event IS NOT NULL) AS accepted, {employed("t.person_id", "t.day")} AS employed,
               {unknown("t.person_id")} AS unmatched
        FROM told t LEFT JOIN accepted_evidence e
            ON e.event::text = lower(t.id) AND e.learner_id = t.learner_id AND e.at <= t.at
        GROUP BY t.first, t.last, t.person_id, t.day, t.reviewer_id, t.at
    )
"""  # noqa: S608 - of our own

_CELLS = text(
    f"""
    WITH {PERIODS}, {REVIEWS}, {sliced("held")}
    SELECT first, last, kind, slice,
           count(*) FILTER (WHERE employed) AS denominator,
           count(*) FILTER (WHERE employed AND accepted) AS numerator,
           count(*) FILTER (WHERE employed AND cites AND NOT accepted) AS not_accepted,
           count(DISTINCT person_id) FILTER (WHERE employed) AS n,
           count(DISTINCT person_id) FILTER (WHERE unmatched) AS unmatched
    FROM sliced GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    intervals = await computed(wilson, [(row.numerator, row.denominator) for row in rows])
    return [
        rate(row, interval, {"not_accepted": row.not_accepted}) for row, interval in zip(rows, intervals, strict=True)
    ]


REVIEW_CITATION = Kpi(
    name="review-citation",
    version=1,
    stage="process",
    unit="ratio",
    definition=(
        "Share of the performance reviews completed in the period that cite accepted evidence. Denominator: reviews "
        "of people who were employees on that day; one told several times, of the same person, reviewer and moment, "
        "is one. Numerator: those that cite, by the id that decisions give it, at least one piece of evidence of the "
        "person reviewed, from before the review's completion, that is accepted (as in application-rate). What is "
        "withdrawn later counts no more, as everywhere. detail.not_accepted: reviews that cite, but nothing that is "
        "accepted. n: distinct people reviewed, who are where they stood on the day of the review; unmatched: people "
        "reviewed who never were at work as far as the directory knows, in no figure. Interval: Wilson's, as if "
        "reviews were independent."
    ),
    compute=_compute,
    reads={Source.PEOPLE: Reach(), Source.WORK: Reach(after=None), Source.PROGRAMME: Reach(after=None)},
    grains=(Grain.MONTH, Grain.QUARTER),
    cut_grain=Grain.QUARTER,
    since="SELECT min(day) FROM said WHERE type = 'people.review-completed' AND stands",
    of_nobody=None,
)
