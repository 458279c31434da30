"""What the KPIs need of a stored statement, taken out of a record of ``learning.statements``. Pure."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from praxis_events.log import Record
from praxis_events.projection import PoisonRecord
from praxis_events.statement_records import ID_ASSIGNED, statement_id_of
from praxis_events.times import from_ms, parse_time
from praxis_metrics.activity_texts import ActivityText
from praxis_metrics.calendar import EARLIEST, LATEST
from praxis_metrics.verbs import VOIDED
from praxis_people.identifiers import bounded, key_of

SITES = frozenset({
    "http://id.tincanapi.com/activitytype/lms",
    "http://id.tincanapi.com/activitytype/site",
    "https://w3id.org/xapi/vle/activity-types/system",
})  # fmt: skip
"""Types of a whole learning system (TinCan registry; VLE profile): Moodle's exporters name it before the course."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One learner did one thing. ``activity`` is ``None`` when the object is none; ``course`` is then its context.

    ``duration_ms`` is ``result.duration`` in whole milliseconds. ``fingerprint`` marks a statement that its client
    sent without an id: another one with the same fingerprint is its redelivery. ``told``: how it names the activity.
    """

    statement_id: UUID
    appended_at: datetime
    at: datetime
    actor: str
    verb: str
    activity: str | None
    course: str | None
    registration: UUID | None
    duration_ms: int | None
    fingerprint: UUID | None
    told: ActivityText | None = None


@dataclass(frozen=True, slots=True)
class Void:
    """The statement ``target`` counts nowhere, whether it came before or has still to come."""

    statement_id: UUID
    appended_at: datetime
    target: UUID


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Nobody's activity, but its id is taken: a group's statement, or one of a time that no calendar here holds."""

    statement_id: UUID
    appended_at: datetime


Taken: TypeAlias = Fact | Void | Uncounted


class _Verb(msgspec.Struct, gc=False):
    id: str


class _Texts(msgspec.Struct, gc=False):
    name: dict[str, str] = {}
    description: dict[str, str] = {}


class _Object(msgspec.Struct, gc=False, rename="camel"):
    id: str | None = None
    object_type: str = "Activity"
    definition: _Texts | None = None


class _Definition(msgspec.Struct, frozen=True, gc=False):
    type: str | None = None


class _Activity(msgspec.Struct, gc=False):
    id: str
    definition: _Definition = _Definition()

    @property
    def is_site(self) -> bool:
        return self.definition.type in SITES


_Activities: TypeAlias = list[_Activity] | _Activity
"""1.0.3 still takes a single Activity in place of an array (Data §2.4.6.2)."""


class _ContextActivities(msgspec.Struct, gc=False):
    grouping: _Activities = []
    parent: _Activities = []


class _Context(msgspec.Struct, gc=False, rename="camel"):
    registration: UUID | None = None
    context_activities: _ContextActivities | None = None


class _Result(msgspec.Struct, gc=False):
    duration: str | None = None


class _Statement(msgspec.Struct, gc=False):
    actor: dict[str, Any]
    verb: _Verb
    object: msgspec.Raw
    stored: str
    timestamp: str | None = None
    result: _Result | None = None
    context: _Context | None = None


_statements = msgspec.json.Decoder(_Statement)
_objects = msgspec.json.Decoder(_Object)


def take(record: Record) -> Taken:
    """Raises ``ValueError`` or ``PoisonRecord`` for what no LRS may have stored."""
    statement_id, appended_at = statement_id_of(record), from_ms(record.placed_ms)
    statement = _statements.decode(record.value)
    thing = _objects.decode(statement.object)
    if statement.verb.id == VOIDED and thing.object_type == "StatementRef" and thing.id is not None:
        return Void(statement_id, appended_at, UUID(thing.id))
    at = _moment(statement)
    if statement.actor.get("objectType") == "Group" or not EARLIEST <= at < LATEST:
        return Uncounted(statement_id, appended_at)
    actor = key_of(statement.actor)
    if actor is None:
        raise PoisonRecord("actor-without-identifier")
    activity = bounded(thing.id) if thing.object_type == "Activity" and thing.id else None
    context = statement.context or _Context()
    return Fact(
        statement_id=statement_id,
        appended_at=appended_at,
        at=at,
        actor=actor,
        verb=bounded(statement.verb.id),
        activity=activity,
        course=_course(context.context_activities) or activity,
        registration=context.registration,
        duration_ms=duration_ms(statement.result.duration) if statement.result and statement.result.duration else None,
        fingerprint=_fingerprint(record, statement, actor, activity, at),
        told=_told(thing.definition) if activity is not None else None,
    )


def _told(texts: _Texts | None) -> ActivityText | None:
    return None if texts is None else ActivityText.of(texts.name, texts.description)


def _course(activities: _ContextActivities | None) -> str | None:
    """The first grouping activity, else the first parent; never a whole learning system."""
    if activities is None:
        return None
    for named in (activities.grouping, activities.parent):
        for each in [named] if isinstance(named, _Activity) else named:
            if not each.is_site:
                return bounded(each.id)
    return None


def _fingerprint(record: Record, statement: _Statement, actor: str, activity: str | None, at: datetime) -> UUID | None:
    """Only where the client sent a time but no id; a timestamp equal to ``stored`` was filled in at the door."""
    if record.header(ID_ASSIGNED) != "true" or statement.timestamp is None or at == parse_time(statement.stored):
        return None
    thing = activity or bytes(statement.object).decode()
    parts = (record.header("ce_principal") or "", actor, statement.verb.id, thing, at.isoformat())
    return UUID(bytes=hashlib.sha256("\0".join(parts).encode()).digest()[:16])


def _moment(statement: _Statement) -> datetime:
    """The door has made every time RFC 3339 in UTC."""
    return parse_time(statement.timestamp or statement.stored)


_AMOUNT = r"(?:([0-9]+(?:[.,][0-9]+)?){})?"
_DURATION = re.compile(
    "P" + "".join(map(_AMOUNT.format, "YMWD")) + "(?:T" + "".join(map(_AMOUNT.format, "HMS")) + ")?"
)  # fmt: skip
_MS = (31_536_000_000, 2_592_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1_000)
"""Years of 365 days and months of 30: any of them exceeds what a session may count."""

_MOST_MS = 2**31 - 1


def duration_ms(text: str) -> int | None:
    """An ISO 8601 duration in whole milliseconds, at most 24 days of them; ``None`` when it is no duration."""
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    parts = zip(found.groups(), _MS, strict=True)
    return min(int(sum(Decimal(part.replace(",", ".")) * unit for part, unit in parts if part)), _MOST_MS)
