"""A person's days at work: as an employee or a contractor, on leave or not. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from praxis_events.contracts import EventData
from praxis_events.contracts.directory import Hired, LeaveEnded, LeaveStarted, Left
from praxis_metrics.placing.days import touched
from praxis_metrics.placing.lines import FOREVER
from praxis_people.employment import Change, EmploymentEvent, spans
from praxis_people.history import Heard

CHANGES: dict[type[EventData], Change] = {
    Hired: Change.HIRED,
    Left: Change.LEFT,
    LeaveStarted: Change.LEAVE_STARTED,
    LeaveEnded: Change.LEAVE_ENDED,
}

CONTRACTORS = frozenset({"contractor", "external", "contingent", "contingent worker"})
"""``worker_type`` of people who are at work but not employed (SCIM's userType, RFC 7643 §4.1.1; Workday's terms)."""


class Employment(NamedTuple):
    """Local days, both included; ``date.max``, PostgreSQL's infinity, while it lasts."""

    person_id: str
    on_leave: bool
    employee: bool
    first_day: date
    last_day: date


def is_contractor(worker_type: str | None) -> bool:
    """Whatever the case, and however the words are joined; without a type one is an employee."""
    return worker_type is not None and re.sub(r"[\s_-]+", " ", worker_type).strip().lower() in CONTRACTORS


def employment(person_id: str, events: Iterable[Heard], zone: ZoneInfo) -> set[Employment]:
    """All local days that each span of the person's employment touches. ``events``: the person's that stand."""
    return {
        Employment(person_id, span.on_leave, span.employee, *touched(span.start, span.end or FOREVER, zone))
        for span in spans(change for each in events for change in _changes(each.data))
    }


def _changes(data: EventData) -> list[EmploymentEvent]:
    if not isinstance(data, Hired | Left | LeaveStarted | LeaveEnded):
        return []
    employee = not (isinstance(data, Hired) and is_contractor(data.worker_type))
    return [EmploymentEvent(data.effective_at, CHANGES[type(data)], employee)]
