"""Basic authentication against real credentials."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import Request
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service import credentials
from praxis_service.access.pairs import FAILURES, REMEMBER_SECONDS
from praxis_service.auth import Authenticator, Principal
from praxis_service.database import engine_for
from praxis_service.migrations import migrate_access
from tests.libs.service.serving import client_of

KEY, SECRET = "ann", "correct horse: battery staple é"
PATH = "/kpis"
"""A route that the credential may use."""


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    await migrate_access(database_url)
    engine = engine_for(database_url)
    await credentials.create(engine, ["kpis/read", "events/write:praxis.people."], KEY, SECRET)
    yield engine
    await engine.dispose()


def whoami(engine: AsyncEngine, seconds: list[float], rate_limit: float | None = None) -> tuple[str, object]:
    authenticate = Authenticator(engine, rate_limit=rate_limit, monotonic=lambda: seconds[0])

    async def endpoint(request: Request) -> dict[str, object]:
        principal = await authenticate(request)
        return {"key": principal.key, "scopes": sorted(principal.scopes)}

    return PATH, endpoint


def basic(pair: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


@pytest.fixture
def seconds() -> list[float]:
    """The time that the authenticator sees."""
    return [0.0]


@pytest.fixture
async def client(engine: AsyncEngine, seconds: list[float]) -> AsyncIterator[httpx.AsyncClient]:
    path, endpoint = whoami(engine, seconds)
    async with client_of((path, endpoint)) as client:  # type: ignore[arg-type]
        yield client


async def test_a_credential_is_recognised(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        answer = await client.get(PATH, headers=basic(f"{KEY}:{SECRET}"))
        assert answer.json() == {"key": KEY, "scopes": ["events/write:praxis.people.", "kpis/read"]}


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer abc",
        "Basic",
        "Basic ä",
        "Basic %%%",
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        "Basic " + base64.b64encode(b"no-colon").decode(),
        "Basic " + base64.b64encode(b"\x00:x").decode(),
        "Basic " + base64.b64encode(b"bob:secret").decode(),
        "Basic " + base64.b64encode(b"ann:wrong").decode(),
        "Basic " + base64.b64encode(b"ann:").decode(),
    ],
)
async def test_anything_else_is_401(client: httpx.AsyncClient, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header.encode("latin-1").decode("latin-1")}
    answer = await client.get(PATH, headers=httpx.Headers(headers, encoding="latin-1"))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_a_revocation_takes_effect_within_the_minute(
    client: httpx.AsyncClient, engine: AsyncEngine, seconds: list[float]
) -> None:
    headers = basic(f"{KEY}:{SECRET}")
    assert (await client.get(PATH, headers=headers)).status_code == 200
    assert await credentials.revoke(engine, KEY, by="test")
    seconds[0] = REMEMBER_SECONDS - 1
    assert (await client.get(PATH, headers=headers)).status_code == 200
    seconds[0] = REMEMBER_SECONDS + 1
    assert (await client.get(PATH, headers=headers)).status_code == 401


async def test_requests_at_the_same_time_verify_a_credential_once(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    seen: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *sent: seen.append(sent[2]))
    for secret, status in ((SECRET, 200), ("wrong", 401)):
        answers = await asyncio.gather(*(client.get(PATH, headers=basic(f"{KEY}:{secret}")) for _ in range(8)))
        assert {each.status_code for each in answers} == {status}
    assert len(seen) == 2


async def test_a_request_that_goes_meanwhile_takes_nobody_with_it(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    first, second = (asyncio.create_task(client.get(PATH, headers=basic(f"{KEY}:{SECRET}"))) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).status_code == 200


async def test_a_remembered_key_does_not_open_for_another_secret(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH, headers=basic(f"{KEY}:{SECRET}"))).status_code == 200
    assert (await client.get(PATH, headers=basic(f"{KEY}:{SECRET}!"))).status_code == 401


@pytest.mark.parametrize(("path", "status"), [("/kpis", 200), ("/decisions", 403), ("/elsewhere", 500)])
async def test_the_table_says_which_routes_a_credential_opens(engine: AsyncEngine, path: str, status: int) -> None:
    _, endpoint = whoami(engine, [0.0])
    async with client_of((path, endpoint), auth=(KEY, SECRET)) as client:  # type: ignore[arg-type]
        answer = await client.get(path)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["detail"] == "The credential 'ann' lacks the scope 'decisions/read' or 'own/read'."


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        ({"all"}, True),
        ({"events/write"}, True),
        ({"events/write:praxis.people."}, True),
        ({"events/write:praxis.evidence."}, False),
        ({"statements/write"}, False),
    ],
)
def test_event_types_are_scoped(scopes: set[str], may: bool) -> None:
    assert Principal("hr", frozenset(scopes)).may_send("praxis.people.hired.v1") is may


async def test_wrong_secrets_are_limited_by_key(client: httpx.AsyncClient, seconds: list[float]) -> None:
    for _ in range(FAILURES):
        assert (await client.get(PATH, headers=basic("bob:wrong"))).status_code == 401
    held = await client.get(PATH, headers=basic("bob:wrong"))
    assert (held.status_code, held.headers["retry-after"]) == (429, "6")
    assert (await client.get(PATH, headers=basic("cem:wrong"))).status_code == 401
    seconds[0] += 6
    assert (await client.get(PATH, headers=basic("bob:wrong"))).status_code == 401
    assert (await client.get(PATH, headers=basic("bob:wrong"))).status_code == 429


async def test_time_does_not_tell_which_keys_there_are(client: httpx.AsyncClient) -> None:
    async def fastest(key: str) -> float:
        taken = []
        for number in range(5):
            before = time.perf_counter()
            assert (await client.get(PATH, headers=basic(f"{key}:{number}"))).status_code == 401
            taken.append(time.perf_counter() - before)
        return min(taken)

    assert await fastest("nobody") > await fastest(KEY) / 2


async def test_others_attempts_shut_out_nobody_who_was_right_before(
    client: httpx.AsyncClient, engine: AsyncEngine, seconds: list[float]
) -> None:
    right, wrong = basic(f"{KEY}:{SECRET}"), basic(f"{KEY}:wrong")
    assert (await client.get(PATH, headers=right)).status_code == 200
    seconds[0] += REMEMBER_SECONDS + 1
    assert {(await client.get(PATH, headers=wrong)).status_code for _ in range(FAILURES + 1)} == {401, 429}
    assert (await client.get(PATH, headers=right)).status_code == 200
    assert await credentials.revoke(engine, KEY, by="test")
    seconds[0] += REMEMBER_SECONDS + 1
    statuses = [(await client.get(PATH, headers=right)).status_code for _ in range(FAILURES + 2)]
    assert (statuses[0], statuses[-1]) == (401, 429)


async def test_requests_of_one_credential_are_limited(engine: AsyncEngine, seconds: list[float]) -> None:
    _, endpoint = whoami(engine, seconds, rate_limit=2)
    await credentials.create(engine, ["kpis/read"], "other", SECRET)
    async with client_of((PATH, endpoint), auth=(KEY, SECRET)) as client:  # type: ignore[arg-type]
        assert [(await client.get(PATH)).status_code for _ in range(3)] == [200, 200, 429]
        assert (await client.get(PATH, auth=("other", SECRET))).status_code == 200
        held = await client.get(PATH)
        assert (held.status_code, held.headers["retry-after"]) == (429, "1")
        seconds[0] += 0.5
        assert [(await client.get(PATH)).status_code for _ in range(2)] == [200, 429]
