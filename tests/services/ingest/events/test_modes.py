"""The three content modes, and where each points to."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from praxis_ingest.events.modes import BATCHED, STRUCTURED, header_text, is_json, read_events
from praxis_service.problem import BadRequest, TooLarge, UnsupportedMediaType

EVENT = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": {"a": 1}}
BINARY = [(b"ce-specversion", b"1.0"), (b"ce-id", b"1"), (b"ce-source", b"/s"), (b"ce-type", b"t")]


def content_type(value: str) -> tuple[bytes, bytes]:
    return (b"content-type", value.encode())


@pytest.mark.parametrize("media_type", [STRUCTURED, "Application/CloudEvents+JSON; charset=UTF-8"])
def test_structured(media_type: str) -> None:
    [event] = read_events([content_type(media_type)], json.dumps(EVENT).encode(), 10)
    assert event.attributes == {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
    assert event.data == {"a": 1}
    assert event.attribute_fault("id", "x").pointer == "/id"
    assert event.data_fault(("a", 0), "x").pointer == "/data/a/0"


def test_batched() -> None:
    body = json.dumps([EVENT, EVENT | {"id": "2"}, EVENT | {"id": "3"}]).encode()
    events = read_events([content_type(BATCHED)], body, 3)
    assert [(event.index, event.text("id")) for event in events] == [(0, "1"), (1, "2"), (2, "3")]
    assert events[2].attribute_fault("id", "x").pointer == "/2/id"
    assert events[2].data_fault(("effective_at",), "x").pointer == "/2/data/effective_at"


def test_an_empty_batch_has_no_events() -> None:
    assert read_events([content_type(BATCHED)], b"[]", 3) == []


@pytest.mark.parametrize("media_type", ["application/json", "application/vnd.acme+json; charset=utf-8", None])
def test_binary(media_type: str | None) -> None:
    headers = BINARY if media_type is None else [content_type(media_type), *BINARY]
    [event] = read_events([(b"host", b"x"), *headers], b'{"a": 1}', 10)
    assert event.attributes == {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
    assert event.data == {"a": 1}
    assert event.attribute_fault("id", "x").header == "ce-id"
    assert event.attribute_fault("datacontenttype", "x").header == "content-type"
    assert event.data_fault(("effective_at",), "x").pointer == "/effective_at"


def test_no_data_is_not_null_data() -> None:
    without = {name: value for name, value in EVENT.items() if name != "data"}
    batch = read_events([content_type(BATCHED)], json.dumps([without, EVENT | {"data": None}]).encode(), 10)
    assert batch[0].data is UNSET
    assert batch[1].data is None


@pytest.mark.parametrize("element", [1, "x", None, [EVENT]])
def test_an_element_that_is_no_object_is_a_fault_of_its_own(element: object) -> None:
    _, event = read_events([content_type(BATCHED)], json.dumps([EVENT, element]).encode(), 10)
    assert [fault.pointer for fault in event.faults] == ["/1"]


def test_a_batch_is_an_array() -> None:
    with pytest.raises(BadRequest):
        read_events([content_type(BATCHED)], json.dumps(EVENT).encode(), 10)


def test_a_batch_is_limited() -> None:
    with pytest.raises(TooLarge):
        read_events([content_type(BATCHED)], json.dumps([EVENT] * 4).encode(), 3)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [content_type("application/json")],
        [content_type("application/cloudevents+xml")],
        [content_type("application/cloudevents+avro"), *BINARY],
        [content_type("text/plain"), *BINARY],
    ],
)
def test_anything_else_is_unsupported(headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(UnsupportedMediaType):
        read_events(headers, json.dumps(EVENT).encode(), 10)


def test_a_header_given_twice_is_ambiguous() -> None:
    [event] = read_events([*BINARY, (b"ce-id", b"2")], b"{}", 10)
    assert [fault.header for fault in event.faults] == ["ce-id"]


def test_a_header_that_is_no_utf_8_is_a_fault() -> None:
    [event] = read_events([*BINARY, (b"ce-subject", b"%ff")], b"{}", 10)
    assert [fault.header for fault in event.faults] == ["ce-subject"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        (b"100%25", "100%"),
        (b"%2525", "%25"),
        (b"a+b", "a+b"),
        (b"100%", "100%"),
        (b'"a \\"b\\" \\\\ c"', 'a "b" \\ c'),
        (b'"caf%C3%A9"', "café"),
        ("café".encode(), "café"),
        (b"", ""),
    ],
)
def test_header_values_are_unquoted_and_percent_decoded_once(value: bytes, text: str) -> None:
    assert header_text(value) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_travels_percent_encoded(text: str) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in text.encode())
    assert header_text(encoded.encode()) == text


@pytest.mark.parametrize(
    ("media_type", "yes"),
    [
        ("application/json", True),
        ("TEXT/JSON; charset=utf-8", True),
        ("application/ld+json", True),
        ("json", False),
        ("application/jsonl", False),
        ("text/xml", False),
    ],
)
def test_json_media_types(media_type: str, yes: bool) -> None:
    assert is_json(media_type) is yes
