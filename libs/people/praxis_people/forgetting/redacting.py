"""A record without the person, or ``None`` where it does not mention them. Pure."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
from msgspec import Raw

from praxis_events.contracts.recognition import leaf_hash
from praxis_events.envelope import event_key
from praxis_events.log import Headers, NewRecord, Record
from praxis_events.redaction import EVENT_KEY, LEAF, RESCINDS, replacement
from praxis_events.topics import DECISIONS, STATEMENTS
from praxis_people.forgetting.pseudonyms import Pseudonyms
from praxis_people.forgetting.statements import least
from praxis_people.forgetting.walking import Others, Walk
from praxis_people.identifiers import claimed_by

_PLAIN_HEADERS = ("ce_id", "ce_source", "ce_subject")

_object = msgspec.json.Decoder(dict[str, Raw])


@dataclass(frozen=True, slots=True)
class Redacted:
    """``record`` is what is to be appended; ``roles`` where the person stood; ``own``: whether it is about them."""

    record: NewRecord
    roles: frozenset[str]
    own: bool


@dataclass(slots=True)
class Learned:
    """What records say of the person beyond what is known: to look again with it."""

    names: set[str] = field(default_factory=set)
    foreign_names: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)


class Redactor:
    def __init__(self, pseudonyms: Pseudonyms, others: Others | None = None) -> None:
        self._pseudonyms, self._person, self._others = pseudonyms, pseudonyms.person, others
        self._needles = pseudonyms.needles
        self._hashes = self._person.unknown_hashes
        self.learned = Learned()

    def redact(self, record: Record) -> Redacted | None:
        if not self._may_mention(record):
            return None
        walk = Walk(self._pseudonyms, self._others, bounded=record.topic != STATEMENTS.name)
        value = self._value(walk, record)
        headers = tuple((name, self._header(walk, name, text)) for name, text in record.headers)
        self.learned.names |= walk.names
        self.learned.foreign_names |= walk.foreign_names
        self.learned.mails |= walk.mails
        if not walk.roles:
            return None
        kept = _kept(record, value, headers)
        changed = replacement(record, value, headers, kept, changed=True)
        return Redacted(changed, frozenset(walk.roles), self._is_own(record, walk))

    def _may_mention(self, record: Record) -> bool:
        value = record.value
        if b"\\" in value:
            with suppress(ValueError):
                value = msgspec.json.encode(msgspec.json.decode(value))  # escapes would hide a name
        text = b"\n".join([value, *(text for _, text in record.headers)]).lower()
        if self._hashes:
            self._learn_mails(text)
        return any(needle in text for needle in self._needles)

    def _learn_mails(self, value: bytes) -> None:
        """Addresses of which only a hash is known."""
        for part in value.split(b'"mailto:')[1:]:
            key = "mbox:" + part.partition(b'"')[0].decode(errors="replace")
            if not self._hashes.isdisjoint(claimed_by(key)):
                self.learned.mails.add(key)

    def _value(self, walk: Walk, record: Record) -> bytes:
        try:
            msgspec.json.decode(record.value)
            if record.topic == STATEMENTS.name and self._is_own(record, walk):
                return walk.value(least(record.value))
            return walk.value(record.value)
        except (ValueError, AttributeError):  # no projection can read it either; its bytes are here all the same
            text = record.value.decode(errors="surrogateescape")
            return walk.text(text, "text").encode(errors="surrogateescape")

    def _is_own(self, record: Record, walk: Walk) -> bool:
        """Whether the record is about the person: what they did, or what was found of them."""
        try:
            members = _object.decode(record.value)
            if record.topic != STATEMENTS.name:
                return any(self._names(walk, members, name) for name in ("person_id", "learner", "person"))
            actor = _object.decode(members["actor"])
            return bytes(actor.get("objectType", b"")) != b'"Group"' and walk.is_person(actor)
        except (ValueError, KeyError):
            return False

    def _names(self, walk: Walk, members: Mapping[str, Raw], name: str) -> bool:
        found = members.get(name)
        if found is None:
            return False
        decoded = msgspec.json.decode(found)
        if isinstance(decoded, dict):
            return walk.is_person(_object.decode(found))
        return decoded == self._person.person_id or decoded in self._pseudonyms.exact

    def _header(self, walk: Walk, name: str, raw: bytes) -> bytes:
        if name not in (*_PLAIN_HEADERS, "ce_principal"):
            return raw
        text = raw.decode(errors="replace")
        if name == "ce_principal":
            replaced = self._pseudonyms.principal(text)
            if replaced is not None:
                walk.roles.add("principal")
            return raw if replaced is None else replaced.encode()
        if text == self._person.person_id:
            walk.roles.add(name.removeprefix("ce_"))
            return self._pseudonyms.token.encode()
        replaced = walk.text(text, name.removeprefix("ce_"))
        return raw if replaced == text else replaced.encode()


def _kept(record: Record, value: bytes, headers: Headers) -> dict[str, str]:
    """What others still refer to: the event's key, the event that it rescinds, the decision's leaf."""
    before, after = dict(record.headers), dict(headers)
    kept = {name: text.decode() for name in (EVENT_KEY, RESCINDS, LEAF) if (text := before.get(name)) is not None}
    if (before.get("ce_id"), before.get("ce_source")) != (after.get("ce_id"), after.get("ce_source")):
        kept.setdefault(EVENT_KEY, str(event_key(_text(before, "ce_source"), _text(before, "ce_id"))))
    reference = _reference(record.value)
    if reference is not None and reference != _reference(value):
        kept.setdefault(RESCINDS, str(event_key(*reference)))
    if record.topic == DECISIONS.name and value != record.value:
        kept.setdefault(LEAF, leaf_hash(record.value).hex())
    return kept


def _text(headers: Mapping[str, bytes], name: str) -> str:
    return headers.get(name, b"").decode(errors="replace")


def _reference(value: bytes) -> tuple[str, str] | None:
    """Of a rescission: the source and the id of the event that it names."""
    try:
        event = msgspec.json.decode(value)["event"]
        return str(event["source"]), str(event["id"])
    except (ValueError, KeyError, TypeError):
        return None
