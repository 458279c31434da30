"""A calendar quarter by its name, as ``2026-Q1``. Pure."""

import re
from datetime import date

from praxis_metrics.calendar import DAY, FIRST_DAY, LAST_DAY, Grain, Period, period_of
from praxis_service.problem import BadRequest, FieldError, NotFound

_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)

EXAMPLE = "2026-Q1"


def asked_quarter(text: str, today: date) -> Period:
    """Raises ``BadRequest`` for what is no quarter, and ``NotFound`` for one that has not begun."""
    found = _QUARTER.fullmatch(text)
    if found is None or not FIRST_DAY.year <= int(found[1]) <= LAST_DAY.year:
        detail = f"must be a quarter from {FIRST_DAY.year}-Q1 to {LAST_DAY.year}-Q4, such as {EXAMPLE}"
        raise BadRequest("There is no such quarter.", [FieldError(detail, parameter="quarter")])
    quarter = period_of(date(int(found[1]), int(found[2]) * 3, 1), Grain.QUARTER)
    if quarter.first > today:
        raise NotFound(f"{text} has not begun: it begins on {quarter.first}.")
    return quarter


def name_of(quarter: Period) -> str:
    return f"{quarter.first.year:04d}-Q{(quarter.first.month + 2) // 3}"


def before(quarter: Period) -> Period:
    return period_of(quarter.first - DAY, Grain.QUARTER)


def after(quarter: Period) -> Period:
    return period_of(quarter.last + DAY, Grain.QUARTER)
