"""Promotion and evidence: whether those who had shown what they can do are promoted more often. No more than that."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.departures import came_on
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.slicing import PERIODS, employed, sliced, unknown
from praxis_metrics.kpis.stratified import Association, pooled
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

EVIDENCE_DAYS = 365
"""A yearly round's worth."""

LEAST_PEOPLE = 5
"""With fewer in one group the ratio is what became of each of them."""

_LOOKED_AT = f"""
    decided AS (
        SELECT DISTINCT ON (p.first, m.learner_id) p.first, p.last, l.person_id, m.at, m.day
        FROM periods p JOIN promotions m ON m.day BETWEEN p.first AND p.last AND m.day <= :through
        JOIN learners l USING (learner_id) ORDER BY p.first, m.learner_id, m.at
    ), staff AS (
        SELECT p.first, p.last, e.person_id, max(least(e.last_day, p.last, CAST(:through AS date))) AS day
        FROM periods p JOIN employment e
            ON e.first_day <= least(p.last, CAST(:through AS date)) AND e.last_day >= p.first
        WHERE e.employee GROUP BY 1, 2, 3 HAVING bool_or(NOT e.on_leave)
    ), looked_at AS MATERIALIZED (
        SELECT s.first, s.last, s.person_id, coalesce(d.day - 1, s.day) AS day, coalesce(d.day, s.day) AS until,
               coalesce(d.at, 'infinity') AS decided_at, d.person_id IS NOT NULL AS promoted
        FROM staff s LEFT JOIN decided d USING (first, person_id)
    ), shown AS MATERIALIZED (
        SELECT l.person_id, e.at, e.day FROM accepted_evidence e JOIN learners l USING (learner_id)
    ), evident AS (
        SELECT DISTINCT w.first, w.person_id FROM looked_at w JOIN shown e
            ON e.person_id = w.person_id AND e.day BETWEEN w.until - {EVIDENCE_DAYS} AND w.until AND e.at < w.decided_at
    ), people AS MATERIALIZED (
        SELECT w.first, w.last, w.person_id, w.day, w.promoted, e.person_id IS NOT NULL AS evidence, m.slice AS stratum,
               width_bucket(w.day - {came_on("w.person_id", "w.day")}, ARRAY[365, 1095, 1825]) AS tenure,
               {employed("w.person_id", "w.day")} AS employed, false AS unmatched
        FROM looked_at w LEFT JOIN evident e USING (first, person_id)
        LEFT JOIN membership m
            ON m.person_id = w.person_id AND m.kind = 'role' AND w.day BETWEEN m.first_day AND m.last_day
        UNION ALL
        SELECT first, last, person_id, day, true, false, null, null, false, true FROM decided d
        WHERE {unknown("d.person_id")}
    )
"""  # noqa: S608 - of our own

_CELLS = text(
    f"""
    WITH {PERIODS}, {_LOOKED_AT}, {sliced("people")}, strata AS (
        SELECT first, last, kind, slice, stratum, tenure,
               count(*) FILTER (WHERE employed AND evidence AND promoted) AS proven,
               count(*) FILTER (WHERE employed AND evidence AND NOT promoted) AS evidence,
               count(*) FILTER (WHERE employed AND NOT evidence AND promoted) AS promoted,
               count(*) FILTER (WHERE employed AND NOT evidence AND NOT promoted) AS neither,
               count(DISTINCT person_id) FILTER (WHERE unmatched) AS unmatched
        FROM sliced GROUP BY 1, 2, 3, 4, 5, 6
    )
    SELECT first, last, kind, slice, CAST(sum(unmatched) AS integer) AS unmatched,
           array_agg(ARRAY[proven, evidence, promoted, neither] ORDER BY stratum, tenure)
               FILTER (WHERE proven + evidence + promoted + neither > 0) AS tables
    FROM strata GROUP BY 1, 2, 3, 4
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    found = await computed(pooled, [row.tables or () for row in rows])
    return [_cell(*each) for each in zip(rows, found, strict=True)]


def _cell(row: Row[Any], found: Association) -> Cell:
    both, evidence, promoted, neither = (sum(each) for each in zip(*(row.tables or [[0] * 4]), strict=True))
    with_evidence, without = both + evidence, promoted + neither
    if min(with_evidence, without) < LEAST_PEOPLE:
        found = Association()
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=found.odds_ratio,
        numerator=both + promoted,
        denominator=with_evidence + without,
        n=with_evidence + without,
        unmatched=row.unmatched,
        interval=found.interval,
        detail={
            "risk_ratio": found.risk_ratio,
            "with_evidence": with_evidence,
            "rate_with_evidence": both / with_evidence if with_evidence else None,
            "without_evidence": without,
            "rate_without_evidence": promoted / without if without else None,
            "strata": len(row.tables or ()),
        },
    )


PROMOTION_ASSOCIATION = Kpi(
    name="promotion-association",
    version=1,
    stage="outcome",
    unit="odds ratio",
    definition=(
        "How the odds of promotion of employees with accepted evidence (as in application-rate) compare with those "
        "of employees without: the odds ratio by Mantel and Haenszel over strata of role and tenure (less than 1, 3, "
        "5 years of 365 days, and more). An association only: nobody was assigned to have evidence, and what leads to "
        "evidence may lead to promotion. Promoted: by the first promotion decided in the period. Evidence: of the "
        f"{EVIDENCE_DAYS} days before that very decision; of those not promoted, of as many days before the period's "
        "end, or their last day at work in it, or the last day read. What comes after a decision never counts. Role, "
        "tenure and slices are those of the day before the decision, or of that end. Tenure: since the person was "
        "last hired after a day not at work. Denominator and n: people who were employees in the period and not on "
        "leave throughout; whoever was none on the day before the decision is left out. Numerator: those promoted. "
        "detail.rate_with_evidence and rate_without_evidence: the share promoted of each group, as they are, without "
        "strata; detail.risk_ratio: their ratio by Mantel and Haenszel; detail.strata: how many. Null where a group "
        f"has fewer than {LEAST_PEOPLE} people or the strata hold nothing to compare. Interval: by Robins, Breslow "
        "and Greenland; null where it has no two ends. unmatched: people promoted who never were at work as far as "
        "the directory knows."
    ),
    compute=_compute,
    reads={
        Source.PEOPLE: Reach(after=None),
        Source.WORK: Reach(after=EVIDENCE_DAYS),
        Source.PROGRAMME: Reach(after=EVIDENCE_DAYS),
    },
    grains=(Grain.QUARTER,),
    cut_grain=Grain.QUARTER,
    since="SELECT min(day) FROM said WHERE type = 'people.promoted' AND stands",
    of_nobody=None,
)
