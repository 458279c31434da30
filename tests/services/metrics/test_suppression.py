"""What is hidden stays so whatever is computed from what is published: an integer program tries."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from praxis_metrics.calendar import Grain, Period, periods
from praxis_metrics.lattice import ALL, Place, Relation, Slice, relations
from praxis_metrics.suppression import hidden, parts_hidden

K = 5
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def unit(name: str) -> Place:
    return Place(Grain.MONTH, MARCH, Slice("unit", name))


COMPANY = Place(Grain.MONTH, MARCH, ALL)


def hides(people: Mapping[Place, int], above: Mapping[str, str] | None = None) -> set[str]:
    over = {Slice("unit", name): Slice("unit", parent) for name, parent in (above or {}).items()}
    return {place.slice.name for place in hidden(people, relations(people, {MARCH: over}), K)}


def test_a_unit_of_few_takes_the_smallest_other_with_it() -> None:
    assert hides({COMPANY: 30, unit("a"): 3, unit("b"): 7, unit("c"): 20}) == {"a", "b"}


def test_nobody_is_no_small_number_and_hides_nothing() -> None:
    assert hides({COMPANY: 27, unit("a"): 0, unit("b"): 7, unit("c"): 20}) == set()


def test_few_units_of_few_people_each_protect_one_another_only_if_they_are_enough() -> None:
    assert hides({COMPANY: 28, unit("a"): 4, unit("b"): 4, unit("c"): 20}) == {"a", "b"}
    # One and one: their sum, 2, would say that each is 1.
    assert hides({COMPANY: 22, unit("a"): 1, unit("b"): 1, unit("c"): 20}) == {"a", "b", "c"}


def test_where_nothing_else_is_left_the_sum_goes_too() -> None:
    people = {COMPANY: 40, unit("top"): 5, unit("x"): 5, unit("other"): 15, unit("more"): 20}
    assert hides(people, {"x": "top"}) == set()
    assert hides({**people, unit("x"): 3}, {"x": "top"}) == {"x", "top", "other"}


def test_where_all_parts_are_hidden_each_may_be_about_nobody() -> None:
    # Four and one: if hidden were never nobody, four could not be more than four.
    assert hides({COMPANY: 5, unit("a"): 4, unit("b"): 1}) == {"a", "b"}
    # So those about nobody are hidden too.
    assert hides({COMPANY: 5, unit("a"): 4, unit("b"): 1, unit("c"): 0}) == {"a", "b", "c"}


def barrier(name: str) -> Place:
    return Place(Grain.MONTH, MARCH, Slice("barrier", name))


def test_parts_that_overlap_give_away_what_they_leave_of_the_sum() -> None:
    # Each of 15 named one: 15 - 7 - 6 would say that c is 2 at least.
    assert hides({COMPANY: 15, barrier("a"): 7, barrier("b"): 6, barrier("c"): 2}) == {"b", "c"}
    # Several named a and b: c may be anything.
    assert hides({COMPANY: 13, barrier("a"): 7, barrier("b"): 6, barrier("c"): 2}) == {"c"}
    assert hides({COMPANY: 20, barrier("a"): 20, barrier("b"): 2, barrier("c"): 2}) == {"b", "c"}
    # That b and c are 5 at least tells of neither.
    assert hides({COMPANY: 14, barrier("a"): 9, barrier("b"): 3, barrier("c"): 3}) == {"b", "c"}


def test_people_of_no_part_protect_it_as_well() -> None:
    assert hides({COMPANY: 100, unit("a"): 3}) == set("a")


def test_a_unit_hidden_to_protect_another_is_not_given_away_by_its_parts() -> None:
    people = {COMPANY: 19, unit("a"): 4, unit("b"): 15, unit("b1"): 6, unit("b2"): 9}
    assert hides(people, {"b1": "b", "b2": "b"}) == {"a", "b", "b1"}


def test_without_a_threshold_everything_is_shown() -> None:
    people = {COMPANY: 3, unit("a"): 1, unit("b"): 2}
    assert hidden(people, relations(people, {}), 1) == set()


def test_what_was_hidden_when_it_was_final_stays_so() -> None:
    people = {COMPANY: 30, unit("a"): 8, unit("b"): 7, unit("c"): 15}
    assert hidden(people, relations(people, {}), K, settled={unit("a")}) == {unit("a"), unit("b")}


@pytest.mark.parametrize(("parts", "expected"), [((0, 0), False), ((1, 0), True), ((5, 9), False), ((4,), True)])
def test_parts_of_a_cell_about_few_people_are_left_out(parts: Sequence[int], expected: bool) -> None:
    assert parts_hidden(parts, K) is expected


def bounds(people: Mapping[Place, int], sums: Sequence[Relation], covered: set[Place]) -> dict[Place, tuple[int, int]]:
    """The least and the most that each hidden count can be, for who knows all others, and which cells add up to which
    (people of no part among them), and that no cell about nobody is hidden."""
    index = {place: at for at, place in enumerate(people)}
    width = len(index) + len(sums)
    rows = np.zeros((len(sums), width))
    for at, relation in enumerate(sums):
        rows[at, index[relation.parent]] = 1
        rows[at, [index[part] for part in relation.parts]] = -1
        rows[at, len(index) + at] = -1  # those who are in no part
    slack = [people[each.parent] - sum(people[part] for part in each.parts) for each in sums]
    # About nobody is only what is hidden together with all that stand beside it.
    together = {part for each in sums if covered.issuperset(each.parts) for part in each.parts}
    low = [(0 if place in together else 1) if place in covered else count for place, count in people.items()] + slack
    high = [np.inf if place in covered else count for place, count in people.items()] + slack
    found = {}
    for place in covered:
        goal = np.zeros(width)
        goal[index[place]] = 1
        ends = []
        for sign in (1, -1):
            answer = milp(
                sign * goal,
                constraints=LinearConstraint(rows, 0, 0),
                bounds=Bounds(low, high),
                integrality=np.ones(width),
            )
            ends.append(round(sign * answer.fun) if answer.success else 10**9)
        found[place] = (ends[0], ends[1])
    return found


@st.composite
def companies(draw: st.DrawFn) -> tuple[dict[Place, int], list[Relation]]:
    """Units under units, three deep at most; every person in one unit of the lowest kind."""
    above: dict[Slice, Slice] = {}
    people: dict[Place, int] = {}

    def grow(place: Place, depth: int) -> int:
        width = draw(st.integers(0, 4)) if depth < 3 else 0
        names = [f"{place.slice.name}{number}" for number in range(width)]
        total = 0
        for name in names:
            below = Place(Grain.MONTH, MARCH, Slice("unit", name))
            if place != COMPANY:
                above[below.slice] = place.slice
            total += grow(below, depth + 1)
        people[place] = total if names else draw(st.integers(0, 14))
        return people[place]

    grow(COMPANY, 0)
    return people, relations(people, {MARCH: above})


@settings(max_examples=300, deadline=None)
@given(companies())
def test_no_hidden_count_of_a_unit_is_bounded_tighter_than_k_values(
    found: tuple[dict[Place, int], list[Relation]],
) -> None:
    people, sums = found
    covered = hidden(people, sums, K)
    assert {place for place, count in people.items() if 0 < count < K} <= covered
    for place, (least, most) in bounds(people, sums, covered).items():
        assert most - least + 1 >= K, (place.slice.name, people[place], least, most)


@st.composite
def quarters(draw: st.DrawFn) -> tuple[dict[Place, int], list[Relation]]:
    """Half a year of a figure that adds up over days, by day, week, month and quarter."""
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    busy = draw(st.integers(0, 6))
    days = {first + timedelta(days=n): 0 for n in range((last - first).days + 1)}
    for day in days:
        days[day] = draw(st.integers(0, busy)) if day.weekday() < 5 else draw(st.sampled_from([0, 0, 0, 1]))
    people = {
        Place(grain, period, ALL): sum(count for day, count in days.items() if period.first <= day <= period.last)
        for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER)
        for period in periods(first, last, grain)
    }
    return people, relations(people, {})


@settings(max_examples=150, deadline=None)
@given(quarters())
def test_no_hidden_week_or_month_is_bounded_tighter_than_k_values(
    found: tuple[dict[Place, int], list[Relation]],
) -> None:
    people, sums = found
    covered = hidden(people, sums, K)
    days = _by_days(people, covered)
    for place, (least, most) in days.items():
        assert most - least + 1 >= K, (place, people[place], least, most)


def _by_days(people: Mapping[Place, int], covered: set[Place]) -> dict[Place, tuple[int, int]]:
    """The same attack where the unknowns are the days: weeks lie across months."""
    first = min(place.period.first for place in people)
    width = (max(place.period.last for place in people) - first).days + 1
    rows = np.zeros((len(people), width))
    for at, place in enumerate(people):
        rows[at, (place.period.first - first).days : (place.period.last - first).days + 1] = 1
    low = [1 if place in covered else count for place, count in people.items()]
    high = [np.inf if place in covered else count for place, count in people.items()]
    constraint = LinearConstraint(rows, low, high)
    found = {}
    for place in covered:
        goal = rows[list(people).index(place)]
        ends = []
        for sign in (1, -1):
            answer = milp(sign * goal, constraints=constraint, bounds=Bounds(0, np.inf), integrality=np.ones(width))
            ends.append(round(sign * answer.fun) if answer.success else 10**9)
        found[place] = (ends[0], ends[1])
    return found
