"""``GET /identities/unmatched`` of a running ingest: reads its own writes, page by page, for those who may."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from praxis_ingest.bootstrap import SERVICE
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation, make_credential

PATH = "/identities/unmatched"
ANN, BOB, DESK = ({"mbox": f"mailto:{name}@example.org"} for name in ("ann", "bob", "desk"))
KIOSK = {"account": {"homePage": "https://lms.example", "name": "kiosk|1"}}


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with installation(Settings(database_url=database_url), [SERVICE]) as running:
        yield running


async def complete(client: httpx.AsyncClient, *actors: dict[str, Any]) -> list[str]:
    said = {"verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "object": {"id": "https://lms.example/a"}}
    answer = await client.post("/xapi/statements", json=[{"actor": actor, **said} for actor in actors])
    assert answer.status_code == 200, answer.text
    ids: list[str] = answer.json()
    return ids


async def send(client: httpx.AsyncClient, id_: str, type_: str, data: dict[str, Any]) -> None:
    sent = {"specversion": "1.0", "id": id_, "source": "/hr", "type": f"praxis.{type_}.v1", "data": data}
    answer = await client.post("/events", json=sent, headers={"content-type": "application/cloudevents+json"})
    assert answer.status_code == 200, answer.text


async def link(client: httpx.AsyncClient, id_: str, person: str, identifier: dict[str, Any]) -> None:
    await send(client, id_, "people.identity-linked", {"person_id": person, "identifiers": [identifier]})


async def listed(client: httpx.AsyncClient, **parameters: Any) -> dict[str, str]:
    answer = await client.get(PATH, params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.json()["consistent"] is True
    return {each["key"]: each["state"] for each in answer.json()["identifiers"]}


async def test_each_write_is_seen_at_once(praxis: Installation) -> None:
    client = praxis.client
    await complete(client, ANN, ANN, BOB)
    await send(client, "1", "evidence.skill-applied", {
        "learner": ANN, "skill": "python", "kind": "task-completed", "artefact": {"system": "github", "id": "1"},
        "occurred_at": "2026-03-02T10:00:00Z",
    })  # fmt: skip
    [first, second] = (await client.get(PATH)).json()["identifiers"]
    assert (first["key"], first["identifier"], first["state"]) == ("mbox:ann@example.org", ANN, "unmatched")
    assert (first["statements"], first["events"], second["statements"], second["events"]) == (2, 1, 1, 0)
    assert first["first_seen"] <= first["last_seen"]
    await link(client, "2", "p-1", ANN)
    await link(client, "3", "p-2", ANN)
    await link(client, "4", "p-2", BOB)
    [disputed] = (await client.get(PATH)).json()["identifiers"]
    assert (disputed["state"], disputed["claimants"]) == ("quarantined", ["p-1", "p-2"])
    await send(client, "5", "people.identity-unlinked", {"person_id": "p-1", "identifiers": [ANN]})
    assert await listed(client) == {}
    await link(client, "6", "urn:praxis:shared", BOB)
    await link(client, "7", "urn:praxis:shared", KIOSK)
    [kiosk, shared] = (await client.get(PATH)).json()["identifiers"]
    assert (shared["state"], shared["claimants"], shared["statements"]) == ("shared", ["p-2"], 1)
    assert (kiosk["identifier"], kiosk["state"], kiosk["last_seen"]) == (KIOSK, "shared", None)


async def test_a_void_takes_back_what_nobody_is_to_look_at(praxis: Installation) -> None:
    [by_mistake, _] = await complete(praxis.client, DESK, ANN)
    void = {"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}
    target = {"objectType": "StatementRef", "id": by_mistake}
    await praxis.client.post("/xapi/statements", json={"actor": ANN, **void, "object": target})
    assert await listed(praxis.client) == {"mbox:ann@example.org": "unmatched"}


async def test_page_by_page_and_by_state(praxis: Installation) -> None:
    client = praxis.client
    await complete(client, ANN, BOB, DESK)
    await link(client, "1", "urn:praxis:shared", DESK)
    every: dict[str, str] = {}
    parameters: dict[str, Any] = {"limit": 1}
    while parameters.get("after", "") is not None:
        answer = (await client.get(PATH, params=parameters)).json()
        every |= {each["key"]: each["state"] for each in answer["identifiers"]}
        parameters["after"] = answer["next"]
    assert every == await listed(client)
    assert list(every.values()) == ["unmatched", "unmatched", "shared"]
    assert await listed(client, state="shared") == {"mbox:desk@example.org": "shared"}
    assert await listed(client, state="quarantined") == {}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"limit": 0}, "limit"),
    ({"limit": 501}, "limit"),
    ({"state": "lost"}, "state"),
    ({"after": "é"}, "after"),
    ({"after": "AA"}, "after"),
    ({"offset": "1"}, "offset"),
]


async def test_wrong_parameters_are_named_and_only_those_who_may_are_answered(praxis: Installation) -> None:
    for parameters, named in WRONG:
        answer = await praxis.client.get(PATH, params=parameters)
        assert answer.status_code == 400, answer.text
        assert [each["parameter"] for each in answer.json()["errors"]] == [named]
    url = praxis.context.settings.database_url
    await make_credential(url, ["identities/read"], "keeper", "secret")
    await make_credential(url, ["statements/read"], "reader", "secret")
    assert (await praxis.client.get(PATH, auth=("keeper", "secret"))).status_code == 200
    assert (await praxis.client.get(PATH, auth=("reader", "secret"))).status_code == 403
    assert (await praxis.client.get(PATH, auth=("keeper", "wrong"))).status_code == 401
