"""Whose decisions a caller sees: own ones, under every name of theirs, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from praxis_incentives.bootstrap import SERVICE
from praxis_incentives.identities import CREDENTIALS
from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, Installation, installation, make_credential
from tests.fixtures.oidc import AUDIENCE, Provider
from tests.services.incentives.test_api import apply_skill, decisions, publish, send

ANN = {"account": {"home_page": CREDENTIALS, "name": "ann"}}


@pytest.fixture
async def praxis(database_url: str, provider: Provider) -> AsyncIterator[Installation]:
    """Two learners, each with a decision; p-1's evidence came under their mail address."""
    settings = Settings(
        database_url=database_url, oidc_issuer=provider.url, oidc_audience=AUDIENCE, oidc_person_claim="employee"
    )
    async with installation(settings, [SERVICE]) as running:
        for key, scope in (("ann", "own/read"), ("reader", "decisions/read")):
            await make_credential(database_url, [scope], key, "secret")
        await publish(running)
        await apply_skill(running, 1, learner={"mbox": "mailto:ann@example.org"})
        await apply_skill(running, 2, learner={"person_id": "p-2"})
        yield running


async def link(praxis: Installation, person_id: str, *identifiers: object) -> None:
    await send(praxis, "people.identity-linked", {"person_id": person_id, "identifiers": list(identifiers)})


async def seen(client: httpx.AsyncClient, **parameters: str) -> set[str]:
    return {each["learner"] for each in await decisions(client, **parameters)}


async def test_a_learner_sees_their_own_decisions_and_no_other(praxis: Installation) -> None:
    client = praxis.client
    theirs, others = [(await decisions(client, learner=each))[0] for each in ("mailto:ann@example.org", "p-2")]
    client.auth = httpx.BasicAuth("ann", "secret")
    assert await seen(client) == set()  # nobody has said yet whose credential it is
    await link(praxis, "p-1", {"mbox": "mailto:ann@example.org"}, ANN)
    own = await decisions(client)
    assert theirs["decision"] in {each["decision"] for each in own}
    assert others["learner"] not in {each["learner"] for each in own}
    assert await seen(client, learner="p-1") == await seen(client, learner="mailto:ann@example.org") != set()
    assert (await client.get("/decisions", params={"learner": "p-2"})).status_code == 403
    assert (await client.get(f"/decisions/{theirs['decision']}")).status_code == 200
    assert (await client.get(f"/decisions/{others['decision']}")).status_code == 404
    assert (await client.get("/policies")).status_code == 200


async def test_a_credential_that_two_persons_claim_is_nobodys(praxis: Installation) -> None:
    await link(praxis, "p-1", {"mbox": "mailto:ann@example.org"}, ANN)
    await link(praxis, "p-2", ANN)
    praxis.client.auth = httpx.BasicAuth("ann", "secret")
    assert await seen(praxis.client) == set()


async def test_whoever_may_read_decisions_sees_everybodys(praxis: Installation) -> None:
    praxis.client.auth = httpx.BasicAuth("reader", "secret")
    assert await seen(praxis.client) == {"mbox:ann@example.org", "person:p-2"}
    assert await seen(praxis.client, learner="p-2") == {"person:p-2"}


async def test_a_token_shows_what_is_about_the_person_whom_it_names(praxis: Installation, provider: Provider) -> None:
    praxis.client.auth = httpx.Auth()  # none
    praxis.client.headers["Authorization"] = f"Bearer {provider.signed(employee='p-2')}"
    assert await seen(praxis.client) == {"person:p-2"}
    assert (await praxis.client.get("/cases")).status_code == 403


async def test_who_reads_somebody_elses_record_is_noted_and_who_reads_their_own_is_not(praxis: Installation) -> None:
    client = praxis.client
    await link(praxis, "p-1", {"mbox": "mailto:ann@example.org"}, ANN)
    assert await seen(client, learner="p-2") == {"person:p-2"}
    [decision] = await decisions(client, learner="p-2")
    await client.get(f"/decisions/{decision['decision']}")
    await seen(client, learner="nobody")
    assert (await client.get("/decisions", auth=("ann", "secret"))).json()["decisions"]
    noted: list[tuple[str, str, str]] = []
    async with asyncio.timeout(10):
        while len(noted) < 3:
            await asyncio.sleep(0.1)
            entries = (await client.get("/audit", params={"act": "record-read"})).json()["entries"]
            noted = [(each["actor"], each["object"], each["person"]) for each in entries]
    assert noted == [(KEY, decision["decision"], "person:p-2"), *[(KEY, "/decisions", "person:p-2")] * 2]
