"""Bootstrap intervals: the quick statistics are the plain ones, and nothing depends on how people are numbered."""

from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_metrics.kpis import bootstrapping
from praxis_metrics.kpis.bootstrapping import medians, rates

figures = st.lists(st.integers(1, 9).map(float), min_size=1, max_size=4)


@given(people=st.lists(figures, min_size=2, max_size=5), data=st.data())
def test_the_median_of_the_people_drawn_is_that_of_their_tasks(people: list[list[float]], data: st.DataObject) -> None:
    drawn = data.draw(st.lists(st.integers(0, len(people) - 1), min_size=len(people), max_size=len(people)))
    plain = [figure for place in drawn for figure in people[place]]
    assert bootstrapping._median(people)(np.array(drawn)) == median(plain)
    assert bootstrapping._rate(people)(np.array(drawn)) == pytest.approx(len(plain) / sum(plain))


def test_the_same_tasks_give_the_same_interval_whoever_is_first() -> None:
    one = ([1, 1, 2, 3, 3], [1.0, 5.0, 2.0, 8.0, 4.0])
    same = ([7, 9, 9, 4, 4], [2.0, 1.0, 5.0, 4.0, 8.0])
    assert medians([one]) == medians([same])
    assert rates([one]) == rates([same])


def test_of_one_person_and_of_nobody_there_is_none() -> None:
    assert medians([([1, 1], [1.0, 2.0]), ((), ())]) == [None, None]


def test_where_all_tasks_are_alike_the_interval_is_a_point() -> None:
    (found,) = medians([([1, 2, 3], [2.0, 2.0, 2.0])])
    assert found is not None
    assert (found.low, found.high) == (2, 2)
