"""From moments to local days, each of which belongs to what was so last on it. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from praxis_metrics.calendar import DAY, clamped, local_day
from praxis_metrics.placing.lines import FOREVER

_INSTANT = timedelta(microseconds=1)


class Stay(NamedTuple):
    """In these slices from ``start`` up to, but not including, ``end``."""

    start: datetime
    end: datetime
    slices: tuple[str, ...]


class Days(NamedTuple):
    """In a slice from ``first`` to ``last``, both days included; ``date.max``, which is PostgreSQL's infinity, while it
    lasts."""

    slice: str
    first: date
    last: date


def touched(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last local day that the time from ``start`` up to ``end`` touches."""
    last = date.max if end == FOREVER else local_day(clamped(end) - _INSTANT, zone)
    return local_day(clamped(start), zone), last


def days_of(stays: Iterable[Stay], zone: ZoneInfo) -> Iterator[Days]:
    """The days of each slice; ``stays`` come oldest first and do not overlap.

    A day that several stays touch is the last one's alone, so in no slice that this one is not in. Days of one slice
    that follow one another are one.
    """
    open_: dict[str, Days] = {}
    for slices, first, last in _owned(stays, zone):
        for each in slices:
            before = open_.get(each)
            if before is not None and before.last == first - DAY:
                first_of_all = before.first
            else:
                first_of_all = first
                if before is not None:
                    yield before
            open_[each] = Days(each, first_of_all, last)
    yield from open_.values()


def _owned(stays: Iterable[Stay], zone: ZoneInfo) -> list[tuple[tuple[str, ...], date, date]]:
    """Each stay's slices with the days that are its own; one that has none is left out."""
    found: list[tuple[tuple[str, ...], date, date]] = []
    for stay in stays:
        first, last = touched(stay.start, stay.end, zone)
        if first > last:  # wholly outside of the calendar
            continue
        if found and found[-1][2] >= first:
            slices, since, _ = found.pop()
            if since < first:
                found.append((slices, since, first - DAY))
        found.append((stay.slices, first, last))
    return found
