"""Blocks of protected hours: bookings and cancellations, series and all, piece by piece of local days. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from praxis_metrics.calendar import DAY, EARLIEST, LATEST, Period, day_start, days_between

MOST_BLOCKS = 10_000
"""Of one series, its first: a block each working day for forty years. A rule of seconds would never end."""


class Hours(NamedTuple):
    """Booked, or cancelled: one block or, with ``recurrence`` (RFC 5545), a series that begins with it."""

    starts_at: datetime
    ends_at: datetime
    recurrence: str | None
    time_zone: str


class Piece(NamedTuple):
    """What of a block lies in one local day."""

    day: date
    starts_at: datetime
    ends_at: datetime


def pieces(hours: Hours, within: Period, zone: ZoneInfo) -> Iterator[Piece]:
    """On each local day of ``within``, in the reporting ``zone``, oldest block first."""
    first, end = day_start(within.first, zone), day_start(within.last + DAY, zone)
    for starts_at, ends_at in _blocks(hours, end):
        if ends_at > first:
            yield from _cut(max(starts_at, first), min(ends_at, end), zone)


def _cut(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Iterator[Piece]:
    for day in days_between(starts_at, ends_at, zone):
        yield Piece(day, max(starts_at, day_start(day, zone)), min(ends_at, day_start(day + DAY, zone)))


def _blocks(hours: Hours, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Those that begin before ``end``; all are as long as the first, in elapsed time."""
    if not EARLIEST <= hours.starts_at < LATEST:
        return
    for starts_at in _starts(hours):
        if starts_at >= end:
            return
        yield starts_at, starts_at + (hours.ends_at - hours.starts_at)


def _starts(hours: Hours) -> Iterable[datetime]:
    """In the series' own time zone nine o'clock stays nine o'clock. A first block that its rule does not name is none:
    RFC 5545 leaves it open (3.8.5.3)."""
    if hours.recurrence is None:
        return [hours.starts_at]
    zone = ZoneInfo(hours.time_zone)
    first = hours.starts_at.astimezone(zone)
    try:
        rule = rrulestr(hours.recurrence, dtstart=first)
        found = (moment.astimezone(hours.starts_at.tzinfo) for moment in rule)
    except ValueError:
        # An UNTIL of local time: RFC 5545 has it only for times without zone, but it is plain what is meant.
        rule = rrulestr(hours.recurrence, dtstart=first.replace(tzinfo=None))
        found = (moment.replace(tzinfo=zone).astimezone(hours.starts_at.tzinfo) for moment in rule)
    return islice(found, MOST_BLOCKS)
