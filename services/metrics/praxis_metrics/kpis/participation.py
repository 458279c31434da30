"""Participation: which part of each team learned at all in a week."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain
from praxis_metrics.kpis.counting import COUNTED, CUTS, READS, person_days
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi

_active_learners = person_days(counts="active", value="count(DISTINCT learner_id) {of}")


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    return [_share(cell) for cell in await _active_learners(session, asked)]


def _share(cell: Cell) -> Cell:
    value = None if cell.numerator is None or not cell.denominator else cell.numerator / cell.denominator
    return replace(cell, value=value)


PARTICIPATION = Kpi(
    name="participation",
    version=1,
    stage="process",
    unit="ratio",
    definition=(
        "Of the employees of the period, the share with at least one learner-initiated statement in it (as in "
        "monthly-active-learners); by unit, with all under it, and role in each week. Numerator: those who were "
        "employees on a day on which they were active, and counted in the denominator. n: active learners, the same "
        "people as in monthly-active-learners, so that where that hides them this does too. Null without a directory, "
        f"or without employees. {COUNTED}"
    ),
    compute=_compute,
    reads=READS,
    cuts=CUTS,
    cut_grain=Grain.WEEK,
    by_headcount=True,
    of_nobody=None,
)
