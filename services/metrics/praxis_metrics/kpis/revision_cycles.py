"""Revision cycles: how many rounds of review a task takes until it is accepted."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.kpis.accepted_tasks import CUT_GRAIN, CUTS, OF_TASKS, READS, SINCE, by_cell
from praxis_metrics.kpis.bootstrapping import medians
from praxis_metrics.kpis.kpi import Asked, Cell, Interval, Kpi
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

_CELLS = text(
    by_cell(
        figure="f.rounds::float8",
        columns="""
            percentile_cont(0.5) WITHIN GROUP (ORDER BY figure) {of} AS median,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY figure) {of} AS p90,
            avg(CAST(figure = 1 AS integer)) {of} AS first_pass_rate
        """,
    )
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    intervals = await computed(medians, [(row.people or (), row.figures or ()) for row in rows])
    return [_cell(*each) for each in zip(rows, intervals, strict=True)]


def _cell(row: Row[Any], interval: Interval | None) -> Cell:
    first_pass = None if row.first_pass_rate is None else float(row.first_pass_rate)
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=row.median,
        numerator=None,
        denominator=None,
        n=row.n,
        unmatched=row.unmatched,
        interval=interval,
        detail={"p90": row.p90, "first_pass_rate": first_pass, "tasks": row.tasks},
    )


REVISION_CYCLES = Kpi(
    name="revision-cycles",
    version=1,
    stage="outcome",
    unit="rounds per task",
    definition=(
        "Rounds of review until a task of the period was accepted, 1 when it was at once: the median of tasks that "
        f"tell their rounds. {OF_TASKS} n: the people whose tasks these are. Interval: bootstrap, drawing people with "
        "all their tasks. detail.p90: nine of ten tasks took no more, between two tasks interpolated; "
        "detail.first_pass_rate: the share accepted in the first round; detail.tasks: how many."
    ),
    compute=_compute,
    reads=READS,
    cuts=CUTS,
    cut_grain=CUT_GRAIN,
    since=SINCE,
    of_nobody=None,
    less_is_better=True,
    detail_of_nobody={"p90": None, "first_pass_rate": None, "tasks": 0},
)
