"""Many days as a few ranges."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from praxis_metrics.calendar import Period
from praxis_metrics.day_ranges import ranges, ranges_of

FIRST = date(2026, 1, 1)
days = st.lists(st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number)), max_size=30)


def test_neighbours_are_one_range_and_the_widest_gaps_are_left_out() -> None:
    found = [FIRST + timedelta(days=number) for number in (0, 1, 3, 10, 30)]
    assert ranges_of(found) == [
        Period(date(2026, 1, 1), date(2026, 1, 2)), Period(date(2026, 1, 4), date(2026, 1, 4)),
        Period(date(2026, 1, 11), date(2026, 1, 11)), Period(date(2026, 1, 31), date(2026, 1, 31)),
    ]  # fmt: skip
    assert ranges_of(found, 2) == [
        Period(date(2026, 1, 1), date(2026, 1, 11)), Period(date(2026, 1, 31), date(2026, 1, 31)),
    ]  # fmt: skip
    assert ranges_of([]) == []


def test_a_range_within_another_ends_nothing() -> None:
    outer, inner = Period(date(2026, 1, 1), date(2026, 3, 1)), Period(date(2026, 1, 5), date(2026, 1, 6))
    assert ranges([inner, outer]) == [outer]


@given(days, st.integers(1, 5))
def test_every_day_is_held_once_by_few_ranges(found: list[date], most: int) -> None:
    made = ranges_of(found, most)
    assert len(made) <= most
    assert all(sum(each.first <= day <= each.last for each in made) == 1 for day in found)
    assert {day for each in made for day in each} <= set(found)
