"""A record of work, the programme or the directory as it is kept. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from praxis_events.contracts import EventData
from praxis_events.contracts.base import canonical
from praxis_events.contracts.directory import PeopleRescinded
from praxis_events.contracts.evidence import EvidenceRescinded
from praxis_events.contracts.programme import ProgrammeRescinded
from praxis_events.contracts.work import WorkRescinded
from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_events.names import folded
from praxis_events.times import from_ms
from praxis_events.upcasting import newest
from praxis_metrics.changes import Change
from praxis_metrics.said.days import days_of, moment_of
from praxis_metrics.said.naming import Reference, references, sender
from praxis_people.identifiers import bounded

PEOPLE = frozenset({"people.performance-rated", "people.review-completed", "people.promoted"})
"""What is kept of ``people.directory``; where people stood is kept elsewhere."""

Rescinding: TypeAlias = EvidenceRescinded | WorkRescinded | ProgrammeRescinded | PeopleRescinded


@dataclass(frozen=True, slots=True)
class Said:
    """``type``: as ``work.task-accepted``. ``data``: as JSON. ``changes``: the days whose figures it may change."""

    event: UUID
    appended_at: datetime
    type: str
    place: int
    at: datetime
    day: date
    data: str
    people: tuple[Reference, ...]
    changes: Change


@dataclass(frozen=True, slots=True)
class Rescission:
    """``by``: its area; ``undone``: what it takes back, now or when that comes."""

    event: UUID
    appended_at: datetime
    by: str
    undone: UUID


@dataclass(frozen=True, slots=True)
class Other:
    """Of no interest here, but its id is taken."""

    event: UUID
    appended_at: datetime


Taken = Said | Rescission | Other


def take(record: Record, zone: ZoneInfo) -> Taken | None:
    """``None`` for a type that this code does not know. Raises ``ValueError`` and ``UnknownVersion``."""
    event = Event.from_record(record)
    found = newest(event)
    if found is None:
        return None
    type_, data = found[0].removeprefix("praxis.").rpartition(".v")[0], found[1]
    appended_at = from_ms(record.placed_ms)
    if isinstance(data, Rescinding):
        return Rescission(event.key, appended_at, area(type_), event.undone(data.event.source, data.event.id))
    if area(type_) == "people" and type_ not in PEOPLE:
        return Other(event.key, appended_at)
    moment = moment_of(data, event.time or appended_at, zone)
    people = (*references(data), *sender(event.principal))
    return Said(
        event.key, appended_at, type_, record.place, *moment, stored(data), people, days_of(area(type_), data, zone)
    )


def area(type_: str) -> str:
    """``work`` of ``work.task-accepted``."""
    return type_.partition(".")[0]


def takes_back(by: str, type_: str) -> bool:
    """Evidence's rescission takes back anything of its topic, the others only what is of their own area."""
    return area(type_) == by or (by == "evidence" and area(type_) == "work")


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def stored(data: EventData) -> str:
    """As it was published, but names in the form in which they are compared; without U+0000, which no jsonb holds."""
    return _NUL.sub(r"\1", msgspec.json.encode(_comparable(canonical(data))).decode())


def _comparable(data: dict[str, Any]) -> dict[str, Any]:
    """Systems, tasks and artefacts are folded; activities are as the dictionary of activities has them."""
    return {name: _COMPARED[name](value) if name in _COMPARED else value for name, value in data.items()}


def _object(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "system": folded(value["system"]), "id": folded(value["id"])}


def _about(value: Any) -> Any:
    return _comparable(value) if isinstance(value, dict) else value


_COMPARED: dict[str, Callable[[Any], Any]] = {
    "task": _object,
    "artefact": _object,
    "system": folded,
    "activity": bounded,
    "activities": lambda iris: [bounded(iri) for iri in iris],
    "about": _about,
}
"""By the name of the field, which means the same in every contract."""
