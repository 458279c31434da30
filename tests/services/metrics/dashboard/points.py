"""Points as short as the examples of the dashboard need them."""

from datetime import date
from typing import Any

from praxis_metrics.calendar import Grain
from praxis_metrics.schemas import IntervalOut, PointOut, SeriesOut


def point(month: int, value: float | None, **others: Any) -> PointOut:
    """Of a month of 2026; about ten people unless ``others`` say otherwise."""
    first = date(2026, month, 1)
    given = {"numerator": None, "denominator": None, "n": 10, "unmatched": 0, "suppressed": False, "provisional": False}
    return PointOut(first=first, last=date(2026, month, 28), value=value, detail={}, **(given | others))


def hidden(month: int) -> PointOut:
    return point(month, None, suppressed=True, n=None, unmatched=None)


def between(low: float, high: float) -> IntervalOut:
    return IntervalOut(low=low, high=high, level=0.95, method="wilson")


def series(*points: PointOut, unit: str = "hours") -> SeriesOut:
    return SeriesOut.model_validate(
        {
            "kpi": "learning-hours", "definition_version": 2, "unit": unit, "grain": Grain.MONTH, "time_zone": "UTC",
            "filters": {}, "watermark": None, "as_of": "2026-06-15T00:00:00Z", "points": points,
        }
    )  # fmt: skip
