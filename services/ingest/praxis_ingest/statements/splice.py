"""What an LRS adds to a statement, put into the bytes that the client sent (xAPI 1.0.3, Data §2.3.1 and §2.4)."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw

from praxis_ingest.statements.decode import Decoded
from praxis_ingest.statements.model import Activity, ContextActivities, Statement, StatementObject
from praxis_ingest.statements.timestamps import is_utc, to_utc
from praxis_ingest.statements.validation.contexts import ACTIVITIES
from praxis_ingest.statements.validation.objects import OBJECTS

Edit = Callable[[bytes], bytes]
Edits = Mapping[str, Edit]

_members = msgspec.json.Decoder(dict[str, Raw])
_KINDS = ("parent", "grouping", "category", "other")


def splice(decoded: Decoded, *, statement_id: UUID, stored: str, authority: bytes, version: str) -> bytes:
    """The statement as it is stored and returned: id, timestamp and version where the client gave none, stored and
    authority in place of the client's. ``stored`` is RFC 3339 in UTC, ``authority`` JSON.

    All else keeps its bytes: order, number forms, escapes. Two values are rewritten where the specification says so: a
    timestamp not in UTC (§4.5) and a context activity outside an array (§2.4.6.2).
    """
    statement = decoded.statement
    given = f'"stored":"{stored}"'
    if statement.id is UNSET:
        given = f'"id":"{statement_id}",{given}'
    if statement.timestamp is UNSET:
        given = f'{given},"timestamp":"{stored}"'
    if statement.version is UNSET:
        given = f'{given},"version":"{version}"'
    return b'{%b,"authority":%b,%b' % (given.encode(), authority, _kept(decoded)[1:])


def _kept(decoded: Decoded) -> bytes:
    """The client's object without what the LRS overwrites."""
    statement = decoded.statement
    edits = {} if decoded.as_sent else _statement_edits(statement)
    if not edits and statement.stored is UNSET and statement.authority is UNSET:
        return decoded.raw
    return _edited(decoded.raw, edits, without=("stored", "authority"))


def _statement_edits(statement: Statement) -> Edits:
    edits = _edits(statement)
    target = OBJECTS.valid(statement.object)
    if target.object_type == "SubStatement" and (inner := _edits(target)):
        edits["object"] = lambda raw: _edited(raw, inner)
    return edits


def _edits(statement: Statement | StatementObject) -> dict[str, Edit]:
    """By member of the statement or SubStatement: how its bytes must change."""
    edits: dict[str, Edit] = {}
    timestamp, context = statement.timestamp, statement.context
    if timestamp is not UNSET and not is_utc(timestamp):
        edits["timestamp"] = lambda _: f'"{to_utc(timestamp)}"'.encode()
    if context is not UNSET and context.context_activities is not UNSET:
        lone = _outside_arrays(ACTIVITIES.valid(context.context_activities))
        if lone:
            edits["context"] = lambda raw: _edited(raw, {"contextActivities": lambda it: _edited(it, lone)})
    return edits


def _outside_arrays(activities: ContextActivities) -> Edits:
    return {kind: _in_array for kind in _KINDS if isinstance(getattr(activities, kind), Activity)}


def _in_array(raw: bytes) -> bytes:
    return b"[%b]" % raw


def _edited(raw: bytes, edits: Edits, without: Collection[str] = ()) -> bytes:
    """A JSON object with some members changed or left out, the others byte for byte."""
    members = (
        msgspec.json.encode(name) + b":" + edits.get(name, bytes)(bytes(value))
        for name, value in _members.decode(raw).items()
        if name not in without
    )
    return b"{%b}" % b",".join(members)
