"""Who is named in an event: every reference to a person in its data, by its field. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from praxis_events.contracts import EventData
from praxis_events.contracts.base import PersonRef
from praxis_people.forgetting.person import CREDENTIALS
from praxis_people.forgetting.walking import person_fields
from praxis_people.identifiers import bounded, key_of_ref

SENT_BY = "sent_by"
"""The role of the credential that sent an event: linked like any account, it says whose own credential it is."""


class Reference(NamedTuple):
    """``role``: its field, as ``attested_by``. A person by the ``key`` of an identifier, or by ``person_id``."""

    role: str
    key: str | None
    person_id: str | None


def references(data: EventData) -> list[Reference]:
    """Each person with each role once."""
    return list(dict.fromkeys(_found(data, "")))


def sender(principal: str | None) -> list[Reference]:
    return [] if principal is None else [Reference(SENT_BY, bounded(f"{CREDENTIALS}{principal}"), None)]


def _found(value: object, path: str) -> Iterator[Reference]:
    if isinstance(value, PersonRef):
        yield Reference(path, key_of_ref(value), value.person_id)
    elif isinstance(value, EventData):
        for name, each in value:
            inner = f"{path}.{name}" if path else name
            if isinstance(each, str) and name in person_fields():
                yield Reference(inner.removesuffix("_id"), None, each)
            else:
                yield from _found(each, inner)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _found(each, path)
