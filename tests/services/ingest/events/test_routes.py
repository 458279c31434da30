"""``POST /events`` as a client sees it, on a real log."""

import json
from typing import Any

import pytest

from praxis_events.envelope import Event
from praxis_ingest.events.modes import BATCHED, STRUCTURED
from tests.services.ingest.events.samples import APPLIED, HIRED, SOURCE, VOUCHED, applied, event, hired
from tests.services.ingest.events.serving import SECRET, Serving

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
BINARY = {
    "content-type": "application/json",
    "ce-specversion": "1.0",
    "ce-id": "caf%C3%A9",
    "ce-source": SOURCE,
    "ce-type": "praxis.people.hired.v1",
    "ce-time": "2026-03-02T10:00:00Z",
}


def accepted(index: int, id_: str, duplicate: bool = False) -> dict[str, Any]:
    return {"index": index, "id": id_, "source": SOURCE, "duplicate": duplicate}


async def test_a_structured_event_is_on_the_log_when_answered(door: Serving) -> None:
    answer = await door.send(hired("1"), "tracker")
    assert (answer.status_code, answer.json()) == (200, {"accepted": [accepted(0, "1")], "refused": []})
    [found] = await door.on_log()
    data = json.loads(found.data)
    assert (found.id, found.source, found.type, found.principal) == ("1", SOURCE, "praxis.people.hired.v1", "tracker")
    assert data == HIRED


async def test_a_binary_event(door: Serving) -> None:
    answer = await door.post(json.dumps(HIRED).encode(), BINARY | {"traceparent": TRACE})
    assert answer.json() == {"accepted": [accepted(0, "café")], "refused": []}
    [found] = await door.on_log()
    expected = Event("café", SOURCE, BINARY["ce-type"], found.data, found.time, None, "admin", TRACE)
    assert found == expected
    assert json.loads(found.data) == HIRED


async def test_a_batch_goes_to_its_topics_in_order(door: Serving) -> None:
    sent = [hired("1"), applied("2"), hired("3"), applied("4")]
    answer = await door.send(sent)
    assert answer.json()["accepted"] == [accepted(index, str(index + 1)) for index in range(4)]
    assert sorted(each.id for each in await door.on_log()) == ["1", "2", "3", "4"]
    assert [each.id for each in await door.on_log() if each.type == hired()["type"]] == ["1", "3"]


async def test_an_event_for_a_person_not_yet_known_is_kept(door: Serving) -> None:
    moved = {"person_id": "nobody-yet", "unit": "not-yet-defined", "effective_at": "2026-02-01T00:00:00Z"}
    answer = await door.send([event("people.unit-changed", moved, "1"), hired("2", person_id="nobody-yet")], "hr")
    assert answer.json() == {"accepted": [accepted(0, "1"), accepted(1, "2")], "refused": []}
    assert [json.loads(each.data)["person_id"] for each in await door.on_log()] == ["nobody-yet", "nobody-yet"]


async def test_an_empty_batch_is_accepted(door: Serving) -> None:
    answer = await door.send([])
    assert (answer.status_code, answer.json()) == (200, {"accepted": [], "refused": []})


async def test_valid_events_are_accepted_and_the_others_listed(door: Serving) -> None:
    answer = await door.send([hired("1"), hired("2", effective_at="soon"), 7, applied("4")])
    assert answer.status_code == 207
    fault = {"detail": "must be an ISO 8601 time with a zone", "pointer": "/1/data/effective_at"}
    assert answer.json() == {
        "accepted": [accepted(0, "1"), accepted(3, "4")],
        "refused": [
            {"index": 1, "id": "2", "source": SOURCE, "status": 400, "errors": [fault]},
            {"index": 2, "status": 400, "errors": [{"detail": "must be an object", "pointer": "/2"}]},
        ],
    }
    assert {each.id for each in await door.on_log()} == {"1", "4"}


async def test_one_bad_event_is_a_problem(door: Serving) -> None:
    answer = await door.send(hired("1", effective_at="soon", role=7))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/data/role", "/data/effective_at"]
    assert answer.json()["refused"][0]["id"] == "1"
    assert await door.on_log() == []


async def test_binary_data_is_pointed_at_from_the_root(door: Serving) -> None:
    answer = await door.post(json.dumps(HIRED | {"effective_at": "soon"}).encode(), BINARY)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/effective_at"]


async def test_binary_attributes_are_named_by_their_header(door: Serving) -> None:
    answer = await door.post(b"{}", {"ce-type": "t", "ce-source": "a b"})
    assert [fault["header"] for fault in answer.json()["errors"]] == ["ce-specversion", "ce-id", "ce-source"]


async def test_a_batch_of_bad_events_is_a_problem(door: Serving) -> None:
    answer = await door.send([hired("1", unit=""), hired("2") | {"type": "t"}])
    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/0/data/unit", "/1/type"]
    assert [each["index"] for each in answer.json()["refused"]] == [0, 1]


async def test_atomic_is_all_or_nothing(door: Serving) -> None:
    answer = await door.send([hired("1"), hired("2", unit="")], query="?atomic=true")
    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/1/data/unit"]
    assert await door.on_log() == []
    answer = await door.send([hired("1"), hired("2")], query="?atomic=true")
    assert answer.json()["accepted"] == [accepted(0, "1"), accepted(1, "2")]
    assert (await door.send([hired("3"), hired("4", unit="")], query="?atomic=false")).status_code == 207


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("?atomic=maybe", "atomic"), ("?atomic=true&atomic=true", "atomic"), ("?atomic", "atomic"), ("?dry=1", "dry")],
)
async def test_a_parameter_that_is_not_known_is_named(door: Serving, query: str, parameter: str) -> None:
    answer = await door.send(hired(), query=query)
    assert answer.status_code == 400
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]
    assert await door.on_log() == []


async def test_an_event_sent_again_is_a_duplicate(door: Serving) -> None:
    await door.send(hired("1"))
    answer = await door.send([hired("1"), hired("2"), hired("2")])
    assert answer.json()["accepted"] == [accepted(0, "1", True), accepted(1, "2"), accepted(2, "2", True)]
    assert [each.id for each in await door.on_log()] == ["1", "2"]


async def test_an_id_with_other_content_is_refused(door: Serving) -> None:
    await door.send(hired("1"))
    alone = await door.send(hired("1", unit="sales"))
    assert (alone.status_code, alone.json()["errors"][0]["pointer"]) == (409, "/id")
    batch = await door.send([hired("1", unit="sales"), hired("2")])
    assert batch.status_code == 207
    assert [(each["status"], each["errors"][0]["pointer"]) for each in batch.json()["refused"]] == [(409, "/0/id")]
    assert [each.id for each in await door.on_log()] == ["1", "2"]


async def test_the_same_id_of_another_source_is_another_event(door: Serving) -> None:
    await door.send(hired("1"))
    answer = await door.send(hired("1", unit="sales") | {"source": "/elsewhere"})
    assert answer.json()["accepted"][0]["duplicate"] is False


@pytest.mark.parametrize(
    ("key", "sent", "pointer"),
    [
        ("hr", applied(), "/type"),
        ("tracker", event("evidence.skill-applied", VOUCHED), "/data/attested_by"),
    ],
)
async def test_what_a_credential_may_not_send_is_forbidden(
    door: Serving, key: str, sent: dict[str, Any], pointer: str
) -> None:
    answer = await door.send(sent, key)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (403, pointer)
    assert await door.on_log() == []


async def test_the_refusal_names_the_type(door: Serving) -> None:
    [fault] = (await door.send(applied(), "hr")).json()["errors"]
    assert fault["detail"] == "the credential 'hr' may not send praxis.evidence.skill-applied.v1"


async def test_who_may_send_no_event_at_all_is_refused_before_the_body_is_read(door: Serving) -> None:
    answer = await door.post(b"{", {"content-type": STRUCTURED}, "reader")
    assert (answer.status_code, "events/write" in answer.json()["detail"]) == (403, True)


async def test_what_it_may_send_is_accepted_beside_what_not(door: Serving) -> None:
    answer = await door.send([hired("1"), applied("2")], "hr")
    assert answer.status_code == 207
    assert [(each["index"], each["status"]) for each in answer.json()["refused"]] == [(1, 403)]
    assert (await door.send(event("evidence.skill-applied", VOUCHED, "3"), "spokesman")).status_code == 200


async def test_nobody_sends_without_a_credential(door: Serving) -> None:
    headers = {"content-type": STRUCTURED}
    assert (await door.client.post("/events", content=b"{}", headers=headers)).status_code == 401
    assert (await door.client.post("/events", content=b"{}", headers=headers, auth=("hr", "x"))).status_code == 401


async def test_the_principal_cannot_be_claimed(door: Serving) -> None:
    answer = await door.send(hired() | {"principal": "admin"}, "tracker")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/principal")


async def test_a_body_is_limited(door: Serving) -> None:
    answer = await door.post(b" " * 2_000_001, {"content-type": STRUCTURED})
    assert answer.status_code == 413


async def test_a_batch_is_limited(door: Serving) -> None:
    assert (await door.send([hired(str(n)) for n in range(11)])).status_code == 413
    assert await door.on_log() == []


async def test_an_event_is_limited(door: Serving) -> None:
    huge = [{"measure": "m" * 500, "source": "s" * 500}] * 1_000
    alone = await door.send(applied("1", outcomes=huge))
    assert (alone.status_code, alone.json()["errors"][0]["pointer"]) == (413, "/data")
    batch = await door.send([applied("1", outcomes=huge), applied("2")])
    assert batch.status_code == 207
    assert [(each["index"], each["status"]) for each in batch.json()["refused"]] == [(0, 413)]


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "application/cloudevents+xml"])
async def test_other_media_types_are_unsupported(door: Serving, media_type: str) -> None:
    answer = await door.post(json.dumps(hired()).encode(), {"content-type": media_type})
    assert answer.status_code == 415
    assert STRUCTURED in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"id": "1", "id": "2"}', b"[" * 5_000])
@pytest.mark.parametrize("media_type", [STRUCTURED, BATCHED])
async def test_what_is_not_json_is_a_problem(door: Serving, body: bytes, media_type: str) -> None:
    assert (await door.post(body, {"content-type": media_type})).status_code == 400


async def test_only_post_is_allowed(door: Serving) -> None:
    assert (await door.client.get("/events", auth=("admin", SECRET))).status_code == 405


async def test_the_documented_examples_are_true(door: Serving) -> None:
    document = door.app.openapi()["paths"]["/events"]["post"]
    content = document["requestBody"]["content"]
    for media_type in (STRUCTURED, BATCHED):
        for example in content[media_type]["examples"].values():
            answer = await door.send(example["value"])
            assert answer.status_code == 200
    binary = content["application/json"]["examples"]["evidence"]["value"]
    headers = BINARY | {"ce-type": "praxis.evidence.skill-applied.v1"}
    assert (await door.post(json.dumps(binary).encode(), headers)).status_code == 200
    assert set(document["responses"]) == {"200", "207", "400", "401", "403", "409", "413", "415", "429", "503"}
    some = document["responses"]["207"]["content"]["application/json"]["example"]
    sent = [event("evidence.skill-applied", APPLIED, "a"), event("programme.policy-published", {}, "b")]
    assert some["refused"][0]["errors"][0] in (await door.send(sent)).json()["refused"][0]["errors"]
