"""How things are told: CloudEvents and xAPI statements, each with an id that follows from the seed and what it says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from praxis_embedded.demo.scenario import Scenario
from praxis_events.envelope import event_key
from praxis_events.times import format_time

SOURCE = "/demo"

_DEMO = UUID("5c9c0d0e-3f5b-5a39-9d57-0b9c1d0f7a41")
"""The namespace of all ids here."""

Json = dict[str, Any]


class Told(NamedTuple):
    """``at``: when it was told; ``body``: a CloudEvent or a statement, with its id."""

    at: datetime
    id: str
    body: Json


def event(scenario: Scenario, type_: str, at: datetime, data: Mapping[str, Any]) -> Told:
    """A CloudEvent: ``type_`` as ``work.task-accepted``."""
    id_ = identity(scenario, type_, data)
    attributes = {"specversion": "1.0", "id": id_, "source": SOURCE, "type": f"praxis.{type_}.v1"}
    return Told(at, id_, attributes | {"time": format_time(at), "data": dict(data)})


def given(**data: Any) -> Json:
    """What of these is not ``None``."""
    return {name: value for name, value in data.items() if value is not None}


def statement(scenario: Scenario, at: datetime, said: Mapping[str, Any]) -> Told:
    """An xAPI statement of this moment."""
    whole = {**said, "timestamp": format_time(at)}
    id_ = identity(scenario, "statement", whole)
    return Told(at, id_, {"id": id_, **whole})


def identity(scenario: Scenario, kind: str, content: Any) -> str:
    said = msgspec.json.encode(content, order="deterministic").decode()
    return str(uuid5(_DEMO, f"{scenario.seed}\n{kind}\n{said}"))


def key_of(told: Told) -> str:
    """The id by which decisions name an event."""
    return str(event_key(SOURCE, told.id))


def person(person_id: str) -> Json:
    return {"person_id": person_id}


def moment(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """In UTC, as is everything here; minutes and seconds may be more than a whole one."""
    return datetime.combine(day, time(hour), UTC) + timedelta(minutes=minute, seconds=second)


def when(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> str:
    return format_time(moment(day, hour, minute, second))
