"""Employment as spans: hires, departures and leave of one person, folded in the order in which they took effect.

Arrival is in any order; only ``effective_at`` rules. At one instant a departure comes before a hire and the end of a
leave before the start of the next, so that leaving and returning at the same moment is continuous employment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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
    """One change of one person's employment, effective at an aware moment."""

    effective_at: datetime
    change: Change


@dataclass(frozen=True, slots=True)
class Span:
    """Employed from ``start`` up to, but not including, ``end`` (``None``: still), on leave or not all the while."""

    start: datetime
    end: datetime | None
    on_leave: bool


def spans(events: Iterable[EmploymentEvent]) -> list[Span]:
    """The person's employment as spans that neither overlap nor are empty, oldest first.

    The first hire opens employment and the first departure after it closes it, and with it any leave; a hire while
    employed, and a departure or leave while not employed, change nothing.
    """
    found: list[Span] = []
    start: datetime | None = None
    on_leave = False
    for event in sorted(events):
        employed = start is not None
        becomes_employed, becomes_on_leave = _next(event.change, employed, on_leave)
        if (becomes_employed, becomes_on_leave) == (employed, on_leave):
            continue
        if start is not None and start < event.effective_at:
            found.append(Span(start, event.effective_at, on_leave))
        start, on_leave = (event.effective_at if becomes_employed else None), becomes_on_leave
    if start is not None:
        found.append(Span(start, None, on_leave))
    return _joined(found)


def _next(change: Change, employed: bool, on_leave: bool) -> tuple[bool, bool]:
    match change:
        case Change.HIRED:
            return True, on_leave
        case Change.LEFT:
            return False, False
        case Change.LEAVE_STARTED:
            return employed, employed
        case Change.LEAVE_ENDED:
            return employed, False


def _joined(found: list[Span]) -> list[Span]:
    """Neighbours of the same kind as one span: left and hired again, or back and away again, at the same moment."""
    joined: list[Span] = []
    for span in found:
        if joined and (joined[-1].end, joined[-1].on_leave) == (span.start, span.on_leave):
            span = Span(joined.pop().start, span.end, span.on_leave)
        joined.append(span)
    return joined
