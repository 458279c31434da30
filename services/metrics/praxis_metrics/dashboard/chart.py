"""A series as the geometry of a line chart, for an SVG of ``WIDTH`` by ``HEIGHT``. Pure.

The line breaks where there is no figure; what is hidden is a gap of its own, from halfway to its neighbours.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from praxis_metrics.calendar import Grain
from praxis_metrics.dashboard import figures
from praxis_metrics.schemas import PointOut

WIDTH, HEIGHT = 480.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 12.0, 12.0, 28.0

MOST_TICKS = 5
LABELS = 4


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    provisional: bool


@dataclass(frozen=True, slots=True)
class Gap:
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick of the value axis at height ``at``, or a period's name at ``at`` from the left."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines and bands are lists of ``points`` for polylines and polygons."""

    lines: list[str]
    bands: list[str]
    compared: list[str]
    dots: list[Dot]
    gaps: list[Gap]
    ticks: list[Mark]
    labels: list[Mark]
    zero: float


def chart(points: Sequence[PointOut], beside: Sequence[PointOut], grain: Grain, unit: str) -> Chart:
    """``beside``: points to compare with, drawn at the same places."""
    step = _step(_extent([*points, *beside]))
    low, high = step.low, step.high

    def x(at: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * ((at + 0.5) / len(points)), 1)

    def y(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low), 1)

    half = (WIDTH - LEFT - RIGHT) / len(points) / 2
    return Chart(
        lines=[_path((x(at), y(value)) for at, value in run) for run in _runs(points, lambda p: p.value)],
        bands=list(_bands(points, x, y)),
        compared=[_path((x(at), y(value)) for at, value in run) for run in _runs(beside, lambda p: p.value)],
        dots=[Dot(x(at), y(p.value), p.provisional) for at, p in enumerate(points) if p.value is not None],
        gaps=[Gap(round(x(at) - half, 1), round(2 * half, 1)) for at, p in enumerate(points) if p.suppressed],
        ticks=[Mark(y(value), figures.number(value, unit)) for value in step.values()],
        labels=[Mark(x(at), figures.period(points[at].first, grain)) for at in _spread(len(points))],
        zero=y(0),
    )


@dataclass(frozen=True, slots=True)
class _Step:
    size: float
    first: int
    last: int

    @property
    def low(self) -> float:
        return self.first * self.size

    @property
    def high(self) -> float:
        return self.last * self.size

    def values(self) -> list[float]:
        return [round(n * self.size, 12) for n in range(self.first, self.last + 1)]


def _extent(points: Sequence[PointOut]) -> tuple[float, float]:
    """The least and the most that is drawn, and 0."""
    values = [p.value for p in points if p.value is not None]
    values += [end for p in points if p.interval is not None for end in (p.interval.low, p.interval.high)]
    return min([0.0, *values]), max([0.0, *values])


def _step(extent: tuple[float, float]) -> _Step:
    """Ticks at 1, 2 or 5 times a power of ten that take in the extent; an empty one is from 0 to 1."""
    low, high = extent if extent != (0.0, 0.0) else (0.0, 1.0)
    size = 10.0 ** floor(log10((high - low) / MOST_TICKS))
    sizes = [size * factor for factor in (1, 2, 5, 10, 20)]
    size = next(each for each in sizes if ceil(high / each) - floor(low / each) <= MOST_TICKS)
    return _Step(size, floor(low / size), ceil(high / size))


def _runs(points: Sequence[PointOut], value: Callable[[PointOut], float | None]) -> list[list[tuple[int, float]]]:
    """Neighbours that have a value, together."""
    found: list[list[tuple[int, float]]] = [[]]
    for at, point in enumerate(points):
        shown = value(point)
        if shown is not None:
            found[-1].append((at, shown))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def _bands(points: Sequence[PointOut], x: Callable[[int], float], y: Callable[[float], float]) -> Iterable[str]:
    """Of one point alone, a narrow one."""
    for run in _runs(points, lambda p: None if p.interval is None else p.interval.low):
        low = [(x(at), y(value)) for at, value in run]
        high = [(x(at), y(found.high)) for at, _ in run if (found := points[at].interval) is not None]
        if len(run) == 1:
            low = [(low[0][0] - 3, low[0][1]), (low[0][0] + 3, low[0][1])]
            high = [(high[0][0] - 3, high[0][1]), (high[0][0] + 3, high[0][1])]
        yield _path([*low, *reversed(high)])


def _path(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _spread(count: int) -> list[int]:
    """At most ``LABELS`` places, the first and the last among them."""
    if count <= LABELS:
        return list(range(count))
    return sorted({round(n * (count - 1) / (LABELS - 1)) for n in range(LABELS)})
