"""Any change to a valid statement is either refused with a pointer, or stored as it came."""

import copy
import json
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_ingest.statements.comparison import same_statement
from praxis_ingest.statements.decode import Decoded, InvalidStatement, decode_batch
from praxis_ingest.statements.repetition import repeated_member
from praxis_ingest.statements.splice import splice
from praxis_ingest.statements.timestamps import is_utc, to_utc
from tests.services.ingest.statements.samples import NAMES, raw, sample

ID = UUID("ec531277-b57b-4c15-8d91-d292c5b2b8f7")
STORED = "2026-03-02T10:00:00.000001Z"
AUTHORITY = b'{"mbox":"mailto:lrs@example.org"}'
SET_BY_LRS = ("id", "stored", "timestamp", "version", "authority")

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
names = st.sampled_from(
    ["id", "objectType", "mbox", "member", "definition", "extensions", "stored", "context", "object"]
)
values = st.recursive(
    scalars | st.sampled_from(NAMES).map(sample),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(), inner, max_size=3),
    max_leaves=6,
)


def accepted(body: bytes) -> Decoded | None:
    """The statement when it is valid; ``None`` when refused. Any exception but ``InvalidStatement`` fails the test."""
    refusal: InvalidStatement | None = None
    found: list[Decoded] = []
    try:
        found = decode_batch(body, max_batch=1_000)
    except InvalidStatement as problem:
        refusal = problem
    if refusal is not None:
        assert refusal.errors
        assert all(error.pointer is not None and error.detail for error in refusal.errors)
    return found[0] if found else None


def check_stored(body: bytes) -> None:
    statement = accepted(body)
    if statement is None:
        return
    result = splice(statement, statement_id=ID, stored=STORED, authority=AUTHORITY, version="1.0.0")
    sent, kept = json.loads(body), json.loads(result)
    sent = sent[0] if isinstance(sent, list) else sent
    assert repeated_member(result) is None
    assert kept["stored"] == STORED
    assert kept["authority"] == json.loads(AUTHORITY)
    assert {name: kept[name] for name in kept if name not in SET_BY_LRS} == {
        name: _as_stored(name, sent[name]) for name in sent if name not in SET_BY_LRS
    }
    assert accepted(result) is not None
    assert same_statement(result, statement.raw)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A sample with some values replaced, removed, or added."""
    statement = sample(draw(st.sampled_from(NAMES)))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(statement))
        holder, key = draw(st.sampled_from(places))
        what = draw(st.sampled_from(["replace", "remove", "add", "swap"]))
        if what == "replace":
            holder[key] = copy.deepcopy(draw(values))
        elif what == "remove":
            del holder[key]
        elif what == "add" and isinstance(holder, dict):
            holder[draw(names | st.text())] = copy.deepcopy(draw(values))
        else:
            other, place = draw(st.sampled_from(places))
            if place in other if isinstance(other, dict) else place < len(other):
                holder[key] = copy.deepcopy(other[place])
    return statement


@given(mutated())
@settings(max_examples=600, deadline=None)
def test_changed_statements(statement: Any) -> None:
    check_stored(json.dumps(statement).encode())


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=600, deadline=None)
def test_changed_bytes(name: str, data: st.DataObject) -> None:
    body = bytearray(raw(name))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.sampled_from([0, 1, 1, 8]))
        body[at : at + length] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"\\", b",", b":", b"1e9"])
        )
    check_stored(bytes(body))


@given(st.dictionaries(st.sampled_from(["urn:x", "urn:y", "urn:x:y"]), values))
@settings(max_examples=300, deadline=None)
def test_extensions_take_any_json(extensions: dict[str, Any]) -> None:
    body = json.dumps(sample(result={"extensions": extensions})).encode()
    assert accepted(body) is not None
    check_stored(body)


@given(st.binary() | values.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=300, deadline=None)
def test_any_body(body: bytes) -> None:
    check_stored(body)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "\\u0061", ":"]), st.sampled_from(["1", '"\\u003a"', '{"a":":"}'])))
)
def test_a_repeated_member_is_always_found(members: list[tuple[str, str]]) -> None:
    text = ",".join(f'"{name}":{value}' for name, value in members)
    body = json.dumps(sample(result={"extensions": {"urn:x": "HERE"}})).replace('"HERE"', f"{{{text}}}").encode()
    names = [json.loads(f'"{name}"') for name, _ in members]
    assert (accepted(body) is None) == (len(set(names)) < len(names))


def _places(value: Any) -> Any:
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _as_stored(name: str, value: Any) -> Any:
    """The two values that are rewritten: lone context activities, and a SubStatement's timestamp."""
    if name == "context" and "contextActivities" in value:
        found = value["contextActivities"].items()
        return {**value, "contextActivities": {k: v if isinstance(v, list) else [v] for k, v in found}}
    if name == "object" and value.get("objectType") == "SubStatement":
        inner = {key: _as_stored(key, each) for key, each in value.items()}
        return inner if "timestamp" not in inner else {**inner, "timestamp": _utc(inner["timestamp"])}
    return value


def _utc(timestamp: str) -> str:
    return timestamp if is_utc(timestamp) else to_utc(timestamp)
