import pytest

from praxis_events.tracing import well_formed
from praxis_ingest.events.attributes import attribute_faults
from praxis_ingest.events.received import ReceivedEvent

REQUIRED: dict[str, object] = {"specversion": "1.0", "id": "1", "source": "https://x.example.org/a?b#c", "type": "t"}
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def pointers(attributes: dict[str, object]) -> list[str | None]:
    return [fault.pointer for fault in attribute_faults(ReceivedEvent(0, attributes))]


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", 1, {}, "\n"])
def test_a_required_attribute_is_a_text(name: str, value: object) -> None:
    assert pointers(REQUIRED | {name: value}) == [f"/{name}"]


def test_every_fault_is_found() -> None:
    assert pointers({"id": "1", "time": "noon"}) == ["/specversion", "/source", "/type", "/time"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", "urn:example:tracker"),
        ("source", "/relative/path"),
        ("source", "%7Euser"),
        ("subject", "Ann Müller ✓"),
        ("subject", None),
        ("time", "2026-03-02T10:00:00Z"),
        ("time", "2026-03-02t10:00:00.123456789z"),
        ("time", "2026-03-02T10:00:00-05:30"),
        ("datacontenttype", "application/json; charset=utf-8"),
        ("dataschema", "https://example.org/schema"),
        ("traceparent", "anything"),
        ("sequence", 7),
        ("sampled", True),
        ("note", ""),
        ("a" * 20, "x"),
    ],
)
def test_good(name: str, value: object) -> None:
    assert pointers(REQUIRED | {name: value}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("id", "1" * 501),
        ("id", "\ufffe"),
        ("source", "a b"),
        ("source", "10:30"),
        ("source", "a#b#c"),
        ("source", "100%"),
        ("source", "/" + "s" * 500),
        ("subject", ""),
        ("time", "2026-03-02T10:00:00"),
        ("time", "2026-03-02"),
        ("time", "20260302T100000Z"),
        ("time", "2026-02-30T10:00:00Z"),
        ("time", "0001-01-01T00:00:00+14:00"),
        ("time", 1772445600),
        ("datacontenttype", "text/xml"),
        ("dataschema", ""),
        ("principal", "admin"),
        ("data_base64", "e30="),
        ("Capital", "x"),
        ("under_score", "x"),
        ("a" * 21, "x"),
        ("fraction", 1.5),
        ("nested", {}),
        ("list", []),
        ("control", "\x00"),
    ],
)
def test_bad(name: str, value: object) -> None:
    assert pointers(REQUIRED | {name: value}) == [f"/{name}"]


def test_a_long_attribute_is_judged_in_linear_time() -> None:
    assert pointers(REQUIRED | {"source": "a" * 1_000_000 + " "}) == ["/source"]


def test_a_malformed_trace_context_is_ignored() -> None:
    assert well_formed(TRACE) == TRACE
    assert well_formed("00-xyz") is None
    assert well_formed(None) is None
