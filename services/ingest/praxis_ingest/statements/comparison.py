"""Whether two copies of a statement say the same (xAPI 1.0.3, Data §2.3.1, Statement Comparison Requirements).

Ignored, because they may differ between copies of one statement:

- authority and stored; id, timestamp and version where one copy lacks them (the LRS assigns them);
- verb display and activity definitions (not part of the statement);
- the order of unordered lists: Group members, context activities and actors (attachments are ordered, §2.4.11);
- how a point in time is written, and less than a millisecond of it (§4.5); a duration's part below 0.01 s (§4.6);
- the case of UUIDs, hashes, language tags and mail domains;
- a lone context activity against an array of it (§2.4.6.2); a left-out objectType against its default.

Numbers are compared by value.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from praxis_ingest.statements.durations import to_hundredths
from praxis_ingest.statements.timestamps import instant

Json = dict[str, Any]

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ASSIGNED = ("id", "timestamp", "version")


def same_statement(a: bytes, b: bytes) -> bool:
    """Whether two valid statements, as JSON, are copies of one."""
    return a == b or _same(_statement(msgspec.json.decode(a)), _statement(msgspec.json.decode(b)))


def same_stored(a: bytes, b: bytes) -> bool:
    """Whether two statements, as they are stored, are copies of one: a time that only we gave does not count."""
    return a == b or _same(_statement(_as_sent(msgspec.json.decode(a))), _statement(_as_sent(msgspec.json.decode(b))))


def same_as_signed(received: bytes, payload: bytes) -> bool:
    """Whether a signature's payload is the statement it came with, less the attachment that holds it (§2.6)."""
    statement = msgspec.json.decode(received)
    kept = [each for each in statement.pop("attachments", ()) if each["usageType"] != SIGNATURE]
    if kept:
        statement["attachments"] = kept
    return _same(_statement(statement), _statement(msgspec.json.decode(payload)))


def _same(a: Json, b: Json) -> bool:
    for name in _ASSIGNED:
        if name not in a or name not in b:
            a.pop(name, None)
            b.pop(name, None)
    return a == b


def _as_sent(stored: Json) -> Json:
    """Without the timestamp that a statement got when it came without one: it is then the moment it was stored."""
    if stored.get("timestamp") == stored["stored"]:
        del stored["timestamp"]
    return stored


def _statement(statement: Json) -> Json:
    """What counts of a statement or SubStatement, in a form that ``==`` compares."""
    changes: dict[str, Callable[[Any], Any]] = {
        "id": str.lower,
        "actor": _actor,
        "verb": lambda verb: verb["id"],
        "object": _object,
        "context": _context,
        "result": _result,
        "timestamp": _millisecond,
        "attachments": lambda attachments: [_attachment(each) for each in attachments],
    }
    return {
        name: changes.get(name, _value)(value)
        for name, value in statement.items()
        if name not in ("authority", "stored")
    }


def _actor(actor: Json) -> Json:
    kept = {name: _value(value) for name, value in actor.items()}
    kept.setdefault("objectType", "Agent")
    if "mbox" in kept:
        local, _, domain = kept["mbox"].partition(":")[2].rpartition("@")
        kept["mbox"] = f"{local}@{domain.lower()}"
    if "mbox_sha1sum" in kept:
        kept["mbox_sha1sum"] = kept["mbox_sha1sum"].lower()
    if "member" in kept:
        kept["member"] = _unordered(_actor(each) for each in actor["member"])
    return kept


def _object(target: Json) -> Any:
    match target.get("objectType", "Activity"):
        case "Activity":
            return target["id"]
        case "StatementRef":
            return _reference(target)
        case "SubStatement":
            return _statement(target)
        case _:
            return _actor(target)


def _reference(reference: Json) -> Json:
    return {**reference, "id": reference["id"].lower()}


def _context(context: Json) -> Json:
    changes: dict[str, Callable[[Any], Any]] = {
        "registration": str.lower,
        "language": str.lower,
        "instructor": _actor,
        "team": _actor,
        "statement": _reference,
        "contextActivities": lambda found: {kind: _activities(each) for kind, each in found.items()},
        "contextAgents": lambda found: _unordered(_context_actor(each, "agent") for each in found),
        "contextGroups": lambda found: _unordered(_context_actor(each, "group") for each in found),
    }
    return {name: changes.get(name, _value)(value) for name, value in context.items()}


def _activities(found: Json | list[Json]) -> list[str]:
    return sorted(each["id"] for each in (found if isinstance(found, list) else [found]))


def _context_actor(entry: Json, name: str) -> Json:
    return {**entry, name: _actor(entry[name]), "relevantTypes": sorted(entry.get("relevantTypes", ()))}


def _result(result: Json) -> Json:
    return {name: to_hundredths(value) if name == "duration" else _value(value) for name, value in result.items()}


def _attachment(attachment: Json) -> Json:
    return {**attachment, "sha2": attachment["sha2"].lower()}


def _millisecond(timestamp: str) -> int:
    return (instant(timestamp) - _EPOCH) // timedelta(milliseconds=1)


def _unordered(values: Iterable[Json]) -> list[Json]:
    return sorted(values, key=lambda value: msgspec.json.encode(value, order="sorted"))


def _value(value: Any) -> Any:
    """Any JSON, with true and false told apart from 1 and 0, which Python holds equal."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, list):
        return [_value(each) for each in value]
    if isinstance(value, dict):
        return {name: _value(each) for name, each in value.items()}
    return value
