"""The query parameters of GET /xapi/statements (xAPI 1.0.3, Communication §2.1.3), parsed and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from praxis_events.times import parse_time
from praxis_ingest.statements.iri import is_iri
from praxis_people.identifiers import key_of
from praxis_service.problem import BadRequest, FieldError

Format = Literal["ids", "exact", "canonical"]

BY_ID = ("statementId", "voidedStatementId")
FILTERS = ("agent", "verb", "activity", "registration", "related_activities", "related_agents", "since", "until")
SHAPE = ("limit", "ascending", "format", "attachments")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MAX_LIMIT = 500
"""The most statements in one answer; ``limit=0`` asks for as many."""


@dataclass(frozen=True, slots=True)
class Presentation:
    format: Format = "exact"
    attachments: bool = False


@dataclass(frozen=True, slots=True)
class StatementById:
    id: UUID
    voided: bool
    presentation: Presentation


@dataclass(frozen=True, slots=True)
class StatementFilter:
    """What to list. ``since`` is exclusive and ``until`` inclusive, both on ``stored``."""

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    related_activities: bool = False
    related_agents: bool = False
    since: datetime | None = None
    until: datetime | None = None
    limit: int = MAX_LIMIT
    ascending: bool = False
    presentation: Presentation = Presentation()


def parse_query(parameters: Mapping[str, str]) -> StatementById | StatementFilter:
    """Raises ``BadRequest`` naming the parameter that is unknown, malformed or in the wrong company."""
    for name in parameters:
        if name not in (*BY_ID, *FILTERS, *SHAPE):
            raise _bad(name, "is not a parameter of this resource")
    given = [name for name in BY_ID if name in parameters]
    if not given:
        return _filter(parameters)
    for name in parameters:
        if name != given[0] and name not in ("format", "attachments"):
            raise _bad(name, f"must not be used together with {given[0]}")
    return StatementById(
        _uuid(given[0], parameters[given[0]]), given[0] == "voidedStatementId", _presentation(parameters)
    )


def _filter(parameters: Mapping[str, str]) -> StatementFilter:
    read: dict[str, Any] = {}
    for name, value in parameters.items():
        if name in _READ:
            read[name] = _READ[name](name, value)
    return StatementFilter(**read, presentation=_presentation(parameters))


def _presentation(parameters: Mapping[str, str]) -> Presentation:
    wanted = parameters.get("format", "exact")
    if wanted not in ("ids", "exact", "canonical"):
        raise _bad("format", "must be ids, exact or canonical")
    return Presentation(wanted, _boolean("attachments", parameters.get("attachments", "false")))  # type: ignore[arg-type]


def _uuid(name: str, value: str) -> UUID:
    if not _UUID.fullmatch(value):
        raise _bad(name, "must be a UUID in its hyphenated form")
    return UUID(value)


def _boolean(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise _bad(name, "must be true or false")
    return value == "true"


def _time(name: str, value: str) -> datetime:
    try:
        return parse_time(value)
    except ValueError:
        raise _bad(name, "must be an ISO 8601 time with a zone") from None


def _limit(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise _bad(name, "must be a non-negative integer")
    return min(int(value), MAX_LIMIT) or MAX_LIMIT


def _iri(name: str, value: str) -> str:
    if not is_iri(value):
        raise _bad(name, "must be an absolute IRI")
    return value


def _agent(name: str, value: str) -> str:
    try:
        agent = msgspec.json.decode(value, type=dict[str, Any])
        found = [each for each in ("mbox", "mbox_sha1sum", "openid", "account") if each in agent]
        key = key_of(agent)
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        raise _bad(name, "must be an Agent or identified Group as a JSON object") from None
    if key is None or len(found) != 1:
        raise _bad(name, "must have exactly one of mbox, mbox_sha1sum, openid and account")
    return key


_READ = {
    "agent": _agent,
    "verb": _iri,
    "activity": _iri,
    "registration": _uuid,
    "related_activities": _boolean,
    "related_agents": _boolean,
    "since": _time,
    "until": _time,
    "limit": _limit,
    "ascending": _boolean,
}


def _bad(name: str, detail: str) -> BadRequest:
    return BadRequest(f"The query parameter {name!r} {detail}.", [FieldError(detail, parameter=name)])
