"""Figures in words, as a reader without a statistician needs them. Pure."""

from datetime import date

from praxis_metrics.calendar import Grain
from praxis_metrics.schemas import PointOut

HIDDEN = "hidden: about too few people, or it would give such a figure away"
NOTHING = "no figure: there is nothing to divide by, or nobody to measure"
PROVISIONAL = "provisional: what comes late may still change it"


def title(kpi: str) -> str:
    """A KPI's name as a heading."""
    return kpi.replace("-", " ").capitalize()


def number(value: float, unit: str) -> str:
    """Ratios as percentages; three figures, or all of a whole number."""
    if unit == "ratio":
        return f"{value * 100:,.1f} %"
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}"


def change(value: float, unit: str) -> str:
    """With its sign; of percentages in points."""
    points = number(value, unit).replace("%", "percentage points")
    return f"+{points}" if value > 0 else points


def measure(unit: str) -> str:
    """What stands behind a number; nothing behind a percentage."""
    return "" if unit == "ratio" else unit


def period(first: date, grain: Grain) -> str:
    """``2026-03``, ``2026-W11``, ``2026-Q1`` or the day itself."""
    match grain:
        case Grain.DAY:
            return first.isoformat()
        case Grain.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}"
        case Grain.MONTH:
            return f"{first:%Y-%m}"
        case Grain.QUARTER:
            return f"{first.year}-Q{(first.month + 2) // 3}"


def state(point: PointOut) -> str:
    """Why there is no figure, or how far it can be trusted; empty for a final one."""
    if point.suppressed:
        return HIDDEN
    if point.value is None:
        return NOTHING
    return PROVISIONAL if point.provisional else ""


def interval(point: PointOut, unit: str) -> str:
    """``31.0 % to 42.0 % (95 %, wilson)``; empty without one."""
    if point.interval is None:
        return ""
    low, high = number(point.interval.low, unit), number(point.interval.high, unit)
    return f"{low} to {high} ({point.interval.level:.0%}, {point.interval.method})".replace("%,", " %,")
