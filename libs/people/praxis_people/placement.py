"""Where a person stood in the organisation: unit, role, manager, grade and employment, as spans of time. Pure.

Events may come in any order; ``effective_at`` rules. At one instant a departure comes before a hire, and both before
what changes something: so somebody hired as one thing and moved at once is the other. Of two changes of one thing at
one instant the one that the log heard later holds: it is the correction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import TypeAlias

from praxis_events.contracts.directory import (
    Hired,
    LeaveEnded,
    LeaveStarted,
    Left,
    ManagerChanged,
    Promoted,
    RoleChanged,
    UnitChanged,
)
from praxis_people.history import Heard

PlacementEvent: TypeAlias = (
    Hired | Left | RoleChanged | UnitChanged | ManagerChanged | Promoted | LeaveStarted | LeaveEnded
)
_RANK: dict[type, int] = {Left: 0, Hired: 1, LeaveEnded: 3, LeaveStarted: 4}
_CHANGE = 2


@dataclass(frozen=True, slots=True)
class Placement:
    """At work from ``start`` up to, but not including, ``end`` (``None``: still).

    ``manager_id`` is ``None`` for whoever reports to nobody, or nobody known; so with ``grade`` and ``worker_type``.
    """

    start: datetime
    end: datetime | None
    unit: str
    role: str
    grade: str | None = None
    manager_id: str | None = None
    worker_type: str | None = None
    on_leave: bool = False


def placements(events: Iterable[Heard], person_id: str) -> list[Placement]:
    """The person's time at work as spans that neither overlap nor are empty, oldest first; neighbours differ.

    ``events``: as known at some position of the log (``history.as_known``). A hire says everything anew, also while at
    work; what changes something while the person is not at work changes nothing.
    """
    found: list[Placement] = []
    current: Placement | None = None
    for moment, at_once in groupby(_in_order(events, person_id), key=lambda data: data.effective_at):
        after = current
        for data in at_once:
            after = _after(after, data)
        if current is not None and after is not None and replace(after, start=current.start) == current:
            continue
        if current is not None:
            found.append(replace(current, end=moment))
        current = after and replace(after, start=moment)
    return found if current is None else [*found, current]


def placement_at(spans: Sequence[Placement], moment: datetime) -> Placement | None:
    """Where the person stood at a moment; ``None``: not at work."""
    return next((each for each in spans if each.start <= moment and (each.end is None or moment < each.end)), None)


def _in_order(events: Iterable[Heard], person_id: str) -> list[PlacementEvent]:
    own = [
        (each.data.effective_at, _RANK.get(type(each.data), _CHANGE), each.place, each.data)
        for each in events
        if isinstance(each.data, PlacementEvent) and each.data.person_id == person_id
    ]
    return [data for *_, data in sorted(own, key=lambda each: each[:3])]


def _after(current: Placement | None, data: PlacementEvent) -> Placement | None:
    match data:
        case Hired():
            on_leave = current is not None and current.on_leave
            said = (data.unit, data.role, data.grade, data.manager_id, data.worker_type)
            return Placement(data.effective_at, None, *said, on_leave)
        case Left():
            return None
        case UnitChanged():
            return current and replace(current, unit=data.unit)
        case RoleChanged():
            return current and replace(current, role=data.role)
        case ManagerChanged():
            return current and replace(current, manager_id=data.manager_id)
        case Promoted():
            return current and replace(current, grade=data.to_grade, role=data.role or current.role)
        case LeaveStarted() | LeaveEnded():
            return current and replace(current, on_leave=isinstance(data, LeaveStarted))
