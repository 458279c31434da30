"""Figures as a page writes them. Pure."""

from datetime import UTC, datetime

from praxis_metrics.programme.reports.schemas import FigureOut, GoalFigureOut

NOTHING = "none"


def number(value: object) -> str:
    """Numbers to four significant digits, without an exponent; whatever else as it is."""
    if value is None:
        return NOTHING
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if isinstance(value, int) or value.is_integer() or abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.4f}".rstrip("0") if abs(value) < 1 else f"{value:.4g}"


def share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0%}"


def measure(figure: FigureOut) -> str:
    """The value with its unit."""
    return NOTHING if figure.value is None else f"{number(figure.value)} {figure.unit}"


def moment(time: datetime | None) -> str:
    return "never" if time is None else f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def counts(figure: FigureOut) -> str:
    """What a ratio was made of."""
    if figure.numerator is None and figure.denominator is None:
        return ""
    return f"{number(figure.numerator)} of {number(figure.denominator)}"


def change(figure: FigureOut) -> str:
    if figure.previous is None or figure.value is None:
        return "the quarter before: none"
    return f"the quarter before: {number(figure.previous)}"


def period(goal: GoalFigureOut) -> str:
    """The days of a goal's value."""
    return "" if goal.first is None else f" ({goal.first} to {goal.last}{', provisional' if goal.provisional else ''})"
