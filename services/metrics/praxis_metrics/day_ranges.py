"""Many days as a few ranges of days. Pure."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from praxis_metrics.calendar import DAY, Period

MOST = 12
"""Ranges that one transaction notes: enough to leave out the years between, few enough to take together."""


def ranges(periods: Iterable[Period], most: int = MOST) -> list[Period]:
    """At most ``most`` ranges that hold all ``periods``; they leave out the widest gaps between these."""
    apart: list[Period] = []
    for period in sorted(periods):
        if apart and period.first <= apart[-1].last + DAY:
            apart[-1] = Period(apart[-1].first, max(apart[-1].last, period.last))
        else:
            apart.append(period)
    gaps = sorted(range(1, len(apart)), key=lambda at: apart[at].first - apart[at - 1].last, reverse=True)
    cuts = [0, *sorted(gaps[: most - 1]), len(apart)]
    return [Period(apart[start].first, apart[end - 1].last) for start, end in pairwise(cuts) if end > start]


def ranges_of(days: Iterable[date], most: int = MOST) -> list[Period]:
    return ranges((Period(day, day) for day in days), most)
