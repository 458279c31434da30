"""Employment as spans: hires, departures and leave of one person, folded in the order in which they took effect.

Arrival is in any order; only ``effective_at`` rules. At one instant a departure comes before a hire and the end of a
leave before the start of the next, so that leaving and returning at the same moment is continuous employment.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum


class Change(IntEnum):
    """What happened; the number is the order at one instant."""

    LEFT = 1
    HIRED = 2
    LEAVE_ENDED = 3
    LEAVE_STARTED = 4


@dataclass(frozen=True, slots=True, order=True)
class EmploymentEvent:
    """One change of one person's employment, effective at an aware moment; of a hire, whether as an ``employee``."""

    effective_at: datetime
    change: Change
    employee: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """At work from ``start`` up to, but not including, ``end`` (``None``: still), on leave or not all the while, as an
    employee or as a contractor."""

    start: datetime
    end: datetime | None
    on_leave: bool
    employee: bool = True


def spans(events: Iterable[EmploymentEvent]) -> list[Span]:
    """The person's time at work as spans that neither overlap nor are empty, oldest first.

    The first hire opens it and the first departure after it closes it, and with it any leave. A hire while at work says
    as what from then on; taken on as both at one moment, one is an employee. A departure or leave while not at work
    changes nothing.
    """
    found: list[Span] = []
    current: Span | None = None
    for event in sorted(events):
        if current is not None and current.start < event.effective_at:
            found.append(replace(current, end=event.effective_at))
        current = _after(event, current)
    if current is not None:
        found.append(current)
    return _joined(found)


def _after(event: EmploymentEvent, current: Span | None) -> Span | None:
    match event.change:
        case Change.LEFT:
            return None
        case Change.HIRED:
            return Span(event.effective_at, None, current is not None and current.on_leave, event.employee)
        case Change.LEAVE_STARTED | Change.LEAVE_ENDED:
            on_leave = event.change is Change.LEAVE_STARTED
            return current and replace(current, start=event.effective_at, on_leave=on_leave)


def _joined(found: list[Span]) -> list[Span]:
    """Neighbours of the same kind as one span: left and hired again at the same moment, or told again what was so."""
    joined: list[Span] = []
    for span in found:
        if joined and replace(joined[-1], start=span.start, end=span.end) == span and joined[-1].end == span.start:
            span = replace(span, start=joined.pop().start)
        joined.append(span)
    return joined
