"""Redaction: a record is replaced by one with the same key, and compaction then removes the original from disk.

Never a tombstone: who reads late, or from a restored backup, meets the redacted record. It says where and when the
original stood (``Record.place``, ``Record.placed_ms``), because that is the order in which it counts (ADR 7).
"""

from collections.abc import Mapping
from uuid import UUID

from praxis_events.log import ORIGIN, ORIGIN_TIME, Headers, NewRecord, Record, TopicPartition

REDACTED = "ce_redacted"
"""``true`` where the content was changed; a copy that only had to keep behind another one has no such header."""

EVENT_KEY = "ce_eventkey"
"""The event's key (UUID) from before its id or source were changed."""

RESCINDS = "ce_rescinds"
"""Of a rescission whose reference was changed: the key (UUID) of the event that it undoes."""

LEAF = "ce_leaf"
"""The leaf (hex) of a decision as it stood in the ledger before it was changed."""

MARKER_TYPE = "praxis.log.marker.v1"
MARKER_KEY = b"praxis.log.marker"
"""One key for all markers of a partition, so that compaction leaves one."""

_MARKER = "ce_marker"


def is_redacted(record: Record) -> bool:
    return record.header(REDACTED) == "true"


def is_marker(record: Record) -> bool:
    """A record that says nothing: every reader passes it. It stands in its first header, as this is asked of each."""
    return bool(record.headers) and record.headers[0][0] == _MARKER


def marker(partition: TopicPartition) -> NewRecord:
    """What is appended so that a segment of the log ends, and can be compacted."""
    headers = (
        (_MARKER, b"true"),
        ("ce_specversion", b"1.0"),
        ("ce_id", MARKER_KEY),
        ("ce_source", b"praxis/log"),
        ("ce_type", MARKER_TYPE.encode()),
    )
    return NewRecord(*partition, MARKER_KEY, b"{}", headers)


def replacement(record: Record, value: bytes, headers: Headers, kept: Mapping[str, str], *, changed: bool) -> NewRecord:
    """What is appended in the place of ``record``. ``kept``: what the original said that others still refer to."""
    own = {ORIGIN, ORIGIN_TIME, REDACTED, *kept}
    marks: Headers = (
        (ORIGIN, str(record.place).encode()),
        (ORIGIN_TIME, str(record.placed_ms).encode()),
        *([(REDACTED, b"true")] if changed or is_redacted(record) else []),
        *((name, text.encode()) for name, text in kept.items()),
    )
    rest = tuple((name, text) for name, text in headers if name not in own)
    return NewRecord(record.topic, record.partition, record.key, value, (*marks, *rest))


def uuid_header(headers: Mapping[str, str], name: str) -> UUID | None:
    found = headers.get(name)
    return UUID(found) if found else None
