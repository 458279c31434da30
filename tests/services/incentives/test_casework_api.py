"""Cases and proposals over HTTP, with the service's workers running on a real log and a real database."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from praxis_incentives.bootstrap import SERVICE
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation, make_credential
from tests.services.incentives.test_api import apply_skill, decisions, publish, send


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with installation(Settings(database_url=database_url), [SERVICE]) as running:
        yield running


@pytest.fixture
def client(praxis: Installation) -> httpx.AsyncClient:
    return praxis.client


async def hold(praxis: Installation) -> str:
    """The id of a held decision: the second voucher turns out to be the learner."""
    await publish(praxis)
    await apply_skill(praxis, 1)
    await apply_skill(praxis, 2, attested_by={"mbox": "mailto:ann@example.org"})
    await decisions(praxis.client)
    linked = {"person_id": "p-1", "identifiers": [{"mbox": "mailto:ann@example.org"}]}
    await send(praxis, "people.identity-linked", linked)
    [case] = (await praxis.client.get("/cases")).json()["cases"]
    assert case["outcome"] == "held"
    return str(case["decision"])


async def test_a_held_case_is_released_with_a_reason(praxis: Installation, client: httpx.AsyncClient) -> None:
    case = await hold(praxis)
    answer = await client.post(f"/cases/{case}/release", json={"reason": "I asked both."})
    assert answer.status_code == 200, answer.text
    assert answer.json()["consistent"] is True
    [decision] = answer.json()["decisions"]
    assert decision["outcome"] == "granted"
    assert decision["trigger"] == answer.json()["review"]
    assert [c["explanation"] for c in decision["criteria"] if c["criterion"] == "review"] == [
        "A person looked at the case and released it."
    ]
    assert (await client.get("/cases")).json()["cases"] == []
    again = await client.post(f"/cases/{case}/uphold", json={"reason": "On second thoughts."})
    assert again.status_code == 409
    noted: list[str] = []
    async with asyncio.timeout(10):
        while "review-released" not in noted:
            await asyncio.sleep(0.1)
            entries = (await client.get("/audit")).json()["entries"]
            noted = [each["act"] for each in entries if each["object"] == case]
    assert "review-upheld" not in noted


async def endorse(praxis: Installation, number: int, learner: str, by: str) -> None:
    ends = {"learner": {"person_id": learner}, "attested_by": {"person_id": by}}
    await apply_skill(praxis, number, kind="peer-endorsement", **ends)


async def test_a_held_ring_shows_who_endorsed_whom(praxis: Installation, client: httpx.AsyncClient) -> None:
    await publish(praxis)
    await apply_skill(praxis, 1)
    await endorse(praxis, 2, "p-1", "c-1")
    await endorse(praxis, 3, "p-1", "c-2")
    await endorse(praxis, 4, "c-1", "p-1")
    [case] = (await client.get("/cases")).json()["cases"]
    assert (case["learner"], case["outcome"], len(case["ring"])) == ("person:p-1", "held", 1)
    assert sorted((each["endorser"], each["learner"]) for each in case["endorsements"]) == [
        ("person:c-1", "person:p-1"),
        ("person:p-1", "person:c-1"),
    ]
    assert {each["evidence"] for each in case["endorsements"]} > set(case["ring"])
    answer = await client.post(f"/cases/{case['decision']}/uphold", json={"reason": "Arranged."})
    assert [each["outcome"] for each in answer.json()["decisions"]] == ["revoked"]


async def test_a_proposal_is_approved_or_declined_by_somebody_else(
    praxis: Installation, client: httpx.AsyncClient
) -> None:
    await publish(praxis, reward="promotion-linked")
    for number in (1, 2, 3, 4):
        await apply_skill(praxis, number, learner={"person_id": f"p-{(number + 1) // 2}"})
    await decisions(client)
    page = (await client.get("/proposals", params={"limit": 1})).json()
    rest = (await client.get("/proposals", params={"limit": 1, "after": page["next"]})).json()
    first, second = page["cases"][0], rest["cases"][0]
    assert rest["next"] is None
    assert {first["learner"], second["learner"]} == {"person:p-1", "person:p-2"}
    own = {"reason": "Mine.", "by": {"person_id": first["learner"].removeprefix("person:")}}
    refused = await client.post(f"/proposals/{first['decision']}/approve", json=own)
    assert (refused.status_code, refused.json()["detail"]) == (409, "Nobody decides about a case of their own.")
    approved = await client.post(f"/proposals/{first['decision']}/approve", json={"reason": "Seen."})
    assert [each["outcome"] for each in approved.json()["decisions"]] == ["granted"]
    declined = await client.post(f"/proposals/{second['decision']}/decline", json={"reason": "Not yet."})
    assert [each["outcome"] for each in declined.json()["decisions"]] == ["refused"]
    assert (await client.get("/proposals")).json()["cases"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/reason"),
        ({"reason": ""}, "/reason"),
        ({"reason": "x", "bye": 1}, "/bye"),
        ({"reason": "x", "by": {}}, "/by"),
    ],
)
async def test_a_wrong_body_is_named(client: httpx.AsyncClient, body: object, pointer: str) -> None:
    answer = await client.post(f"/cases/{uuid4()}/release", json=body)
    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_who_may(praxis: Installation, client: httpx.AsyncClient) -> None:
    url, path = praxis.context.settings.database_url, f"/cases/{uuid4()}/release"
    await make_credential(url, ["decisions/read"], "reader", "secret")
    await make_credential(url, ["cases/decide"], "reviewer", "secret")
    reader, reviewer = ("reader", "secret"), ("reviewer", "secret")
    assert (await client.post(path, json={"reason": "x"}, auth=reader)).status_code == 403
    assert (await client.post(path, json={"reason": "x"}, auth=reviewer)).status_code == 404
    for_another = {"reason": "x", "by": {"person_id": "p-7"}}
    assert (await client.post(path, json=for_another, auth=reviewer)).status_code == 403
    assert (await client.get("/cases", auth=reviewer)).status_code == 403
    assert (await client.get("/cases?state=lost", auth=reader)).status_code == 400
