"""The reporting calendar: local days, weeks (ISO 8601), months and quarters in the one declared time zone. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
"""The days that can be asked for."""

EARLIEST, LATEST = datetime(1969, 1, 1, tzinfo=UTC), datetime(3001, 1, 1, tzinfo=UTC)
"""Between them lie all the days that can be asked for, in every zone, with the weeks and quarters that hold these."""


class Grain(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Period(NamedTuple):
    """From ``first`` to ``last``, both days included."""

    first: date
    last: date


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day that ``moment`` lies in; one that has begun goes on when clocks are set back across its midnight."""
    after, same, before = _days_around(moment.astimezone(UTC).date(), zone)
    if moment >= after.start:
        return after.day
    return same.day if moment >= same.start else before.day


def local_days(moments: Iterable[datetime], zone: ZoneInfo) -> Iterator[date]:
    """The day of each; quick where neighbours share one."""
    start = end = LATEST
    day = LAST_DAY
    for moment in moments:
        if not start <= moment < end:
            day = local_day(moment, zone)
            start, end = day_start(day, zone), day_start(day + DAY, zone)
        yield day


class _LocalDay(NamedTuple):
    start: datetime
    day: date


@lru_cache(maxsize=4_096)
def _days_around(utc_day: date, zone: ZoneInfo) -> list[_LocalDay]:
    """The local days that may touch a day in UTC: the one after it, its namesake and the one before."""
    return [_LocalDay(day_start(day, zone), day) for day in (utc_day + DAY, utc_day, utc_day - DAY)]


def clamped(moment: datetime) -> datetime:
    """The nearest moment that has a local day here: others come from wrong clocks, or mean for ever."""
    return min(max(moment, EARLIEST), LATEST)


@lru_cache(maxsize=4_096)
def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC; right also where clocks change at midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    """The local days that the time from ``start`` up to ``end`` touches."""
    day, last = local_day(start, zone), local_day(end - timedelta(microseconds=1), zone)
    while day <= last:
        yield day
        day += DAY


def period_of(day: date, grain: Grain) -> Period:
    """The whole period in which ``day`` lies."""
    match grain:
        case Grain.DAY:
            return Period(day, day)
        case Grain.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + 6 * DAY)
        case Grain.MONTH:
            return _months(day.year, day.month, 1)
        case Grain.QUARTER:
            return _months(day.year, (day.month - 1) // 3 * 3 + 1, 3)


def _months(year: int, month: int, count: int) -> Period:
    months = year * 12 + month - 1 + count
    return Period(date(year, month, 1), date(months // 12, months % 12 + 1, 1) - DAY)


def touched_days(spans: Iterable[tuple[int, datetime, datetime]], zone: ZoneInfo) -> Iterator[tuple[int, date]]:
    """The local days that each span's time from start up to end touches, beside whose it is; quick where neighbours
    lie in one day."""
    first = last = LATEST
    day = LAST_DAY
    for owner, start, end in spans:
        if not (first <= start and end <= last):
            day = local_day(start, zone)
            first, last = day_start(day, zone), day_start(day + DAY, zone)
        if end <= last:
            yield owner, day
        else:
            yield from ((owner, each) for each in days_between(start, end, zone))


def periods(first: date, last: date, grain: Grain) -> list[Period]:
    """The whole periods that hold the days from ``first`` to ``last``, oldest first."""
    found = [period_of(first, grain)]
    while found[-1].last < last:
        found.append(period_of(found[-1].last + DAY, grain))
    return found


def latest(day: date, grain: Grain, count: int) -> date:
    """The first day of the first of ``count`` periods that end with the period of ``day``."""
    period = period_of(day, grain)
    for _ in range(count - 1):
        period = period_of(period.first - DAY, grain)
    return period.first
