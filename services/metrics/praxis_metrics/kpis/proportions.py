"""Intervals of proportions, and how many have used something by when. They run beside (``statistics.computed``)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from praxis_metrics.calendar import Period
from praxis_metrics.kpis.kpi import Cell, Interval
from praxis_metrics.lattice import Slice

LEVEL = 0.95


def wilson(counts: Sequence[tuple[int, int]]) -> list[Interval | None]:
    """Of each (numerator, denominator) Wilson's score interval (1927); ``None`` without a denominator."""
    from statsmodels.stats.proportion import proportion_confint

    found: list[Interval | None] = []
    for numerator, denominator in counts:
        if not denominator:
            found.append(None)
            continue
        low, high = proportion_confint(numerator, denominator, alpha=1 - LEVEL, method="wilson")
        found.append(Interval(float(low), float(high), LEVEL, "wilson"))
    return found


def incidence(samples: Sequence[tuple[Sequence[float], Sequence[bool]]], at: float) -> list[float | None]:
    """Of each sample of times, and whether each is of the event or only of the last look, the share with the event up
    to ``at`` (Kaplan and Meier 1958); ``None`` for an empty one. Times are positive."""
    from statsmodels.duration.survfunc import SurvfuncRight

    found: list[float | None] = []
    for times, events in samples:
        if not times:
            found.append(None)
            continue
        curve: Any = SurvfuncRight(list(times), [int(event) for event in events])
        survival = 1.0
        for moment, left in zip(curve.surv_times, curve.surv_prob, strict=True):
            if moment <= at:
                survival = float(left)
        found.append(1 - survival)
    return found


def rate(row: Row[Any], interval: Interval | None, detail: Mapping[str, float | None]) -> Cell:
    """The cell of a proportion, from a row with its place, ``numerator``, ``denominator``, ``n`` and ``unmatched``."""
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=row.numerator / row.denominator if row.denominator else None,
        numerator=row.numerator,
        denominator=row.denominator,
        n=row.n,
        unmatched=row.unmatched,
        interval=interval,
        detail=detail,
    )
