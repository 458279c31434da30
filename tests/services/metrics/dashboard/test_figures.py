"""Figures in words."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.dashboard import figures
from tests.services.metrics.dashboard.points import between, hidden, point


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.3344, "ratio", "33.4 %"), (1, "ratio", "100.0 %"), (3412, "hours", "3,412"), (3412.4, "hours", "3,412"),
        (12.25, "hours", "12.2"), (0.525, "hours per task", "0.53"), (-0.5, "hours per task", "-0.50"),
        (0, "days", "0"),
    ],
)  # fmt: skip
def test_three_figures_or_all_of_a_whole_number(value: float, unit: str, text: str) -> None:
    assert figures.number(value, unit) == text


@pytest.mark.parametrize(
    ("day", "grain", "text"),
    [
        (date(2026, 3, 9), Grain.DAY, "2026-03-09"), (date(2024, 12, 30), Grain.WEEK, "2025-W01"),
        (date(2026, 3, 1), Grain.MONTH, "2026-03"), (date(2026, 10, 1), Grain.QUARTER, "2026-Q4"),
    ],
)  # fmt: skip
def test_periods_are_named(day: date, grain: Grain, text: str) -> None:
    assert figures.period(day, grain) == text


def test_what_there_is_to_say_of_a_point() -> None:
    assert figures.state(point(1, 3)) == ""
    assert figures.state(point(1, 3, provisional=True)) == figures.PROVISIONAL
    assert figures.state(point(1, None, provisional=True)) == figures.NOTHING
    assert figures.state(hidden(1)) == figures.HIDDEN
    assert figures.interval(point(1, 0.3, interval=between(0.25, 0.4)), "ratio") == "25.0 % to 40.0 % (95 %, wilson)"
    assert figures.interval(point(1, 0.3), "ratio") == ""
    changes = [figures.change(0.1, "ratio"), figures.change(-2, "hours"), figures.change(0, "hours")]
    assert changes == ["+10.0 percentage points", "-2", "0"]
    assert figures.title("monthly-active-learners") == "Monthly active learners"
