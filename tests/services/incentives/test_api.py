"""Decisions and policies over HTTP, with the service's workers running on a real log and a real database."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from praxis_events.envelope import Event
from praxis_events.topics import DIRECTORY, EVIDENCE, PROGRAMME
from praxis_incentives.bootstrap import SERVICE
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation, make_credential
from tests.services.incentives.build import policy_data

TOPIC = {"people": DIRECTORY, "programme": PROGRAMME, "evidence": EVIDENCE}
UNKNOWN = "6f1c0d7e-2b7a-4c3d-9d55-0b6a1d6f0f11"


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with installation(Settings(database_url=database_url), [SERVICE]) as running:
        yield running


@pytest.fixture
def client(praxis: Installation) -> httpx.AsyncClient:
    return praxis.client


async def send(praxis: Installation, name: str, data: dict[str, Any], id_: str | None = None) -> Event:
    event = Event(
        id=id_ or str(uuid4()),
        source="/tests",
        type=f"praxis.{name}.v1",
        data=msgspec.json.encode(data),
        principal="work",
    )
    await praxis.context.log.append([event.to_record(TOPIC[name.partition(".")[0]].name)])
    return event


async def publish(praxis: Installation, **asked: Any) -> None:
    await send(praxis, "programme.policy-published", policy_data(**asked))


async def apply_skill(praxis: Installation, number: int = 1, **changes: Any) -> Event:
    data: dict[str, Any] = {
        "learner": {"person_id": "p-1"},
        "skill": "python",
        "kind": "manager-verification",
        "attested_by": {"person_id": f"m-{number}"},
        "artefact": {"system": "github", "id": f"acme/app#{number}", "url": "https://github.example/acme/app/1"},
        "occurred_at": "2026-03-02T10:00:00Z",
    }
    return await send(praxis, "evidence.skill-applied", data | changes)


async def decisions(client: httpx.AsyncClient, **parameters: Any) -> list[dict[str, Any]]:
    answer = await client.get("/decisions", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.json()["consistent"] is True
    found: list[dict[str, Any]] = answer.json()["decisions"]
    return found


async def test_a_decision_is_read_as_soon_as_its_evidence_is_acknowledged(
    praxis: Installation, client: httpx.AsyncClient
) -> None:
    await publish(praxis)
    event = await apply_skill(praxis)
    [decision] = await decisions(client, learner="p-1")
    assert decision["outcome"] == "pending"
    assert "1 more item of evidence." in decision["what_would_change_it"]
    assert decision["evidence"] == [str(event.key)]
    [item] = decision["items"]
    assert (item["source"], item["id"], item["kind"]) == ("/tests", event.id, "manager-verification")
    assert "attested_by" not in item
    assert "m-1" not in msgspec.json.encode(decision).decode()


async def test_one_decision_by_its_id(praxis: Installation, client: httpx.AsyncClient) -> None:
    await publish(praxis)
    await apply_skill(praxis)
    [decision] = await decisions(client)
    answer = await client.get(f"/decisions/{decision['decision']}")
    assert answer.json() == decision


async def test_newest_first_page_by_page(praxis: Installation, client: httpx.AsyncClient) -> None:
    await publish(praxis)
    for number in range(5):
        await apply_skill(praxis, number, learner={"person_id": f"p-{number}"})
    assert [each["ledger_index"] for each in await decisions(client)] == [4, 3, 2, 1, 0]
    seen: list[int] = []
    parameters: dict[str, Any] = {"limit": 2}
    while "after" not in parameters or parameters["after"] is not None:
        page = (await client.get("/decisions", params=parameters)).json()
        seen += [each["ledger_index"] for each in page["decisions"]]
        parameters["after"] = page["next"]
    assert seen == [4, 3, 2, 1, 0]


async def test_filters(praxis: Installation, client: httpx.AsyncClient) -> None:
    await publish(praxis)
    await apply_skill(praxis, 1)
    await apply_skill(praxis, 2)
    await apply_skill(praxis, 3, learner={"person_id": "p-2"})
    assert [each["outcome"] for each in await decisions(client, learner="p-1")] == ["granted", "pending"]
    assert [each["learner"] for each in await decisions(client, outcome="pending")] == ["person:p-2", "person:p-1"]
    assert len(await decisions(client, learner="p-1", outcome="granted", policy="python-in-practice")) == 1
    assert await decisions(client, policy="other") == []
    assert await decisions(client, learner="nobody") == []


@pytest.mark.parametrize("named", ["p-1", "person:p-1", "mailto:Ann@example.org", "mbox:ann@example.org"])
async def test_a_learner_is_found_by_every_name(praxis: Installation, client: httpx.AsyncClient, named: str) -> None:
    await publish(praxis)
    await apply_skill(praxis, 1, learner={"mbox": "mailto:ann@example.org"})
    await decisions(client)
    linked = {"person_id": "p-1", "identifiers": [{"mbox": "mailto:ann@example.org"}]}
    await send(praxis, "people.identity-linked", linked)
    assert [each["learner"] for each in await decisions(client, learner=named)] == [
        "person:p-1",
        "mbox:ann@example.org",
    ]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("lerner=p-1", "lerner"),
        ("outcome=won", "outcome"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("after=-1", "after"),
        ("after=99999999999999999999", "after"),
        ("learner=", "learner"),
        ("learner=a%00b", "learner"),
        ("outcome=held&outcome=granted", "outcome"),
    ],
)
async def test_a_wrong_parameter_is_named(client: httpx.AsyncClient, query: str, parameter: str) -> None:
    answer = await client.get(f"/decisions?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["parameter"] for each in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/decisions/{UNKNOWN}", 404),
        ("/decisions/no-uuid", 400),
        ("/policies/none", 404),
        ("/policies/a%00b", 404),
        ("/policies?x=1", 400),
    ],
)
async def test_what_there_is_not(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/decisions", f"/decisions/{UNKNOWN}", "/policies", "/policies/a"])
async def test_without_the_scope_nothing_is_read(praxis: Installation, client: httpx.AsyncClient, path: str) -> None:
    await make_credential(praxis.context.settings.database_url, ["events/write"], "feed", "secret")
    assert (await client.get(path, auth=("feed", "secret"))).status_code == 403
    assert (await client.get(path, auth=("feed", "wrong"))).status_code == 401
    await make_credential(praxis.context.settings.database_url, ["decisions/read"], "reader", "secret")
    assert (await client.get(path, auth=("reader", "secret"))).status_code in (200, 404)


async def test_policies_with_their_versions_in_plain_words(praxis: Installation, client: httpx.AsyncClient) -> None:
    await publish(praxis)
    await publish(praxis, version=2, threshold=2.0)
    later = policy_data(3) | {"effective_from": "2999-01-01T00:00:00Z"}
    await send(praxis, "programme.policy-published", later)
    answer = (await client.get("/policies")).json()
    [policy] = answer["policies"]
    assert (policy["policy"], policy["in_effect"]) == ("python-in-practice", 2)
    assert [(each["version"], each["state"]) for each in policy["versions"]] == [
        (3, "scheduled"),
        (2, "in-effect"),
        (1, "superseded"),
    ]
    assert policy["versions"][1]["in_plain_words"][0].startswith("Evidence worth at least 2:")
    assert policy["versions"][1]["criteria"]["weights"]["peer-endorsement"] == 0.3
    assert policy["versions"][1]["owner"] == {"person_id": "p-7"}
    assert (await client.get("/policies/python-in-practice")).json() == policy


async def test_without_a_decider_a_read_says_that_it_may_be_behind(database_url: str) -> None:
    settings = Settings(database_url=database_url, read_wait=0.05)
    async with installation(settings, [SERVICE], workers=False) as praxis:
        await publish(praxis)
        answer = (await praxis.client.get("/decisions")).json()
        assert (answer["consistent"], answer["watermark"], answer["decisions"]) == (False, None, [])


async def test_the_api_is_described(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    assert {"/decisions", "/decisions/{decision}", "/policies", "/policies/{policy}"} <= set(paths)
    named = {each["name"] for each in paths["/decisions"]["get"]["parameters"]}
    assert named == {"learner", "outcome", "policy", "limit", "after"}
