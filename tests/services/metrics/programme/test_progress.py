"""How a goal stands, worked out by hand."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain, Period, period_of
from praxis_metrics.kpis import KPIS
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.programme.goals import published_slice
from praxis_metrics.programme.progress import Goal, Standing, expected, latest, progress, standing
from praxis_metrics.series import Point

# From 0.2 to 0.4 in a hundred days: from 1 January to 11 April.
GOAL = Goal(0.2, 0.4, date(2026, 1, 1), date(2026, 4, 11))
TODAY = date(2026, 3, 15)


def point(month: int, value: float | None, *, suppressed: bool = False, provisional: bool = False) -> Point:
    period: Period = period_of(date(2026, month, 1), Grain.MONTH)
    return Point(period, value, None, None, 9, 0, suppressed, provisional, None, {})


@pytest.mark.parametrize(
    ("value", "share"), [(0.2, 0.0), (0.3, 0.5), (0.4, 1.0), (0.5, 1.5), (0.1, -0.5)]
)  # fmt: skip
def test_progress_is_the_share_of_the_way(value: float, share: float) -> None:
    assert progress(GOAL, value) == pytest.approx(share)
    assert progress(Goal(0.4, 0.2, GOAL.set_on, GOAL.due_on), 0.6 - value) == pytest.approx(share)


@pytest.mark.parametrize(
    ("value", "today", "standing_"),
    [
        (0.4, TODAY, "reached"), (0.4, date(2027, 1, 1), "reached"), (0.39, date(2026, 4, 11), "on-track"),
        (0.39, date(2026, 4, 12), "overdue"), (0.316, TODAY, "on-track"), (0.315, TODAY, "behind"),
    ],
)  # fmt: skip
def test_by_the_end_of_its_period_so_much_is_expected(value: float, today: date, standing_: Standing) -> None:
    # February ends on day 58 of 100: expected is 0.58, so 0.316.
    assert standing(GOAL, point(2, value), today) == standing_


def test_before_it_was_set_nothing_is_expected_and_at_the_end_all() -> None:
    assert [expected(GOAL, day) for day in (date(2025, 1, 1), GOAL.due_on, date(2027, 1, 1))] == [0, 1, 1]
    assert expected(Goal(0, 1, GOAL.due_on, GOAL.due_on), date(2025, 1, 1)) == 1


def test_nobody_knows_without_a_value() -> None:
    assert standing(GOAL, None, TODAY) == "unknown"
    assert standing(GOAL, point(2, None, suppressed=True), TODAY) == "unknown"
    assert standing(GOAL, None, date(2026, 4, 12)) == "overdue"


def test_the_last_final_value_counts_then_one_that_has_ended() -> None:
    points = [point(1, 0.1), point(2, 0.2), point(3, 0.3, provisional=True), point(4, None)]
    assert latest(points, TODAY) == points[1]
    open_ = [point(1, None), point(2, 0.2, provisional=True), point(3, 0.3, provisional=True)]
    assert latest(open_, TODAY) == open_[1]
    assert latest(open_[2:], TODAY) == open_[2]
    # A hidden one is not passed over for an older one that is not.
    assert latest([points[0], point(2, None, suppressed=True)], TODAY) == point(2, None, suppressed=True)
    assert latest([point(1, None)], TODAY) is None


def test_filters_mean_one_published_slice_or_none() -> None:
    kpi = KPIS["application-rate"]
    assert published_slice(kpi, {}) == ALL
    assert published_slice(kpi, {"unit": "sales"}) == Slice("unit", "sales")
    assert published_slice(kpi, {"unit": "sales", "role": "clerk"}) is None
    assert published_slice(kpi, {"manager": "ann"}) is None
