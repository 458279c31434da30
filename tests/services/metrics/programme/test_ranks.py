"""Tests of ranks and of times, against plain Python and scipy."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from praxis_metrics.programme.pathways.ranks import ranked, survived

groups = st.dictionaries(
    st.sampled_from("abcd"), st.lists(st.integers(0, 9).map(float), min_size=2, max_size=9), min_size=2, max_size=4
)


@settings(max_examples=25, deadline=None)
@given(groups)
def test_effects_are_those_that_counting_finds(found: dict[str, list[float]]) -> None:
    tests = ranked(found)
    for pair in tests.pairs or [tests.whole]:
        one, other = (found[name] for name in pair.groups)
        higher, lower = (sum(sign * (a - b) > 0 for a in one for b in other) for sign in (1, -1))
        assert pair.effect is not None
        assert pair.effect.value == pytest.approx((higher - lower) / len(one) / len(other))
        assert 0 <= pair.p_value <= 1
    if len(found) > 2 and len({figure for each in found.values() for figure in each}) > 1:
        assert tests.whole.statistic == pytest.approx(kruskal(list(found.values())))
        assert tests.whole.p_value == pytest.approx(stats.chi2.sf(tests.whole.statistic, len(found) - 1))
        people = sum(map(len, found.values()))
        assert tests.whole.effect is not None
        assert tests.whole.effect.value == pytest.approx(tests.whole.statistic / (people - 1))
    plain = [pair.p_value for pair in tests.pairs]
    assert [pair.adjusted for pair in tests.pairs] == pytest.approx(holm(plain))


def kruskal(found: list[list[float]]) -> float:
    every = sorted(figure for each in found for figure in each)
    rank = {figure: every.index(figure) + (every.count(figure) + 1) / 2 for figure in every}
    size = len(every)
    sums = sum(sum(rank[figure] for figure in each) ** 2 / len(each) for each in found)
    ties = sum(every.count(figure) ** 3 - every.count(figure) for figure in set(every))
    return float((12 / size / (size + 1) * sums - 3 * (size + 1)) / (1 - ties / (size**3 - size)))


def holm(p_values: list[float]) -> list[float]:
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    found, least = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(order):
        least = max(least, min(1.0, p_values[at] * (len(p_values) - rank)))
        found[at] = least
    return found


def test_all_alike_is_no_difference() -> None:
    assert ranked({"a": [1, 1], "b": [1, 1, 1]}).whole.p_value == 1
    assert ranked({"a": [1, 1], "b": [1, 1], "c": [1]}).whole.p_value == 1
    assert survived({"a": [(3, 0), (4, 2)], "b": [(5, 0)]}).whole.p_value == 1


times = st.lists(st.tuples(st.integers(1, 9).map(float), st.sampled_from([0, 1, 1, 2])), min_size=2, max_size=9)


@settings(max_examples=25, deadline=None)
@given(times, times)
def test_log_rank_is_what_was_seen_less_what_was_expected(
    one: list[tuple[float, int]], other: list[tuple[float, int]]
) -> None:
    excess = spread = 0.0
    for day in sorted({day for day, end in (*one, *other) if end == 1}):
        there, all_ = sum(each[0] >= day for each in one), sum(each[0] >= day for each in (*one, *other))
        ends = sum(each == (day, 1) for each in (*one, *other))
        excess += sum(each == (day, 1) for each in one) - ends * there / all_
        if all_ > 1:
            spread += ends * there / all_ * (1 - there / all_) * (all_ - ends) / (all_ - 1)
    found = survived({"a": one, "b": other}).whole
    assert found.statistic == pytest.approx(excess**2 / spread if spread else 0, abs=1e-9)
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, 1))


def test_each_pair_of_three() -> None:
    found = survived({"a": [(1, 1), (2, 1)], "b": [(3, 1), (4, 1)], "c": [(5, 1), (6, 0)]})
    assert [pair.groups for pair in found.pairs] == list(combinations("abc", 2))
    assert found.whole.statistic > 0
    assert all(one.method == other.method == "log-rank" for one, other in pairwise(found.pairs))
