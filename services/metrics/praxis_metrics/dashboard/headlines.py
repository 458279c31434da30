"""The three figures that stand first: do people learn, do they use it, does it help. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from praxis_metrics.schemas import PointOut, SeriesOut

HEADLINES = ("learning-hours", "application-rate", "time-saved")

NEEDS = {
    "learning-hours": "statements of learners, and for its rates a directory",
    "application-rate": "a directory, activities mapped to skills, and 30 days in which evidence may follow",
    "time-saved": "a directory, and accepted tasks with worked minutes or evidence with outcomes in minutes",
}
"""What has to come in before there is a figure."""


@dataclass(frozen=True, slots=True)
class Headline:
    """``before``: the period before; ``series``: where both are from."""

    series: SeriesOut
    now: PointOut
    before: PointOut | None

    @property
    def needs(self) -> str | None:
        """What is missing where there is no figure, though none is hidden."""
        has_figure = self.now.suppressed or self.now.value is not None
        return None if has_figure else NEEDS[self.series.kpi]

    @property
    def change(self) -> float | None:
        """By how much the value differs from the one before, where both are shown."""
        if self.before is None or self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


def headline(series: SeriesOut) -> Headline:
    """The newest final period with something to say; without one the newest that has; else the newest."""
    points = series.points
    at = _newest([says(each) and not each.provisional for each in points])
    if at is None:
        at = _newest([says(each) for each in points])
    if at is None:
        at = len(points) - 1
    return Headline(series, points[at], points[at - 1] if at else None)


def says(point: PointOut) -> bool:
    """Whether there was anybody: a count of 0 about nobody says nothing yet."""
    return point.suppressed or (point.value is not None and bool(point.n))


def lacks_directory(hours: SeriesOut) -> bool:
    """Whether nobody's employment is known: then no headcount is, though it is not hidden."""
    return all(point.denominator is None for point in hours.points if not point.suppressed)


def _newest(wanted: Sequence[bool]) -> int | None:
    return max((at for at, is_wanted in enumerate(wanted) if is_wanted), default=None)
