"""Productivity: how much accepted work an hour of work gives."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.kpis.accepted_tasks import CUT_GRAIN, CUTS, OF_TASKS, READS, SINCE, by_cell
from praxis_metrics.kpis.bootstrapping import rates
from praxis_metrics.kpis.kpi import Asked, Cell, Interval, Kpi
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

_CELLS = text(by_cell(figure="f.worked_minutes / 60", columns="sum(figure ORDER BY figure) {of} AS hours"))


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    intervals = await computed(rates, [(row.people or (), row.figures or ()) for row in rows])
    return [_cell(*each) for each in zip(rows, intervals, strict=True)]


def _cell(row: Row[Any], interval: Interval | None) -> Cell:
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=row.tasks / row.hours if row.hours else None,
        numerator=row.tasks,
        denominator=row.hours or 0,
        n=row.n,
        unmatched=row.unmatched,
        interval=interval,
        detail={"tasks": row.tasks},
    )


PRODUCTIVITY = Kpi(
    name="productivity",
    version=1,
    stage="outcome",
    unit="accepted tasks per worked hour",
    definition=(
        "Accepted tasks of the period by the hours worked on them. Numerator: tasks that tell their worked_minutes; "
        "denominator: these, in hours. A task is one whatever its size, so it compares like work with like: a role "
        "with itself, before and after. Outcomes measured as output are in units of their own and add nothing here. "
        f"{OF_TASKS} n: the people whose tasks these are. Interval: bootstrap, drawing people with all their tasks. "
        "detail.tasks: the numerator."
    ),
    compute=_compute,
    reads=READS,
    cuts=CUTS,
    cut_grain=CUT_GRAIN,
    since=SINCE,
    of_nobody=None,
    detail_of_nobody={"tasks": 0},
)
