"""Differences in differences and their intervals, against what plain Python and the delta method say."""

import random
from collections.abc import Sequence
from math import sqrt
from statistics import mean, median, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_metrics.programme.observing.observed import Share
from praxis_metrics.programme.pilots.differences import Person, Three, differences


def hours(*figures: float) -> Person:
    """One at work all the time."""
    return Three(*(Share(each, 1) for each in figures))


def test_by_hand() -> None:
    # Treated: 1 and 3 hours of two people before, 4 and 6 in the pilot; the others 2 and 3: (5 - 2) - (3 - 2) = 2; the
    # trend is (2 - 2) - (2 - 1) = -1.
    treated, comparison = [hours(2, 1, 4), hours(2, 3, 6)], [hours(1, 2, 3), hours(1, 2, 3)]
    (found,) = differences([(treated, comparison)])
    assert (found.treated, found.comparison) == (Three(2, 2, 5), Three(1, 2, 3))
    assert (found.effect.value, found.trend.value) == (2, -1)
    # Everybody changed alike: all draws say the same.
    assert found.effect.interval is not None
    assert found.effect.interval[:3] == (2, 2, 0.95)


def test_a_ratio_is_of_all_by_all() -> None:
    # 1 of 4 and 5 of 6 are 6 of 10, and not the mean of two shares.
    one = Three(Share(0, 0), Share(1, 4), Share(2, 4))
    other = Three(Share(0, 0), Share(5, 6), Share(5, 6))
    (found,) = differences([([one, other], [one, other])])
    assert found.treated == Three(None, 0.6, 0.7)
    assert (found.trend.value, found.trend.interval) == (None, None)


def test_a_median_is_of_all_figures() -> None:
    one, other = Three([1.0], [2.0, 8.0], [3.0]), Three([], [4.0], [5.0, 1.0])
    (found,) = differences([([one, other], [one, other])])
    assert found.treated == Three(1, 4, 3)


def test_one_person_has_no_interval() -> None:
    (found,) = differences([([hours(1, 1, 2)], [hours(1, 1, 1), hours(2, 2, 2)])])
    assert (found.effect.value, found.effect.interval) == (1, None)


def test_whoever_comes_first_the_interval_is_the_same() -> None:
    people = [hours(n, n % 3, n % 5) for n in range(12)]
    (one,) = differences([(people, people[:5])])
    (other,) = differences([(people[::-1], people[:5][::-1])])
    assert one == other


@pytest.mark.parametrize("size", [6, 60])
def test_intervals_are_as_wide_as_the_delta_method_has_them(size: int) -> None:
    # Of differences of one's own, the standard error is that of two independent means, with n - 1.
    draw = random.Random(size)
    groups = [[hours(*(draw.gauss(5, 2) for _ in Three._fields)) for _ in range(size)] for _ in range(2)]
    (found,) = differences([(groups[0], groups[1])])
    changes = [[person.during[0] - person.before[0] for person in group] for group in groups]
    error = sqrt(sum(variance(each) / size for each in changes))
    assert found.effect.value == pytest.approx(mean(changes[0]) - mean(changes[1]))
    assert found.effect.interval is not None
    width = found.effect.interval.high - found.effect.interval.low
    assert width == pytest.approx(2 * 1.96 * error, rel=0.12)


figures = st.integers(0, 9).map(float)
of_ratios = st.tuples(*[st.builds(Share, figures, figures)] * 3).map(lambda each: Three(*each))
of_medians = st.tuples(*[st.lists(figures, max_size=3).map(sorted)] * 3).map(lambda each: Three(*each))


@settings(max_examples=25, deadline=None)
@given(
    st.one_of(
        *(st.tuples(st.lists(each, min_size=1, max_size=6), st.lists(each, min_size=1, max_size=6))
          for each in (of_ratios, of_medians))
    )
)  # fmt: skip
def test_figures_are_those_of_plain_python(groups: tuple[list[Person], list[Person]]) -> None:
    (found,) = differences([groups])
    for group, shown in zip(groups, (found.treated, found.comparison), strict=True):
        assert list(shown) == pytest.approx([naive([person[at] for person in group]) for at in range(3)])
    one, other = found.treated, found.comparison
    if None not in (one.before, one.during, other.before, other.during):
        assert found.effect.value == pytest.approx(one.during - one.before - (other.during - other.before))
    else:
        assert found.effect == (None, None)


def naive(own: Sequence[Share | list[float]]) -> float | None:
    if isinstance(own[0], Share):
        denominator = sum(each[1] for each in own)
        return sum(each[0] for each in own) / denominator if denominator else None
    every = [figure for each in own for figure in each]
    return median(every) if every else None
