"""Return on investment: what a programme brought beyond what it cost, by what it cost (Phillips)."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.money import CURRENCIES, amounts
from praxis_metrics.kpis.outcomes import plausible
from praxis_metrics.kpis.slicing import PERIODS, employed
from praxis_metrics.lattice import Slice

_SPENT = f"""
    spent AS MATERIALIZED (
        SELECT p.first, p.last, c.pathway, c.activity, c.currency, c.amount
               * (least(c.last_day, p.last) - greatest(c.first_day, p.first) + 1)
               / (c.last_day - c.first_day + 1) AS cost
        FROM periods p JOIN costs c ON c.first_day <= p.last AND c.last_day >= p.first
        WHERE c.pilot IS NULL AND {plausible("c.amount")}
    )
"""  # noqa: S608 - of our own

_GAINED = f"""
    gained AS MATERIALIZED (
        SELECT DISTINCT s.first, s.last, s.pathway, a.currency, a.learner_id, a.about, a.measure, a.amount, r.person_id,
               coalesce({employed("r.person_id", "a.day")}, false) AS employed
        FROM (SELECT DISTINCT first, last, pathway, activity FROM spent) s
        JOIN amounts a ON a.day BETWEEN s.first AND s.last JOIN learners r USING (learner_id)
        WHERE EXISTS (
            SELECT FROM pathways w JOIN enrolments e USING (pathway)
            WHERE w.pathway = s.pathway AND jsonb_exists(w.skills, a.skill)
              AND e.learner_id = a.learner_id AND e.at <= a.at
        ) OR EXISTS (
            SELECT FROM activities i JOIN completed c ON c.activity_id = i.id
            JOIN activity_skills k ON k.activity = i.iri AND c.at >= k.from_at AND c.at < k.until_at
            WHERE i.iri = s.activity AND k.skill = a.skill AND c.learner_id = a.learner_id AND c.at <= a.at
        )
    )
"""  # noqa: S608 - of our own

_KINDS = """
    CROSS JOIN LATERAL (VALUES ('all', ''), ('pathway', pathway), ('currency', currency)) AS k(kind, slice)
    WHERE slice IS NOT NULL AND (kind = 'all' OR kind = ANY(:cuts))
"""

_CELLS = text(
    f"""
    WITH {PERIODS}, {amounts("o.attribution IS NOT NULL")}, {_SPENT}, {_GAINED}, entries AS (
        SELECT first, last, kind, slice, currency, cost, NULL::float8 AS gain, NULL::bigint AS learner_id,
               NULL::text[] AS about, NULL AS measure, true AS counts, false AS is_unmatched
        FROM spent {_KINDS}
        UNION ALL
        SELECT DISTINCT first, last, kind, slice, currency, NULL::float8, amount, learner_id, about, measure, employed,
               person_id IS NULL
        FROM gained {_KINDS}
    )
    SELECT first, last, kind, slice, coalesce(sum(cost ORDER BY cost), 0) AS cost,
           coalesce(sum(gain ORDER BY gain) FILTER (WHERE counts), 0) AS gain,
           count(gain) FILTER (WHERE counts) AS tasks,
           count(DISTINCT currency) FILTER (WHERE counts) AS currencies,
           count(DISTINCT learner_id) FILTER (WHERE counts) AS n,
           count(DISTINCT learner_id) FILTER (WHERE is_unmatched) AS unmatched
    FROM entries GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    return [_cell(row) for row in await session.execute(_CELLS, asked.parameters)]


def _cell(row: Row[Any]) -> Cell:
    is_one = row.currencies == 1 and row.cost > 0
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=(row.gain - row.cost) / row.cost if is_one else None,
        numerator=row.gain - row.cost if is_one else None,
        denominator=row.cost if is_one else None,
        n=row.n,
        unmatched=row.unmatched,
        detail={"tasks": row.tasks, "currencies": row.currencies},
    )


RETURN_ON_INVESTMENT = Kpi(
    name="return-on-investment",
    version=1,
    stage="outcome",
    unit="ratio",
    definition=(
        "What pathways and activities brought in the period beyond their costs of it, by these costs: -1 where they "
        "brought nothing, 0 where it evened out. Null where no cost is recorded. Denominator: recorded costs of "
        "pathways and activities, spread evenly over their days; record a cost over the time that it is to be set "
        "against. Pilots' costs are not in it: whom a pilot treats is a slice, not a list. Numerator: benefits less "
        "costs. Benefits: amounts of any measure in accepted evidence of the period, with the share that is "
        "attributed to the skill told (attribution): what is not isolated from other causes counts as none (Phillips)."
        " Times attribution and, of an estimate, confidence; an estimate without it does not count. Of a skill of the "
        "pathway, after enrolment, or of one that the activity taught when it was completed, afterwards; and only for "
        "what has costs in the period. Revenue counts whole, as no margin is told: an upper bound. Hours saved have no"
        " price here. A task (of evidence without one, an artefact) counts once in a measure and currency, by what was"
        f" first told; where two pathways may claim it, in the slice of each, and once for all. {CURRENCIES} Benefits "
        "of employees only, by the day of the evidence; n: those people; unmatched: others whom the directory does "
        "not know. Without an interval: that of the benefits is in their attribution. detail.tasks, "
        "detail.currencies: how many."
    ),
    compute=_compute,
    reads={
        Source.WORK: Reach(after=None),
        Source.LEARNING: Reach(after=None),
        Source.PEOPLE: Reach(),
        Source.PROGRAMME: Reach(after=None),
        Source.ENROLMENTS: Reach(after=None),
    },
    grains=(Grain.MONTH, Grain.QUARTER),
    cuts=("pathway", "currency"),
    cut_grain=Grain.QUARTER,
    since="SELECT min(day) FROM said WHERE stands AND type = 'programme.cost-recorded'",
    of_nobody=None,
    detail_of_nobody={"tasks": 0, "currencies": 0},
)
