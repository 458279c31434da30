"""Figures as the programme's answers show them."""

from praxis_metrics.kpis.kpi import Interval
from praxis_metrics.schemas import IntervalOut

DIGITS = 3


def rounded(figure: float | None) -> float | None:
    """To three digits: enough to judge by, and too few to take a group's sum back from its figure and its size and set
    that against a published cell."""
    return None if figure is None else float(f"{figure:.{DIGITS}g}")


def few(count: int, threshold: int) -> int | None:
    """How many people, or ``None`` where these are too few to tell."""
    return None if 0 < count < threshold else count


def interval_of(found: Interval | None) -> IntervalOut | None:
    if found is None:
        return None
    low, high = rounded(found.low), rounded(found.high)
    return IntervalOut(low=low or 0.0, high=high or 0.0, level=found.level, method=found.method)
