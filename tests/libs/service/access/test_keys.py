"""Credentials over HTTP: made, used, listed, revoked; and never more than the caller has."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, Installation, installation, make_credential

HR = ["keys/manage", "events/write:praxis.people."]


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with installation(Settings(database_url=database_url), []) as running:
        await make_credential(database_url, HR, "hr", "secret")
        yield running


async def make(client: httpx.AsyncClient, *scopes: str, **given: Any) -> httpx.Response:
    return await client.post("/keys", json={"scopes": list(scopes), **given})


def as_hr(praxis: Installation) -> httpx.AsyncClient:
    praxis.client.auth = httpx.BasicAuth("hr", "secret")
    return praxis.client


async def test_a_credential_lives_from_its_making_to_its_revocation(praxis: Installation) -> None:
    client = praxis.client
    made = await make(client, "keys/manage", "kpis/read", key="second")
    assert made.status_code == 201
    assert made.json() | {"secret": ""} == {"key": "second", "secret": "", "scopes": ["keys/manage", "kpis/read"]}
    theirs = httpx.BasicAuth("second", made.json()["secret"])
    listed = (await client.get("/keys", auth=theirs)).json()["keys"]
    assert {each["key"]: each["scopes"] for each in listed} == {
        KEY: ["all"], "hr": sorted(HR), "second": ["keys/manage", "kpis/read"],
    }  # fmt: skip
    assert all(each.keys() == {"key", "scopes", "created_at", "revoked_at"} for each in listed)
    assert (await client.delete("/keys/second")).status_code == 204
    assert (await client.delete("/keys/second")).status_code == 404
    [revoked] = [each for each in (await client.get("/keys")).json()["keys"] if each["key"] == "second"]
    assert revoked["revoked_at"] is not None


async def test_a_key_is_made_up_when_none_is_given(praxis: Installation) -> None:
    keys = {(await make(praxis.client, "kpis/read")).json()["key"] for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("scopes", "refused"),
    [
        (["events/write:praxis.people."], []),
        (["events/write:praxis.people.hired.v1", "keys/manage"], []),
        (["events/write:praxis."], ["/scopes/0"]),
        (["events/write"], ["/scopes/0"]),
        (["keys/manage", "kpis/read", "all"], ["/scopes/1", "/scopes/2"]),
        (["attributes/write"], ["/scopes/0"]),
    ],
)
async def test_nobody_gives_what_they_do_not_have(praxis: Installation, scopes: list[str], refused: list[str]) -> None:
    answer = await make(as_hr(praxis), *scopes)
    assert answer.status_code == (403 if refused else 201)
    assert [each["pointer"] for each in answer.json().get("errors", [])] == refused


async def test_nobody_takes_what_somebody_else_has(praxis: Installation) -> None:
    client = as_hr(praxis)
    taken = await make(client, "keys/manage", key=KEY)
    assert (taken.status_code, taken.json()["errors"]) == (409, [{"detail": "exists", "pointer": "/key"}])
    assert (await client.delete(f"/keys/{KEY}")).status_code == 403
    assert (await client.delete("/keys/nobody")).status_code == 404
    assert (await client.delete("/keys/hr")).status_code == 204  # one's own


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/scopes"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["kpis/read", "kpi/read"]}, "/scopes/1"),
        ({"scopes": ["events/write:evidence."]}, "/scopes/0"),
        ({"scopes": ["kpis/read"], "key": "a:b"}, "/key"),
        ({"scopes": ["kpis/read"], "key": ""}, "/key"),
        ({"scopes": ["kpis/read"], "secret": "mine"}, "/secret"),
    ],
)
async def test_bad_input_is_pointed_at(praxis: Installation, body: dict[str, Any], pointer: str) -> None:
    answer = await praxis.client.post("/keys", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
