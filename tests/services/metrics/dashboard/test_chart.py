"""The geometry of charts, worked out by hand: 480 by 240, of which 404 by 200 from (64, 12) on are for the figures."""

from hypothesis import given
from hypothesis import strategies as st

from praxis_metrics.calendar import Grain
from praxis_metrics.dashboard.chart import BOTTOM, HEIGHT, LEFT, MOST_TICKS, RIGHT, TOP, WIDTH, Chart, Dot, Gap, chart
from praxis_metrics.schemas import PointOut
from tests.services.metrics.dashboard.points import between, hidden, point


def drawn(*points: PointOut, beside: list[PointOut] | None = None, unit: str = "hours") -> Chart:
    return chart(points, beside or [], Grain.MONTH, unit)


def test_a_line_over_four_months() -> None:
    # A month is 101 wide, its middle at 114.5, 215.5, 316.5, 417.5. From 0 to 4 by 1: 50 high each, 0 at 212.
    found = drawn(point(1, 1), point(2, 4), point(3, 0), point(4, 2))
    assert found.lines == ["114.5,162 215.5,12 316.5,212 417.5,112"]
    assert [(tick.at, tick.text) for tick in found.ticks] == [(212, "0"), (162, "1"), (112, "2"), (62, "3"), (12, "4")]
    assert [(label.at, label.text) for label in found.labels] == [
        (114.5, "2026-01"), (215.5, "2026-02"), (316.5, "2026-03"), (417.5, "2026-04")
    ]  # fmt: skip
    assert (found.zero, found.gaps, found.bands) == (212, [], [])


def test_the_line_breaks_at_what_is_hidden_and_at_what_there_is_not() -> None:
    found = drawn(point(1, 4), hidden(2), point(3, 4), point(4, None))
    assert found.lines == ["114.5,12", "316.5,12"]
    assert found.gaps == [Gap(165, 101)]
    assert found.dots == [Dot(114.5, 12, provisional=False), Dot(316.5, 12, provisional=False)]


def test_intervals_are_a_band_and_provisional_points_are_told_apart() -> None:
    # Percentages from 0 to 50 by 10 points: 40 high each.
    found = drawn(
        point(1, 0.2, interval=between(0.1, 0.4)), point(2, 0.3, interval=between(0.2, 0.5), provisional=True),
        point(3, None), point(4, 0.1, interval=between(0, 0.2)), unit="ratio",
    )  # fmt: skip
    assert found.bands == ["114.5,172 215.5,132 215.5,12 114.5,52", "414.5,212 420.5,212 420.5,132 414.5,132"]
    assert [dot.provisional for dot in found.dots] == [False, True, False]
    assert [tick.text for tick in found.ticks] == ["0.0 %", "10.0 %", "20.0 %", "30.0 %", "40.0 %", "50.0 %"]


def test_below_zero_and_beside_it() -> None:
    # From -2 to 2 by 1.
    found = drawn(point(1, -2), point(2, 1), beside=[point(3, 2), point(4, None)])
    assert (found.lines, found.compared, found.zero) == (["165,212 367,62"], ["165,12"], 112)


def test_nothing_at_all_has_axes() -> None:
    found = drawn(point(1, None), point(2, None))
    assert (found.lines, found.dots, [tick.text for tick in found.ticks][-1]) == ([], [], "1")


values = st.one_of(st.none(), st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-6))


@given(st.lists(values, min_size=1, max_size=12))
def test_everything_is_inside(found: list[float | None]) -> None:
    shown = drawn(*(point(month, value) for month, value in enumerate(found, start=1)))
    assert len(shown.ticks) <= MOST_TICKS + 1
    assert len(shown.dots) == sum(value is not None for value in found)
    for dot in shown.dots:
        assert LEFT < dot.x < WIDTH - RIGHT
        assert TOP - 0.1 <= dot.y <= HEIGHT - BOTTOM + 0.1
