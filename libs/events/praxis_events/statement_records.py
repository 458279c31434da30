"""xAPI statements as records of ``learning.statements``: CloudEvents headers around the stored bytes."""

from uuid import UUID

import msgspec
from asyncpg.pgproto import pgproto

from praxis_events.envelope import JSON, nonce
from praxis_events.log import Headers, NewRecord, Record
from praxis_events.topics import STATEMENTS, statement_partition

STATEMENT_STORED = "praxis.learning.statement-stored.v1"
SOURCE = "/xapi/statements"

ID_ASSIGNED = "ce_idassigned"
"""Set to ``true`` when the client sent no id: consumers then also drop a repeated statement (see docs/kpis.md)."""

_encode = msgspec.json.Encoder().encode
_FIXED = (
    ("ce_specversion", b"1.0"),
    ("ce_source", SOURCE.encode()),
    ("ce_type", STATEMENT_STORED.encode()),
    ("content-type", JSON.encode()),
)


def statement_record(
    statement_id: UUID, body: bytes, stored: str, principal: str, *, id_assigned: bool, traceparent: str | None = None
) -> NewRecord:
    """``body`` is the statement exactly as a GET will return it; ``stored`` is its RFC 3339 time, in UTC."""
    text = _encode(statement_id)[1:-1]  # ten times as fast as str()
    headers: Headers = (
        *_FIXED,
        ("ce_id", text),
        ("ce_time", stored.encode()),
        ("ce_principal", principal.encode()),
    )
    if id_assigned:
        headers = (*headers, (ID_ASSIGNED, b"true"))
    if traceparent is not None:
        headers = (*headers, ("traceparent", traceparent.encode()))
    key = b"%b/%b" % (text, nonce().encode())
    return NewRecord(STATEMENTS.name, statement_partition(statement_id.bytes), key, body, headers)


def statement_id_of(record: Record) -> UUID:
    """The statement's id, from the record's headers: made, compared and copied in a fifth of the time that Python's own
    class takes, a subclass of which this is. Raises ``ValueError`` when it has none."""
    found = record.header("ce_id")
    if found is None:
        raise ValueError("the record has no ce_id header")
    statement_id: UUID = pgproto.UUID(found)
    return statement_id
