"""Revenue influenced: what came in where people used what they learned. Influenced, never caused."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.kpis.accepted_tasks import CUTS, READS
from praxis_metrics.kpis.bootstrapping import medians
from praxis_metrics.kpis.kpi import Asked, Cell, Interval, Kpi
from praxis_metrics.kpis.money import CURRENCIES, amounts
from praxis_metrics.kpis.slicing import PERIODS, employed, sliced
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

_CELLS = text(
    f"""
    WITH {PERIODS}, {amounts("lower(o.measure) = 'revenue'")}, found AS MATERIALIZED (
        SELECT p.first, p.last, a.learner_id, a.day, a.amount, a.currency, r.person_id,
               coalesce({employed("r.person_id", "a.day")}, false) AS employed
        FROM periods p JOIN amounts a ON a.day BETWEEN p.first AND p.last JOIN learners r USING (learner_id)
    ), {sliced("found", "currency")}
    SELECT first, last, kind, slice,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FILTER (WHERE employed) AS median,
           sum(amount ORDER BY amount) FILTER (WHERE employed) AS total,
           count(*) FILTER (WHERE employed) AS tasks,
           count(DISTINCT currency) FILTER (WHERE employed) AS currencies,
           count(DISTINCT learner_id) FILTER (WHERE employed) AS n,
           count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched,
           array_agg(learner_id ORDER BY learner_id, amount) FILTER (WHERE employed) AS people,
           array_agg(amount ORDER BY learner_id, amount) FILTER (WHERE employed) AS figures
    FROM sliced GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    samples = [(row.people, row.figures) if row.currencies == 1 else ((), ()) for row in rows]
    intervals = await computed(medians, samples)
    return [_cell(*each) for each in zip(rows, intervals, strict=True)]


def _cell(row: Row[Any], interval: Interval | None) -> Cell:
    is_one = row.currencies == 1
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=row.median if is_one else None,
        numerator=None,
        denominator=None,
        n=row.n,
        unmatched=row.unmatched,
        interval=interval,
        detail={"total": row.total if is_one else None, "tasks": row.tasks, "currencies": row.currencies},
    )


REVENUE_INFLUENCED = Kpi(
    name="revenue-influenced",
    version=1,
    stage="outcome",
    unit="amount of one currency per task",
    definition=(
        "Revenue that accepted evidence of the period tells of, by task: the median. Influenced: somebody used a skill "
        "where it was made; that the skill caused it is not said, and nothing is compared with what had come in "
        "without. Of outcomes with the measure revenue and a currency: their amount or, without one, after less "
        "before; times attribution where that is told. An estimate (with a confidence, or with a source called self, "
        "self-estimate, self-report, self-reported or estimate) counts times confidence and attribution, and not "
        "without both. A task (of evidence without one, an artefact) counts once in a currency, by what was first "
        f"told of it, also where several people tell of it. {CURRENCIES} Measured outcomes bear no currency and are "
        "in no figure. Employees only, by the day of the evidence; n: those people; unmatched: people of such tasks "
        "whom the directory does not know. Interval: bootstrap, drawing people with all their tasks. detail.total: "
        "the sum; detail.tasks, detail.currencies: how many."
    ),
    compute=_compute,
    reads=READS,
    cuts=(*CUTS, "currency"),
    cut_grain=Grain.QUARTER,
    since="SELECT min(day) FROM said WHERE stands AND type = 'evidence.skill-applied'",
    of_nobody=None,
    detail_of_nobody={"total": None, "tasks": 0, "currencies": 0},
)
