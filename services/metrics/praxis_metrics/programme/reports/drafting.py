"""A report as it would be published now: from published cells and findings, in one snapshot."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.programme.barriers import BARRIERS
from praxis_metrics.programme.cells import shown
from praxis_metrics.programme.goals import goals_of
from praxis_metrics.programme.quarters import before, name_of
from praxis_metrics.programme.ranking import ranked
from praxis_metrics.programme.reports.decisions import decisions_of
from praxis_metrics.programme.reports.schemas import BarrierFigureOut, FigureOut, GoalFigureOut, Snapshot
from praxis_metrics.programme.reports.trials import pathways_of, pilots_of
from praxis_metrics.programme.triangulation import triangles
from praxis_metrics.schemas import IntervalOut
from praxis_metrics.series import Reporting, series
from praxis_metrics.watermark import watermark

FIRST = ("learning-hours", "application-rate")
IMPACT = ("time-saved", "error-reduction", "productivity", "revision-cycles", "revenue-influenced")
"""The third of the headlines is the first of these that has a value in the quarter; without any, the first."""


async def draft(session: AsyncSession, quarter: Period, reporting: Reporting, today: date) -> Snapshot:
    """The session is in a ``snapshot``."""
    figures = [await _figure(session, kpi, quarter, reporting) for kpi in KPIS.values()]
    return Snapshot(
        quarter=name_of(quarter),
        first=quarter.first,
        last=quarter.last,
        time_zone=reporting.zone.key,
        watermark=await watermark(session),
        headline=headline(figures),
        goals=await _goals(session, quarter, reporting, today),
        kpis=figures,
        pilots=await pilots_of(session, quarter),
        pathways=await pathways_of(session),
        barriers=await _barriers(session, quarter),
        disagreements=[each.kpi for each in await triangles(session, quarter, reporting) if each.disagree],
        decisions=await decisions_of(session, quarter),
    )


def headline(figures: Sequence[FigureOut]) -> list[str]:
    told = {each.kpi for each in figures if each.value is not None}
    return [*FIRST, next((kpi for kpi in IMPACT if kpi in told), IMPACT[0])]


async def _figure(session: AsyncSession, kpi: Kpi, quarter: Period, reporting: Reporting) -> FigureOut:
    earlier, now = (await series(session, kpi, Grain.QUARTER, [before(quarter), quarter], reporting)).points
    return FigureOut(
        kpi=kpi.name,
        definition_version=kpi.version,
        stage=kpi.stage,
        unit=kpi.unit,
        value=now.value,
        numerator=now.numerator,
        denominator=now.denominator,
        n=now.n,
        interval=now.interval and IntervalOut(**now.interval._asdict()),
        previous=earlier.value,
        suppressed=now.suppressed,
        provisional=now.provisional,
    )


async def _goals(session: AsyncSession, quarter: Period, reporting: Reporting, today: date) -> list[GoalFigureOut]:
    """Those that were set by then."""
    day = min(today, quarter.last)
    goals = await goals_of(session, reporting, day)
    names = GoalFigureOut.model_fields
    return [
        GoalFigureOut(**each.model_dump(by_alias=False, include=set(names))) for each in goals if each.set_on <= day
    ]


async def _barriers(session: AsyncSession, quarter: Period) -> list[BarrierFigureOut]:
    found = ranked(await shown(session, BARRIERS.name, quarter))
    return [BarrierFigureOut(barrier=barrier, **at._asdict()) for barrier, at in found.items() if at.top]
