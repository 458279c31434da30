"""Bodies: JSON, batches, ids, what a decoded statement carries."""

import json
from typing import Any
from uuid import UUID

import pytest

from praxis_ingest.statements.decode import MOST_FAULTS, InvalidStatement, decode_batch
from praxis_service.problem import BadRequest, TooLarge
from tests.services.ingest.statements.samples import decoded, faults, raw, sample

ID = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
OTHER = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"


def test_a_statement_keeps_its_own_bytes() -> None:
    body = (
        b' \r\n\t[ {"object" : {"id":"urn:\\u00e9"},\n"verb":{"id":"urn:v"}, "actor":{"openid":"urn:a"} } , %b]\n'
        % raw("voiding")
    )
    first, second = decode_batch(body, max_batch=2)
    assert first.raw == b'{"object" : {"id":"urn:\\u00e9"},\n"verb":{"id":"urn:v"}, "actor":{"openid":"urn:a"} }'
    assert second.raw == raw("voiding").strip()
    assert (first.pointer, second.pointer) == ("/0", "/1")


def test_one_statement_is_the_body_itself() -> None:
    found = decoded(b"  " + raw("minimal"))
    assert (found.raw, found.pointer) == (raw("minimal").strip(), "")


def test_what_the_door_needs_to_know() -> None:
    found = decoded(sample(id=ID.upper()))
    assert found.id == UUID(ID)
    assert decoded(sample()).id is None
    assert decoded(sample()).with_id(UUID(ID)).id == UUID(ID)


def test_an_empty_array_holds_no_statement() -> None:
    assert decode_batch(b" [ ] ", max_batch=10) == []


def test_more_than_the_most() -> None:
    body = json.dumps([sample(), sample(), sample()]).encode()
    assert len(decode_batch(body, max_batch=3)) == 3
    with pytest.raises(TooLarge, match="at most 2"):
        decode_batch(body, max_batch=2)


def test_one_faulty_statement_refuses_the_batch() -> None:
    batch = [sample(), sample(**{"actor/mbox": "x"}), sample(), sample(verb=1)]
    assert sorted(faults(batch)) == ["/1/actor/mbox", "/3/verb"]


@pytest.mark.parametrize("element", [1, "x", None, [], [sample()], True])
def test_elements_are_statements(element: Any) -> None:
    assert list(faults([sample(), element])) == ["/1"]


def test_an_id_stands_once_in_a_batch() -> None:
    batch = [sample(id=ID), sample(), sample(id=OTHER), sample(id=ID.upper())]
    assert faults(batch) == {"/3/id": "must differ from the id of /0 in the same request"}


def test_a_refusal_stops_at_some_number_of_faults() -> None:
    with pytest.raises(InvalidStatement) as refused:
        decode_batch(json.dumps([{}] * 1_000).encode(), max_batch=1_000)
    assert len(refused.value.errors) == MOST_FAULTS


def test_the_detail_names_the_first_fault() -> None:
    with pytest.raises(InvalidStatement, match="/verb/id must be an absolute IRI") as refused:
        decoded(sample(**{"verb/id": "x"}))
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"null",
        b"1",
        b'"x"',
        b"\xef\xbb\xbf{}",
        b"{",
        b"[",
        b"[{}",
        b"[{},]",
        b"{}{}",
        b"[] x",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"\xff",
        b"[\x00]",
        "[{}]".encode("utf-16"),
    ],
)
def test_bodies_that_are_no_json(body: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        decode_batch(body, max_batch=10)
    assert refused.value.errors


BAD_VALUES = [
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"01",
    b"1.",
    b".5",
    b"+1",
    b"0x1",
    b"tru",
    b'"\\x"',
    b'"\\ud800"',
    b'"\\ud800\\u0041"',
    b'"\\udc00"',
    b'"\xff"',
    b'"\xed\xa0\x80"',
    b'"a\nb"',
    b'{"\\ud800": 1}',
    b"{1: 2}",
    b"/**/1",
    b"[" * 5_000 + b"]" * 5_000,
    b'{"a":' * 101 + b"1" + b"}" * 101,
    b"1e999",
]


@pytest.mark.parametrize("value", BAD_VALUES)
@pytest.mark.parametrize("in_array", [True, False])
def test_malformed_json_inside_an_extension(value: bytes, in_array: bool) -> None:
    statement = json.dumps(sample(result={"extensions": {"urn:x": "HERE"}})).encode().replace(b'"HERE"', value)
    with pytest.raises(BadRequest):
        decode_batch(b"[%b]" % statement if in_array else statement, max_batch=10)


@pytest.mark.parametrize(
    "value",
    [
        b"1e308",
        b"-0",
        b"1E-999",
        b"9" * 200,
        b'"\\ud83d\\ude00"',
        b'"\\u0000"',
        b"[[]]",
        b"{}",
        b"null",
        b"[" * 99 + b"]" * 99,
    ],
)
def test_any_json_inside_an_extension(value: bytes) -> None:
    statement = json.dumps(sample(result={"extensions": {"urn:x": "HERE"}})).encode().replace(b'"HERE"', value)
    assert decoded(statement).raw == statement


def test_a_number_out_of_range_is_pointed_at_by_the_extensions_that_hold_it() -> None:
    statement = json.dumps(sample(result={"extensions": {"urn:x": 1, "urn:y": "HERE"}})).encode()
    assert list(faults(statement.replace(b'"HERE"', b"1e999"))) == ["/result/extensions"]
