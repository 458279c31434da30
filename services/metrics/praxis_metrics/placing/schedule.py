"""A person's own working days and time zone, as each hire says them. Pure."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from praxis_events.contracts.directory import Hired
from praxis_metrics.calendar import DAY, clamped, local_day
from praxis_people.history import Heard

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CUSTOMARY = "12345"
"""Monday to Friday, where nobody has said otherwise (ISO 8601's numbers)."""

REPORTING = ""
"""The reporting time zone: of whom no zone is known, or one that does not exist."""


class Schedule(NamedTuple):
    """``working_days``: ISO 8601's numbers, in order. Local days, both included; ``date.max``, PostgreSQL's infinity,
    while it lasts."""

    person_id: str
    time_zone: str
    working_days: str
    first_day: date
    last_day: date


def schedules(person_id: str, events: Iterable[Heard], zone: ZoneInfo) -> set[Schedule]:
    """From each hire up to the next, whether or not the person is at work. ``events``: the person's that stand.

    A hire says everything anew; a day belongs to the last one on it, and of two at one instant to the one that the log
    heard later.
    """
    said = [each.data for each in sorted(events, key=attrgetter("place"))]
    hires = sorted((data for data in said if isinstance(data, Hired)), key=attrgetter("effective_at"))
    by_day = {local_day(clamped(hire.effective_at), zone): hire for hire in hires}
    days = sorted(by_day)
    return {
        Schedule(person_id, _zone(by_day[first].time_zone), _working_days(by_day[first]), first, last)
        for first, last in zip(days, [*(day - DAY for day in days[1:]), date.max], strict=False)
    }


def _zone(name: str | None) -> str:
    try:
        return REPORTING if name is None else ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return REPORTING


def _working_days(hired: Hired) -> str:
    if hired.working_days is None:
        return CUSTOMARY
    return "".join(str(number) for number, name in enumerate(WEEKDAYS, 1) if name in hired.working_days)
