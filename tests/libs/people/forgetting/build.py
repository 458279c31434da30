"""One person with an identifier of every kind, and short words for records that mention them."""

import hashlib
from typing import Any

import msgspec

from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_events.topics import DIRECTORY, STATEMENTS
from praxis_people.forgetting.person import Person, identifiers_of
from praxis_people.forgetting.pseudonyms import Pseudonyms
from praxis_people.forgetting.redacting import Redacted, Redactor

TOKEN = "forgotten-0123456789abcdef"
ID, MAIL, NAME = "emp-7302", "ann.lee@example.org", "Ann Catherine Lee"
HASH = hashlib.sha1(f"mailto:{MAIL}".encode()).hexdigest()
ACCOUNT = {"homePage": "https://lms.example.org", "name": "alee2009"}
OPENID = "https://id.example.org/annlee"
CREDENTIAL = "key-ann1"

PERSON = Person(
    person_id=ID,
    identifiers=identifiers_of([
        f"mbox:{MAIL}",
        f"account:{ACCOUNT['homePage']}|{ACCOUNT['name']}",
        f"account:urn:praxis:credential|{CREDENTIAL}",
        f"openid:{OPENID}",
    ]),
    names=frozenset([NAME]),
)  # fmt: skip
TRACES = (ID, MAIL, NAME, HASH, ACCOUNT["name"], OPENID, CREDENTIAL)

AGENTS: tuple[dict[str, Any], ...] = (
    {"mbox": f"mailto:{MAIL}"},
    {"mbox": f"MAILTO:{MAIL.upper()}", "name": NAME},
    {"mbox_sha1sum": HASH.upper(), "objectType": "Agent"},
    {"account": ACCOUNT, "name": "annie"},
    {"openid": OPENID},
)
BOB = {"mbox": "mailto:bob@example.org", "name": "Bob"}


def record(value: Any, topic: str = STATEMENTS.name, offset: int = 7, key: bytes = b"k/1", **headers: str) -> Record:
    raw = value if isinstance(value, bytes) else msgspec.json.encode(value)
    given = {"ce_id": "1", "ce_source": "/tests", **headers}
    return Record(topic, 0, offset, key, raw, tuple((n, text.encode()) for n, text in given.items()), 1_000 + offset)


def event_record(type_: str, data: Any, topic: str = DIRECTORY.name, offset: int = 7, **more: Any) -> Record:
    event = Event(id=more.pop("id", f"e-{offset}"), source="/tests", type=type_, data=msgspec.json.encode(data), **more)
    new = event.to_record(topic)
    return Record(topic, 0, offset, new.key, new.value, new.headers, 1_000 + offset)


def redactor(person: Person = PERSON, **more: Any) -> Redactor:
    return Redactor(Pseudonyms(person, TOKEN), **more)


def redacted(before: Record, person: Person = PERSON) -> Redacted:
    found = redactor(person).redact(before)
    assert found is not None
    return found


def as_read(found: Redacted, offset: int = 100) -> Record:
    """The replacement, as it is read from the log."""
    new = found.record
    return Record(new.topic, new.partition, offset, new.key, new.value, new.headers, 9_000)


def decoded(found: Redacted) -> Any:
    return msgspec.json.decode(found.record.value)
