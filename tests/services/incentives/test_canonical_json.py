"""Canonical JSON, by the examples of RFC 8785 and against Python's own reader."""

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_incentives.canonical_json import LARGEST_INTEGER, Json, encode


@pytest.mark.parametrize(
    ("bits", "written"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555554", "333333333.33333325"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_of_appendix_b(bits: str, written: str) -> None:
    assert encode(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == written


def test_the_example_of_section_3_2_2() -> None:
    value: Json = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert encode(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_members_are_sorted_by_utf16() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    assert list(json.loads(encode(dict.fromkeys(names, 0)))) == [
        "\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip


UNSAYABLE = [math.nan, math.inf, LARGEST_INTEGER + 1, -LARGEST_INTEGER - 1, "\ud800", {"\udfff": 1}]


@pytest.mark.parametrize("value", UNSAYABLE)
def test_what_json_cannot_say_is_refused(value: Json) -> None:
    with pytest.raises(ValueError, match=r"is not a JSON number|too large|surrogates not allowed"):
        encode(value)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_the_same_value_is_read_back_and_written_again_as_the_same_bytes(value: Json) -> None:
    written = encode(value)
    read = json.loads(written, parse_int=float)
    assert read == value
    assert encode(read) == written
