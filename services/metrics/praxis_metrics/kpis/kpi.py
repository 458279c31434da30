"""What a KPI is: a published definition, and how its cells are computed."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.lattice import ALL, Slice

Stage = Literal["input", "process", "outcome"]

STEP_DAYS = 100

DETAIL_PARTS = (
    "not_employed", "contractors", "learners", "non_learners", "with_evidence", "without_evidence"
)  # fmt: skip
"""Names in ``Cell.detail`` that count people among the cell's own: where one is too few, all of them are left out."""

DETAIL_OF_PARTS = (
    "learners_retention", "non_learners_retention", "rate_with_evidence", "rate_without_evidence"
)  # fmt: skip
"""Names in ``Cell.detail`` of what is about such a part only: left out with them."""


class Interval(NamedTuple):
    """Where the true value lies with the probability ``level``, by the named method."""

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure, before anything is hidden.

    ``n``: how many people it is about; ``unmatched``: how many of them, or beside them, the directory does not know.
    Ratios are ``None`` where the denominator is 0, and so are numerator and denominator where nobody can tell.
    ``about``: of figures in ``detail`` that are about other people than ``n`` how many; where any of these are few,
    none of them is published.
    """

    period: Period
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    unmatched: int = 0
    slice: Slice = ALL
    interval: Interval | None = None
    detail: Mapping[str, float | None] = field(default_factory=dict)
    about: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """The cells that are wanted: of these whole periods, of everybody and of each slice of these kinds.

    ``through``: the last local day that has wholly been read.
    """

    periods: Sequence[Period]
    through: date
    cuts: Sequence[str] = ()

    @property
    def parameters(self) -> dict[str, object]:
        """For SQL that begins with ``PERIODS``."""
        return {
            "firsts": [period.first for period in self.periods],
            "lasts": [period.last for period in self.periods],
            "cuts": list(self.cuts),
            "through": self.through,
        }

    def in_steps(self) -> "Iterator[Asked]":
        """The same, no more than a quarter or so of days at a time: it bounds the memory of what is made of a row for
        each person and day."""
        some: list[Period] = []
        for period in sorted(self.periods):
            if some and (period.last - some[0].first).days > STEP_DAYS:
                yield replace(self, periods=some)
                some = []
            some.append(period)
        if some:
            yield replace(self, periods=some)


class Reach(NamedTuple):
    """How many days before a changed day, and after it (``None``: all), a KPI's figures may change."""

    before: int = 0
    after: int | None = 0


@dataclass(frozen=True, slots=True)
class Kpi:
    """``version`` changes whenever an answer could. ``compute`` gives the cells asked for, maybe without empty ones.

    ``reads``: what it is made of; ``days``: a table with the days of what is counted, where nothing is to be said of
    periods without any; else ``since``: SQL for the first day of which there is something to say. Cells are published
    at ``grains`` for everybody and, by the kinds of slice in ``cuts``, at ``cut_grain``. ``matures``: how long after
    its end a period's figures still change by definition.
    """

    name: str
    version: int
    stage: Stage
    unit: str
    definition: str
    compute: Callable[[AsyncSession, Asked], Awaitable[list[Cell]]]
    reads: Mapping[Source, Reach]
    grains: tuple[Grain, ...] = (Grain.WEEK, Grain.MONTH, Grain.QUARTER)
    cuts: tuple[str, ...] = ("unit", "role")
    cut_grain: Grain = Grain.MONTH
    matures: timedelta = timedelta()
    days: str | None = None
    since: str = "SELECT min(day) FROM person_day"
    by_headcount: bool = False
    """Whether numerator and denominator are of employees: without a directory, nobody can tell."""
    of_nobody: float | None = 0
    """``value`` of a period in which nothing was there to count."""
    detail_of_nobody: Mapping[str, float | None] = field(default_factory=dict)
    less_is_better: bool = False
