"""Events as records and back: CloudEvents' Kafka binding, binary mode."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_events.envelope import Event, event_key
from praxis_events.log import NewRecord, Record
from praxis_events.topics import EVIDENCE

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
EVENT = Event(
    id="42",
    source="https://tracker.example.org",
    type="praxis.evidence.skill-applied.v1",
    data=b'{"skill":"caf\xc3\xa9"}',
    time=datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC),
    subject="Ann Müller ✓",
    principal="tracker-é",
    traceparent=TRACE,
)
Texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def read_back(record: NewRecord) -> Record:
    return Record(record.topic, record.partition, 0, record.key, record.value, record.headers, appended_ms=0)


def test_a_record_carries_the_whole_event() -> None:
    assert Event.from_record(read_back(EVENT.to_record(EVIDENCE.name))) == EVENT


def test_attributes_are_utf_8_headers_and_data_is_the_value() -> None:
    record = EVENT.to_record(EVIDENCE.name)
    assert dict(record.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"42",
        "ce_source": b"https://tracker.example.org",
        "ce_type": b"praxis.evidence.skill-applied.v1",
        "ce_time": b"2026-03-02T10:00:00.123456Z",
        "ce_subject": "Ann Müller ✓".encode(),
        "ce_principal": "tracker-é".encode(),
        "content-type": b"application/json",
        "traceparent": TRACE.encode(),
    }
    assert record.value == EVENT.data


def test_attributes_that_were_not_given_have_no_header() -> None:
    bare = Event(id="42", source="s", type="t.v1", data=b"{}")
    record = bare.to_record(EVIDENCE.name)
    assert [name for name, _ in record.headers] == ["ce_specversion", "ce_id", "ce_source", "ce_type", "content-type"]
    assert Event.from_record(read_back(record)) == bare


@given(id_=Texts, source=Texts, subject=st.none() | Texts, principal=st.none() | Texts, data=st.binary())
def test_any_text_survives(id_: str, source: str, subject: str | None, principal: str | None, data: bytes) -> None:
    event = Event(id=id_, source=source, type="t.v1", data=data, subject=subject, principal=principal)
    assert Event.from_record(read_back(event.to_record(EVIDENCE.name))) == event


def test_a_time_in_any_zone_is_the_same_moment() -> None:
    at = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    record = Event(id="1", source="s", type="t.v1", data=b"{}", time=at).to_record(EVIDENCE.name)
    assert Event.from_record(read_back(record)).time == at
    assert dict(record.headers)["ce_time"] == b"2026-03-02T10:00:00Z"


def test_the_key_is_of_source_and_id_alone() -> None:
    assert EVENT.key == event_key("https://tracker.example.org", "42")
    assert EVENT.key.version == 5
    assert event_key("s", "1") != event_key("s", "2") != event_key("t", "2")


def test_each_append_has_a_key_of_its_own() -> None:
    first, second = EVENT.to_record(EVIDENCE.name).key, EVENT.to_record(EVIDENCE.name).key
    assert first != second
    assert first.startswith(f"{EVENT.key}/".encode())


@pytest.mark.parametrize("missing", ["ce_id", "ce_source", "ce_type"])
def test_a_record_without_a_required_attribute_is_refused(missing: str) -> None:
    record = EVENT.to_record(EVIDENCE.name)
    headers = tuple(header for header in record.headers if header[0] != missing)
    with pytest.raises(ValueError, match=missing):
        Event.from_record(read_back(record._replace(headers=headers)))


@pytest.mark.parametrize("time", [b"yesterday", b"2026-03-02T10:00:00"])
def test_a_time_without_a_zone_is_refused(time: bytes) -> None:
    record = EVENT.to_record(EVIDENCE.name)
    headers = tuple((name, time if name == "ce_time" else value) for name, value in record.headers)
    with pytest.raises(ValueError, match=r"time|Invalid isoformat"):
        Event.from_record(read_back(record._replace(headers=headers)))
