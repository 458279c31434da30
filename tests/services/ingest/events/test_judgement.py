"""One event: its type, the sender's scopes, its data."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from praxis_events.contracts import contracts
from praxis_events.contracts.base import PersonRef
from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_events.statement_records import STATEMENT_STORED
from praxis_ingest.events.judgement import TOPICS, VOUCHERS, judge
from praxis_ingest.events.outcomes import Admitted, Refused
from praxis_ingest.events.received import ReceivedEvent
from praxis_service.auth import Principal
from tests.fixtures.golden import examples
from tests.services.ingest.events.samples import (
    ADMIN,
    HIRED,
    NOW,
    POLICY,
    TRACKER,
    VOUCHED,
    applied,
    event,
    hired,
    received,
)

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OTHER_TRACE = TRACE.replace("00f067aa0ba902b7", "00f067aa0ba902b8")


def judged(sent: dict[str, Any], principal: Principal = ADMIN, traceparent: str | None = None) -> Admitted | Refused:
    return judge(received(sent), principal, NOW, traceparent)


def refusal(sent: dict[str, Any], principal: Principal = ADMIN) -> tuple[int, list[str | None]]:
    found = judged(sent, principal)
    assert isinstance(found, Refused)
    return int(found.status), [error.pointer for error in found.errors]


def admitted(sent: dict[str, Any], principal: Principal = ADMIN, traceparent: str | None = None) -> Event:
    found = judged(sent, principal, traceparent)
    assert isinstance(found, Admitted)
    return found.event


def test_an_admitted_event_carries_what_was_sent_and_who_sent_it() -> None:
    sent = hired() | {"time": "2026-03-02T12:00:00+02:00", "subject": "Ann", "whatever": "ignored"}
    found = admitted(sent, TRACKER)
    assert (found.id, found.source, found.type) == (sent["id"], sent["source"], sent["type"])
    assert json.loads(found.data) == HIRED
    assert found.time is not None
    assert found.time.isoformat() == "2026-03-02T10:00:00+00:00"
    assert (found.subject, found.principal) == ("Ann", "tracker")


def test_its_record_goes_to_its_topic_and_reads_back() -> None:
    found = judged(applied())
    assert isinstance(found, Admitted)
    topic, partition, key, value, headers = found.record
    assert (topic, partition) == ("work.evidence", 0)
    assert Event.from_record(Record(topic, partition, 0, key, value, headers, 0)) == found.event


def test_the_digest_is_of_type_and_content() -> None:
    def digest(sent: dict[str, Any]) -> bytes:
        found = judged(sent)
        assert isinstance(found, Admitted)
        return found.digest

    reordered = {**hired(), "data": dict(reversed(HIRED.items())), "time": "2026-03-02T10:00:00Z"}
    assert digest(hired()) == digest(reordered)
    assert digest(hired()) != digest(hired(unit="sales"))
    leave = {"person_id": "p-1", "effective_at": "2026-03-02T10:00:00Z"}
    assert digest(event("people.leave-started", leave)) != digest(event("people.leave-ended", leave))


def test_the_events_own_trace_context_goes_before_the_requests() -> None:
    assert admitted(hired() | {"traceparent": TRACE}, traceparent=OTHER_TRACE).traceparent == TRACE
    assert admitted(hired() | {"traceparent": "00-xyz"}, traceparent=OTHER_TRACE).traceparent == OTHER_TRACE
    assert admitted(hired()).traceparent is None


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.type)
def test_only_the_doors_types_pass(contract: Any) -> None:
    status, pointers = refusal(event("x", {}) | {"type": contract.type})
    assert status == 400
    assert (pointers == ["/0/type"]) is (contract.topic not in TOPICS)


@pytest.mark.parametrize("type_", ["praxis.people.promised.v1", "praxis.people.hired.v2", STATEMENT_STORED, "hired"])
def test_an_unknown_type_is_refused(type_: str) -> None:
    assert refusal(hired() | {"type": type_}) == (400, ["/0/type"])


def test_faults_in_attributes_come_first() -> None:
    assert refusal(hired(unit=None) | {"specversion": "2.0"}) == (400, ["/0/specversion"])


@pytest.mark.parametrize(
    ("sent", "pointers"),
    [
        (hired(effective_at="2025-01-01"), ["/0/data/effective_at"]),
        (hired(effective_at=1735689600), ["/0/data/effective_at"]),
        (hired(fte="0.5"), ["/0/data/fte"]),
        (hired(unit="", role=7, pay=1), ["/0/data/unit", "/0/data/role", "/0/data/pay"]),
        (event("people.hired", {"a/b": 1} | HIRED), ["/0/data/a~1b"]),
        (applied(artefact={"system": "github"}), ["/0/data/artefact/id"]),
        (applied(learner={}), ["/0/data/learner"]),
        (applied(outcomes=[{"measure": "minutes", "source": "x", "before": True}]), ["/0/data/outcomes/0/before"]),
        (event("programme.policy-published", {n: v for n, v in POLICY.items() if n != "owner"}), ["/0/data/owner"]),
        (hired() | {"data": None}, ["/0/data"]),
        (hired() | {"data": "text"}, ["/0/data"]),
    ],
)
def test_data_that_breaks_its_contract_is_pointed_at(sent: dict[str, Any], pointers: list[str]) -> None:
    assert refusal(sent) == (400, pointers)


def malformed() -> Iterator[Any]:
    """Each field of each type that this door takes: left out where it is required, and of a type that none has."""
    for contract in (each for each in contracts() if each.topic in TOPICS):
        for name, field in contract.model.model_fields.items():
            given = field.alias or name
            example = next(each for each in examples(contract.type) if given in each)
            rest = {each: value for each, value in example.items() if each != given}
            if field.is_required():
                yield pytest.param(contract.type, rest, given, id=f"{contract.type}-without-{given}")
            yield pytest.param(contract.type, rest | {given: [[]]}, given, id=f"{contract.type}-bad-{given}")


@pytest.mark.parametrize(("type_", "data", "field"), list(malformed()))
def test_every_malformed_event_names_its_field(type_: str, data: dict[str, Any], field: str) -> None:
    status, pointers = refusal(event("x", data) | {"type": type_})
    assert status == 400
    assert {str(pointer).split("/")[3] for pointer in pointers} == {field}


def test_an_event_without_data_is_refused() -> None:
    attributes = {name: value for name, value in hired().items() if name != "data"}
    found = judge(ReceivedEvent(0, attributes), ADMIN, NOW, None)
    assert isinstance(found, Refused)
    assert [error.pointer for error in found.errors] == ["/data"]


def test_deep_nesting_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert refusal(hired(unit=deep)) == (400, ["/0/data"])


def test_the_list_of_faults_is_bounded() -> None:
    status, pointers = refusal(event("people.identity-linked", {str(n): n for n in range(1_000)}))
    assert (status, len(pointers)) == (400, 20)


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (["all"], True),
        (["events/write"], True),
        (["events/write:praxis.people."], True),
        (["events/write:praxis.people.hired.v1"], True),
        (["events/write:praxis.evidence."], False),
        (["statements/write", "act-as"], False),
        ([], False),
    ],
)
def test_scopes_name_the_types_that_a_credential_may_send(scopes: list[str], allowed: bool) -> None:
    found = judged(hired(), Principal("hr", frozenset(scopes)))
    assert isinstance(found, Admitted) is allowed
    if isinstance(found, Refused):
        assert (found.status, found.errors[0].pointer) == (403, "/0/type")


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (["events/write"], False),
        (["events/write:praxis.people."], False),
        (["events/write:praxis.people.attributes-declared.v1"], False),
        (["attributes/write"], True),
        (["all"], True),
    ],
)
def test_group_attributes_have_a_scope_of_their_own(scopes: list[str], allowed: bool) -> None:
    declared = event("people.attributes-declared", {"person_id": "p-1", "attributes": {"gender": "female"}})
    found = judged(declared, Principal("hr", frozenset(scopes)))
    if isinstance(found, Refused):
        assert (found.status, found.errors[0].pointer, allowed) == (403, "/0/type", False)
    else:
        assert (found.record.topic, allowed) == ("people.attributes", True)


def test_whoever_may_send_group_attributes_may_send_nothing_else_by_it() -> None:
    assert refusal(hired(), Principal("hr", frozenset(["attributes/write"]))) == (403, ["/0/type"])


@pytest.mark.parametrize(
    ("scopes", "allowed"), [(["events/write"], False), (["events/write", "act-as"], True), (["all"], True)]
)
def test_speaking_for_another_person_needs_act_as(scopes: list[str], allowed: bool) -> None:
    found = judged(event("evidence.skill-applied", VOUCHED), Principal("tracker", frozenset(scopes)))
    assert isinstance(found, Admitted) is allowed
    if isinstance(found, Refused):
        assert (found.status, found.errors[0].pointer) == (403, "/0/data/attested_by")


@pytest.mark.parametrize(
    ("person", "attested_by", "allowed"),
    [
        ({"person_id": "p-7"}, {"person_id": "p-7"}, True),
        ({"person_id": "p-7"}, {"person_id": "p-8"}, False),
        ({"mbox": "mailto:Meg@example.org"}, {"mbox": "mailto:meg@example.org"}, True),
        ({"mbox": "mailto:meg@example.org"}, {"mbox": "mailto:ann@example.org"}, False),
        ({"person_id": "p-7"}, {"mbox": "mailto:meg@example.org"}, False),
    ],
)
def test_a_token_speaks_for_its_own_person(person: Any, attested_by: Any, allowed: bool) -> None:
    caller = Principal("oidc:7", frozenset(["events/write"]), person=PersonRef(**person))
    found = judged(event("evidence.skill-applied", VOUCHED | {"attested_by": attested_by}), caller)
    assert isinstance(found, Admitted) is allowed


def test_naming_nobody_speaks_for_nobody() -> None:
    assert isinstance(judged(applied(attested_by=None), TRACKER), Admitted)


def test_every_field_that_names_a_voucher_is_guarded() -> None:
    fields = {name for contract in contracts() if contract.topic in TOPICS for name in contract.model.model_fields}
    assert {name for name in fields if name.endswith("_by") or name == "coach"} <= VOUCHERS


def test_work_is_done_in_the_past_give_or_take_a_time_zone() -> None:
    almost, beyond = NOW + timedelta(hours=24), NOW + timedelta(hours=24, seconds=1)
    assert isinstance(judged(applied(occurred_at=almost.isoformat())), Admitted)
    assert refusal(applied(occurred_at=beyond.isoformat())) == (400, ["/0/data/occurred_at"])
    coached = {"coach": {"person_id": "p-2"}, "learner": {"person_id": "p-1"}, "at": beyond.isoformat()}
    assert refusal(event("work.coaching-held", coached)) == (400, ["/0/data/at"])
    assert isinstance(judged(hired(effective_at="2030-01-01T00:00:00Z")), Admitted)


def test_an_event_too_large_for_its_topic_is_refused() -> None:
    names = [{"account": {"homePage": "https://hr.example.org", "name": "é" * 500}}] * 100
    data = {"person_id": "p-1", "identifiers": names}
    assert isinstance(judged(event("people.identity-linked", data)), Admitted)
    outcomes = [{"measure": "é" * 500, "source": "s"}] * 1_000
    assert refusal(applied(outcomes=outcomes)) == (413, ["/0/data"])
