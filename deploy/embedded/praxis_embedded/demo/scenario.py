"""What is simulated: how large, how long, until when, and which of the planted effects."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

LEAST_PEOPLE, LEAST_MONTHS = 60, 6
"""In fewer, groups would be too small to be shown, and there would be no time before and after a planted effect."""

DAY = timedelta(days=1)


class Effect(StrEnum):
    """What is planted (``praxis_embedded.demo.truths``, one module each)."""

    PATHWAY = "pathway"
    PILOT = "pilot"
    RING = "ring"
    BARRIER = "barrier"


@dataclass(frozen=True, slots=True)
class Scenario:
    """``until`` is the last day that is simulated; ``without``: the effects that are left out."""

    until: date
    people: int = 300
    months: int = 18
    seed: int = 1
    without: frozenset[Effect] = frozenset()

    @property
    def first(self) -> date:
        """The first day: the one after the same day of the month, ``months`` before."""
        year, month = divmod(self.until.year * 12 + self.until.month - 1 - self.months, 12)
        return date(year, month + 1, min(self.until.day, 28)) + DAY

    @property
    def days(self) -> int:
        return (self.until - self.first).days + 1

    def has(self, effect: Effect) -> bool:
        return effect not in self.without

    def at(self, share: float) -> date:
        """The day when this share of the time is over."""
        return self.first + DAY * int(share * (self.days - 1))

    def draws(self, *about: object) -> Random:
        """A stream of its own for each matter, so that leaving one thing out changes no other."""
        return Random("/".join(map(str, (self.seed, *about))))  # noqa: S311 - no secret

    def weekdays(self, first: date | None = None, last: date | None = None) -> Iterator[date]:
        """Monday to Friday, from ``first`` to ``last``, both included and the simulation's own if not given."""
        day, end = max(first or self.first, self.first), min(last or self.until, self.until)
        while day <= end:
            if day.weekday() < 5:
                yield day
            day += DAY

    def month_starts(self) -> Iterator[date]:
        """The first of every month that begins within the time."""
        month = self.first.replace(day=1)
        while month <= self.until:
            if month >= self.first:
                yield month
            month = (month + 31 * DAY).replace(day=1)
