"""When it was, by an event's own times; and the days whose figures it may change. Pure."""

from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from praxis_events.contracts import EventData
from praxis_events.contracts.programme.pathways import CostRecorded, LearnerEnrolled, LearnerWithdrawn
from praxis_metrics.calendar import EARLIEST, FIRST_DAY, LAST_DAY, LATEST, clamped, day_start, local_day
from praxis_metrics.changes import Change, Source

OWN = (
    "occurred_at", "accepted_at", "completed_at", "cycle_closed_at", "decided_at", "at", "from_", "starts_at",
    "starts_on", "concluded_on", "effective_from",
)  # fmt: skip
"""The fields that say when: the first that an event has."""

ENDS = ("to", "due_at")
"""Until when what it says of work goes on."""

When: TypeAlias = datetime | date


def moment_of(data: EventData, otherwise: datetime, zone: ZoneInfo) -> tuple[datetime, date]:
    """The event's own time, or else ``otherwise``, and the local day of it."""
    when = _own(data) or otherwise
    day = _day(when, zone)
    return (clamped(when) if isinstance(when, datetime) else day_start(day, zone)), day


def days_of(area: str, data: EventData, zone: ZoneInfo) -> Change:
    """Work changes its own days; how people are seen, and what is designed, all days from its own on.

    What has no time of its own holds for all time, as a map without ``from`` does.
    """
    own = _own(data)
    first = FIRST_DAY if own is None else _askable(own, zone)
    if area in ("evidence", "work"):
        ends = [_askable(end, zone) for name in ENDS if (end := getattr(data, name, None)) is not None]
        return Change(Source.WORK, first, max([first, *ends]))
    if isinstance(data, LearnerEnrolled | LearnerWithdrawn):
        return Change(Source.ENROLMENTS, first)
    return Change(Source.PEOPLE if area == "people" else Source.PROGRAMME, first)


def _own(data: EventData) -> When | None:
    if isinstance(data, CostRecorded):
        return data.period.from_
    return next((found for name in OWN if (found := getattr(data, name, None)) is not None), None)


def _askable(when: When, zone: ZoneInfo) -> date:
    return min(max(_day(when, zone), FIRST_DAY), LAST_DAY)


def _day(when: When, zone: ZoneInfo) -> date:
    if isinstance(when, datetime):
        return local_day(clamped(when), zone)
    return min(max(when, EARLIEST.date()), LATEST.date())
