"""What was observed of single people in windows of their own: the figures that groups are compared by.

A KPI's cells are of everybody in a slice; a comparison of groups needs to know who varies how much. So each KPI that is
made of people's own observations says here how they add up for one person, on the same common tables as its cells.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.day_ranges import ranges
from praxis_metrics.kpis.kpi import STEP_DAYS, Asked
from praxis_metrics.kpis.slicing import PERIODS


class Statistic(StrEnum):
    """How observations of many people make one figure."""

    RATIO = "ratio"
    """All numerators by all denominators."""
    MEDIAN = "median"
    """Of all figures of all people."""


class Window(NamedTuple):
    """Days of one person, both included."""

    person_id: str
    first: date
    last: date


class Share(NamedTuple):
    """Of one person in a window, for a ratio."""

    numerator: float
    denominator: float


Observation: TypeAlias = Share | Sequence[float]
"""For a median: the person's figures, in their order."""

Parameters = Callable[[AsyncSession], Awaitable[Callable[[Asked], Mapping[str, object]]]]


async def _none(_: AsyncSession) -> Callable[[Asked], Mapping[str, object]]:
    return lambda _: {}


@dataclass(frozen=True, slots=True)
class Observed:
    """How one KPI is observed of people.

    ``tables``: SQL after ``PERIODS`` and ``windows``, whose last common table is ``observations``, with ``person_id``
    and ``day``. ``figure`` adds up those ``o`` of a window ``w``: the figures of a median, or a numerator, beside its
    ``denominator``. ``words``: the figure of a group. ``by_doers``: figures are about those whose numerator is not 0,
    and not about all who had the chance, as ``n`` of the KPI. ``by_skill``: ``observations`` heed ``:skill``.
    ``stepwise``: a quarter or so at a time, as the KPI itself.
    """

    kpi: str
    words: str
    tables: str
    figure: str
    denominator: str = "NULL"
    by_doers: bool = False
    by_skill: bool = False
    stepwise: bool = False
    parameters: Parameters = _none

    @property
    def statistic(self) -> Statistic:
        return Statistic.MEDIAN if self.denominator == "NULL" else Statistic.RATIO

    def shown(self, observations: Sequence[Observation], threshold: int) -> int | None:
        """Of how many of these people there is anything; ``None`` where a group's figure must be hidden, as there are
        fewer than the threshold of them, or of those whom the figure is about. That nobody did something is shown."""
        there = [each for each in observations if _is_there(each)]
        about = sum(not isinstance(each, Share) or each.numerator != 0 for each in there) if self.by_doers else 0
        return None if len(there) < max(threshold, 1) or 0 < about < threshold else len(there)


_WINDOWS = """
    windows AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:numbers AS integer[]), CAST(:persons AS text[]), CAST(:window_firsts AS date[]),
                             CAST(:window_lasts AS date[])) AS w(number, person_id, first, last)
    )
"""


async def observe(
    session: AsyncSession, of: Observed, windows: Sequence[Window], through: date, skill: str | None = None
) -> list[Observation]:
    """What was observed in each of these windows. ``skill``: only of it."""
    query = text(
        f"""
        WITH {PERIODS}, {_WINDOWS}, {of.tables}
        SELECT w.number, {of.figure} AS figure, {of.denominator} AS denominator
        FROM windows w JOIN observations o ON o.person_id = w.person_id AND o.day BETWEEN w.first AND w.last
        GROUP BY w.number, w.first, w.last
        """  # noqa: S608 - of our own
    )
    found: list[Observation] = [Share(0, 0) if of.statistic == Statistic.RATIO else ()] * len(windows)
    if not windows:
        return found
    asked = Asked(_periods(windows), through)
    further, own = await of.parameters(session), {**_columns(windows), **({"skill": skill} if of.by_skill else {})}
    for each in asked.in_steps() if of.stepwise else [asked]:
        for row in await session.execute(query, {**each.parameters, **further(each), **own}):
            found[row.number] = _added(found[row.number], row.figure, row.denominator)
    return [Share(0, 0) if isinstance(each, Share) and not each.denominator else each for each in found]


def _is_there(observation: Observation) -> bool:
    return observation.denominator > 0 if isinstance(observation, Share) else len(observation) > 0


def _periods(windows: Sequence[Window]) -> list[Period]:
    """The days of all windows, no more than a quarter or so in one."""
    found = []
    for first, last in ranges(Period(window.first, window.last) for window in windows):
        while first <= last:
            found.append(Period(first, min(last, first + timedelta(days=STEP_DAYS - 1))))
            first = found[-1].last + timedelta(days=1)
    return found


def _columns(windows: Sequence[Window]) -> dict[str, list[Any]]:
    return {
        "numbers": list(range(len(windows))),
        "persons": [window.person_id for window in windows],
        "window_firsts": [window.first for window in windows],
        "window_lasts": [window.last for window in windows],
    }


def _added(before: Observation, figure: Any, denominator: Any) -> Observation:
    if isinstance(before, Share):
        return Share(before.numerator + float(figure or 0), before.denominator + float(denominator or 0))
    return tuple(float(each) for each in figure or ())
