"""Members that stand twice: found wherever they are, and never where they are not."""

import json

import pytest

from praxis_ingest.statements.repetition import repeated_member
from tests.services.ingest.statements.samples import decoded, faults, raw, sample

TWICE = "must not be given twice"


def _with(member: str, replacement: str) -> bytes:
    body = json.dumps(sample("everything"))
    assert member in body
    return body.replace(member, replacement, 1).encode()


@pytest.mark.parametrize(
    ("member", "replacement", "pointer"),
    [
        ('"version": "1.0.0"', '"version": "1.0.0", "version": "1.0.0"', "/version"),
        ('"version": "1.0.0"', '"version": "1.0.1", "v\\u0065rsion": "1.0.0"', "/version"),
        ('"name": "Ann"', '"name": "Ann", "name": "Ben"', "/actor/member/0/name"),
        ('"en-US": "answered"', '"en-US": "answered", "en-US": ""', "/verb/display/en-US"),
        ('"level": 2', '"level": 2, "level": 2', "~1level"),
        ('"scaled": 0.5', '"scaled": 0.5, "scaled": 0.5', "/result/score/scaled"),
        ("[1, 2.5", '[1, {"a": 1, "b": {}, "a": {}}, 2.5', "~1attempts/1/a"),
        ("[1, 2.5", '[1, {"": 1, "": 2}, 2.5', "~1attempts/1/"),
        ("[1, 2.5", '[{"x": "\\u003a", "x": ":"}, 2.5', "~1attempts/0/x"),
        ("[1, 2.5", '[{"x": "\\u003a\\u003A", "x": 1}, 2.5', "~1attempts/0/x"),
        ("[1, 2.5", '[{"x": "\\\\u003a", "x": 1}, 2.5', "~1attempts/0/x"),
    ],
)
def test_a_repeated_member_is_refused(member: str, replacement: str, pointer: str) -> None:
    [(found, detail)] = faults(_with(member, replacement)).items()
    assert found.endswith(pointer.replace("~1level", "/level").replace("~1attempts", "attempts"))
    assert detail == TWICE


@pytest.mark.parametrize(
    "text",
    ["\\u003a", "\\u003A:", "\\\\u003a", "\\\\\\u003a", "::", "\\u0041", "\\n:\\n", '{\\"a\\":1,\\"a\\":1}'],
)
def test_colons_in_strings_are_no_members(text: str) -> None:
    body = _with('"s-1"', f'"{text}"')
    assert decoded(body).raw == body


def test_the_same_name_in_different_objects() -> None:
    assert repeated_member(b'{"a": {"a": [{"a": 1}, {"a": 1}]}, "b": {"a": 1}}') is None


def test_names_that_differ_in_case_are_different_in_extensions() -> None:
    assert decoded(sample(result={"extensions": {"urn:x": {"a": 1, "A": 1}}}))


def test_many_members_are_told_apart_in_linear_time() -> None:
    wide = {f"k{number}": 0 for number in range(200_000)}
    body = json.dumps(sample(result={"extensions": {"urn:x": wide, "urn:y": "\\u003a"}})).encode()
    assert decoded(body).raw == body


def test_the_samples_repeat_nothing() -> None:
    assert repeated_member(raw("everything")) is None
