"""Coded feedback about KPIs as cells: how many people spoke of a theme in a quarter, and how they felt about it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.slicing import PERIODS
from praxis_metrics.lattice import Slice
from praxis_people.identifiers import bounded

_CELLS = text(
    f"""
    WITH {PERIODS}, once AS (
        SELECT p.first, p.last, f.kpi, f.theme, avg(f.sentiment)::float8 AS sentiment
        FROM periods p JOIN feedback f ON f.day BETWEEN p.first AND p.last
        WHERE f.kpi IS NOT NULL
        GROUP BY p.first, p.last, f.kpi, f.theme, coalesce('learner ' || f.learner_id, 'feedback ' || f.event)
    )
    SELECT first, last, kpi, theme, count(*) AS n, sum(sentiment) AS sentiment FROM once
    GROUP BY first, last, kpi, theme
    """  # noqa: S608 - of our own
)


def about(kpi: str) -> str:
    """The kind of slice of the themes of one KPI."""
    return f"theme of {kpi}"


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    return [
        Cell(
            Period(row.first, row.last),
            row.sentiment / row.n,
            row.sentiment,
            row.n,
            row.n,
            slice=Slice(about(row.kpi), bounded(row.theme)),
        )
        for row in await session.execute(_CELLS, asked.parameters)
    ]


FEEDBACK = Kpi(
    name="feedback",
    version=1,
    stage="process",
    unit="sentiment",
    definition=(
        "Coded feedback about a KPI, by theme: feedback-given on a local day of the quarter. A person counts once a "
        "theme, by the mean of what they said; feedback without a name counts as a person of its own. sentiment: the "
        "mean over people, from -2 (bad) to 2 (good). Themes of which few people speak are hidden."
    ),
    compute=_compute,
    reads={Source.PROGRAMME: Reach(after=None)},
    grains=(Grain.QUARTER,),
    cuts=(),
    cut_grain=Grain.QUARTER,
    since="SELECT min(day) FROM feedback WHERE kpi IS NOT NULL",
)
"""No cell of everybody: the themes of a KPI add up to nothing that is shown, so none can be computed from others."""
