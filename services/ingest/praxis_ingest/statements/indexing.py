"""What a statement is found by: the keys that the filters of xAPI 1.0.3, Communication §2.1.3 look at.

An IRI may be of any length, an index entry may not: the store keeps 128-bit digests of IRIs and identifiers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from praxis_events.times import parse_time
from praxis_people.identifiers import key_of

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IndexedStatement:
    """A stored statement with its keys. ``agents`` holds actor and object, and the members of groups there.

    ``people`` are the identifiers of those whom it names in any role; a group and the authority are nobody.
    """

    id: UUID
    stored: datetime
    verb: UUID
    activity: UUID | None
    registration: UUID | None
    voids: UUID | None
    agents: tuple[UUID, ...]
    related_agents: tuple[UUID, ...]
    related_activities: tuple[UUID, ...]
    people: tuple[str, ...]
    body: bytes


@lru_cache(65_536)
def index_key(text: str) -> UUID:
    """The digest that stands for an IRI or an identifier in the store."""
    return UUID(bytes=blake2b(text.encode(), digest_size=16).digest())


def index_statement(body: bytes) -> IndexedStatement:
    """``body`` as stored: with id and stored. Raises ``ValueError`` or ``KeyError`` when it is no statement."""
    statement = msgspec.json.decode(body)
    verb, target = statement["verb"]["id"], statement["object"]
    registration = statement.get("context", {}).get("registration")
    agents = (key for part in (statement["actor"], target) for key, _ in _agent_keys(part))
    related = tuple(_related_agents(statement))
    return IndexedStatement(
        id=UUID(statement["id"]),
        stored=parse_time(statement["stored"]),
        verb=index_key(verb),
        activity=index_key(target["id"]) if _is_activity(target) else None,
        registration=UUID(registration) if registration else None,
        voids=UUID(target["id"]) if verb == VOIDED else None,
        agents=_distinct(agents),
        related_agents=_distinct(key for key, _ in related),
        related_activities=_distinct(_related_activities(statement)),
        people=tuple(dict.fromkeys(key for key, is_person in related if is_person)),
        body=body,
    )


def _distinct(texts: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(index_key(text) for text in dict.fromkeys(texts))


def _related_agents(statement: Json) -> Iterator[tuple[str, bool]]:
    """Actor, object, authority, instructor and team, here and in a SubStatement; with whether it is a person's."""
    context = statement.get("context", {})
    for part in (statement["actor"], statement["object"], context.get("instructor"), context.get("team")):
        if part is not None:
            yield from _agent_keys(part)
    if authority := statement.get("authority"):
        yield from ((key, False) for key, _ in _agent_keys(authority))
    if _is_substatement(statement["object"]):
        yield from _related_agents(statement["object"])


def _related_activities(statement: Json) -> Iterator[str]:
    """The object and every context activity, here and in a SubStatement."""
    if _is_activity(statement["object"]):
        yield statement["object"]["id"]
    for activities in statement.get("context", {}).get("contextActivities", {}).values():
        for activity in _as_list(activities):
            yield activity["id"]
    if _is_substatement(statement["object"]):
        yield from _related_activities(statement["object"])


def _agent_keys(part: Json) -> Iterator[tuple[str, bool]]:
    """Of an Agent, or of a Group and its members; with whether it is a person's, as far as one can tell."""
    kind = part.get("objectType", "Agent")
    if kind not in ("Agent", "Group"):
        return
    if key := key_of(part):
        yield key, kind == "Agent"
    for member in part.get("member", ()):
        if key := key_of(member):
            yield key, True


def _is_activity(target: Json) -> bool:
    return "id" in target and target.get("objectType", "Activity") == "Activity"


def _is_substatement(target: Json) -> bool:
    return target.get("objectType") == "SubStatement"


def _as_list(value: Json | list[Json]) -> Iterable[Json]:
    return value if isinstance(value, list) else [value]
