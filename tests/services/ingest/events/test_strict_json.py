import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_ingest.events.strict_json import MAX_FAULTS, parse
from praxis_service.problem import BadRequest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_what_means_one_thing_is_read(value: object) -> None:
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
        b"1" * 5_000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        parse(body)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"a": 1, "a": 1}', "/a"),
        (b'[{}, {"b": {"a/b": 1, "c": 2, "a/b": 3}}]', "/1/b/a~1b"),
        (rb'{"a": ["\ud800"]}', "/a/0"),
        (rb'{"a": {"\udfff": 1}}', "/a"),
        (rb'{"\ud800": 1, "\ud800": 2}', ""),
    ],
)
def test_an_ambiguous_place_is_pointed_at(body: bytes, pointer: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse(body)
    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_a_surrogate_pair_is_one_character() -> None:
    assert parse(rb'"\ud83d\ude00"') == "😀"


def test_the_list_of_faults_is_bounded() -> None:
    with pytest.raises(BadRequest) as refused:
        parse(b"[" + b",".join([b'{"a": 1, "a": 1}'] * 1_000) + b"]")
    assert len(refused.value.errors) == MAX_FAULTS
