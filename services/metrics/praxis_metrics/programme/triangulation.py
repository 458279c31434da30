"""Each KPI's trend beside what people say of it, and whether the two agree."""

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.lattice import Slice
from praxis_metrics.programme.cells import Shown, shown
from praxis_metrics.programme.feedback import FEEDBACK, about
from praxis_metrics.programme.quarters import before
from praxis_metrics.programme.triangulation_schemas import ThemeOut, TriangleOut
from praxis_metrics.series import Point, Reporting, series

MOVED = 0.05
"""A KPI has moved where it changed by this share of its earlier value."""

FELT = 0.5
"""People are for or against where their mean sentiment is this far from 0, of 2."""

RULE = (
    f"A KPI moved if it changed by at least {MOVED:.0%} of the earlier quarter's value and, where it has an interval, "
    "the earlier value lies outside it. They disagree if it moved for the better while the mean sentiment of the "
    f"themes that are shown is {-FELT} or less, or for the worse while that is {FELT} or more. Not judged (null) where "
    "either is not known."
)

Trend = Literal["better", "worse", "steady"]


async def triangles(session: AsyncSession, quarter: Period, reporting: Reporting) -> list[TriangleOut]:
    """Of all KPIs; the session is in a ``snapshot``."""
    cells = await shown(session, FEEDBACK.name, quarter)
    found = []
    for kpi in KPIS.values():
        earlier, now = (await series(session, kpi, Grain.QUARTER, [before(quarter), quarter], reporting)).points
        trend, themes = trend_of(kpi, earlier, now), themes_of(cells, about(kpi.name))
        sentiment = mean(themes)
        found.append(
            TriangleOut(
                kpi=kpi.name,
                definition_version=kpi.version,
                value=now.value,
                previous=earlier.value,
                suppressed=now.suppressed,
                provisional=now.provisional,
                trend=trend,
                themes=themes,
                sentiment=sentiment,
                disagree=disagree(trend, sentiment),
            )
        )
    return found


def trend_of(kpi: Kpi, earlier: Point, now: Point) -> Trend | None:
    """Whether the KPI moved, and for the better; ``None`` where either quarter has no value."""
    if earlier.value is None or now.value is None:
        return None
    change = now.value - earlier.value
    within = now.interval is not None and now.interval.low <= earlier.value <= now.interval.high
    if within or change == 0 or abs(change) < MOVED * abs(earlier.value):
        return "steady"
    return "better" if (change < 0) == kpi.less_is_better else "worse"


def themes_of(cells: Mapping[Slice, Shown], kind: str) -> list[ThemeOut]:
    return [
        ThemeOut(theme=of.name, n=cell.n, sentiment=cell.value, suppressed=cell.hidden)
        for of, cell in cells.items()
        if of.kind == kind
    ]


def mean(themes: Sequence[ThemeOut]) -> float | None:
    """Over the people of the themes that are shown."""
    visible = [(each.n, each.sentiment) for each in themes if each.n and each.sentiment is not None]
    people = sum(n for n, _ in visible)
    return sum(n * sentiment for n, sentiment in visible) / people if people else None


def disagree(trend: Trend | None, sentiment: float | None) -> bool | None:
    """As the ``RULE`` says."""
    if trend is None or sentiment is None:
        return None
    return (trend == "better" and sentiment <= -FELT) or (trend == "worse" and sentiment >= FELT)
