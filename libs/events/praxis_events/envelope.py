"""CloudEvents 1.0 in Kafka's binary mode: attributes as ``ce_*`` headers, data as the record's value.

Source: CloudEvents 1.0.2, Kafka Protocol Binding §3.2; W3C Trace Context for ``traceparent``.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import NAMESPACE_URL, UUID, uuid5

from praxis_events.log import Headers, NewRecord, Record
from praxis_events.redaction import EVENT_KEY, RESCINDS, uuid_header
from praxis_events.times import format_time, parse_time

JSON = "application/json"

_process = secrets.token_hex(6).encode()
_nonces = count()


def append_key(identity: bytes) -> bytes:
    """The key of one append: the same event appended twice must not make compaction drop the first."""
    return b"%b/%b-%x" % (identity, _process, next(_nonces))


def nonce() -> str:
    """Never given before, by any process."""
    return f"{_process.decode()}-{next(_nonces):x}"


def event_key(source: str, event_id: str) -> UUID:
    """The identity of an event, (source, id), as one UUID (version 5)."""
    return uuid5(NAMESPACE_URL, f"{source}\n{event_id}")


@dataclass(frozen=True, slots=True)
class Event:
    """One CloudEvent. ``data`` is JSON as bytes; ``principal`` names the credential that ingest authenticated.

    ``known_as`` is its key where a redaction changed its id or source, ``undoes`` the key of the event that it rescinds
    where a redaction changed that reference.
    """

    id: str
    source: str
    type: str
    data: bytes
    time: datetime | None = None
    subject: str | None = None
    principal: str | None = None
    traceparent: str | None = None
    known_as: UUID | None = None
    undoes: UUID | None = None

    @property
    def key(self) -> UUID:
        return self.known_as or event_key(self.source, self.id)

    def undone(self, source: str, event_id: str) -> UUID:
        """The key of the event that this one rescinds, which its data name by ``source`` and ``event_id``."""
        return self.undoes or event_key(source, event_id)

    def to_record(self, topic: str, partition: int = 0) -> NewRecord:
        return NewRecord(topic, partition, append_key(str(self.key).encode()), self.data, self._headers())

    def _headers(self) -> Headers:
        attributes = {
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_source": self.source,
            "ce_type": self.type,
            "ce_time": format_time(self.time) if self.time else None,
            "ce_subject": self.subject,
            "ce_principal": self.principal,
            "content-type": JSON,
            "traceparent": self.traceparent,
        }
        return tuple((name, value.encode()) for name, value in attributes.items() if value is not None)

    @classmethod
    def from_record(cls, record: Record) -> "Event":
        """Raises ``ValueError`` when a required attribute is missing or a time is not RFC 3339."""
        headers = {name: value.decode() for name, value in record.headers}
        try:
            identity = headers["ce_id"], headers["ce_source"], headers["ce_type"]
        except KeyError as missing:
            raise ValueError(f"the record has no {missing.args[0]} header") from None
        time = headers.get("ce_time")
        return cls(
            *identity,
            data=record.value,
            time=parse_time(time) if time else None,
            subject=headers.get("ce_subject"),
            principal=headers.get("ce_principal"),
            traceparent=headers.get("traceparent"),
            known_as=uuid_header(headers, EVENT_KEY),
            undoes=uuid_header(headers, RESCINDS),
        )
