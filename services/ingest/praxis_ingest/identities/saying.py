"""What an event says of who is who: a link, a rescission, or whom it names by an identifier. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from praxis_events.contracts.directory import IdentityLinked, IdentityUnlinked
from praxis_events.envelope import Event
from praxis_events.upcasting import newest
from praxis_people.directory import IdentityChange, change_of
from praxis_people.identifiers import key_of

_CHANGES = ("praxis.people.identity-linked", "praxis.people.identity-unlinked")


@dataclass(frozen=True, slots=True)
class Said:
    """``undone``: the key of the event that it rescinds. ``named``: keys, sorted; a link names nobody, it claims."""

    change: IdentityChange | None = None
    undone: UUID | None = None
    named: tuple[str, ...] = ()


def said(event: Event, place: int) -> Said:
    """``place``: that of its record. Raises ``ValueError`` and ``UnknownVersion``."""
    family = event.type.rpartition(".v")[0]
    if family in _CHANGES:
        found = newest(event)
        data = found[1] if found else None
        return (
            Said(change_of(event.key, place, data)) if isinstance(data, IdentityLinked | IdentityUnlinked) else Said()
        )
    data = msgspec.json.decode(event.data)
    if family.endswith(".rescinded"):
        return Said(undone=event.undone(data["event"]["source"], data["event"]["id"]))
    return Said(named=tuple(sorted(set(_named(data)))))


def _named(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        if key := _key(data):
            yield key
        for each in data.values():
            yield from _named(each)
    elif isinstance(data, list):
        for each in data:
            yield from _named(each)


def _key(data: Mapping[str, Any]) -> str | None:
    try:
        return key_of(data)
    except (KeyError, TypeError, AttributeError):
        return None  # it only looks like an identifier
