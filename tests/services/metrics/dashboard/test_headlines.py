"""Which period stands first."""

from praxis_metrics.dashboard.headlines import HEADLINES, NEEDS, headline, lacks_directory
from tests.services.metrics.dashboard.points import hidden, point, series


def test_the_newest_final_one_with_something_to_say() -> None:
    points = [point(1, 4), point(2, 6), point(3, 0, n=0), point(4, 9, provisional=True)]
    found = headline(series(*points))
    assert (found.now, found.before, found.change) == (points[1], points[0], 2)


def test_what_is_hidden_says_something_and_is_no_change() -> None:
    found = headline(series(point(1, 4), hidden(2), point(3, None)))
    assert (found.now, found.change) == (hidden(2), None)


def test_while_nothing_is_final_the_newest_that_has_something_else_the_newest() -> None:
    only = point(2, 9, provisional=True)
    assert headline(series(point(1, 0, n=0), only, point(3, 0, n=0, provisional=True))).now == only
    nothing = [point(1, None), point(2, None)]
    assert headline(series(*nothing)).now == nothing[-1]
    assert headline(series(nothing[0])).before is None
    assert headline(series(*nothing)).needs == NEEDS["learning-hours"]
    assert headline(series(only)).needs is None
    assert NEEDS.keys() == set(HEADLINES)


def test_without_a_directory_no_headcount_is_known() -> None:
    assert lacks_directory(series(point(1, 3), hidden(2)))
    assert not lacks_directory(series(point(1, 3, denominator=0), point(2, 4)))
