"""The audit log on a real database: written behind requests' backs, read in pages, and never changed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_service.access import audit
from praxis_service.access.audit import MOST_WAITING, PAUSE_SECONDS, Audit
from praxis_service.database import engine_for
from praxis_service.migrations import migrate_access
from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, Installation, installation, make_credential

START = datetime(2026, 3, 1, tzinfo=UTC)
NO_DATABASE = "postgresql+asyncpg://nobody@localhost:1/nothing"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    await migrate_access(database_url)
    engine = engine_for(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with installation(Settings(database_url=database_url), []) as running:
        yield running


async def fill(engine: AsyncEngine, many: int) -> None:
    """Entries of three persons, an hour apart, the oldest first; by two actors in turn."""
    found = []
    for number in range(many):
        at, actor = START + timedelta(hours=number), "ann" if number % 2 else "bob"
        found += audit.entries(at, actor, "record-read", f"/decisions/{number}", [f"person:p-{number % 3}"])
    async with engine.begin() as connection:
        await audit.write(connection, found)


async def asked(client: httpx.AsyncClient, **parameters: Any) -> dict[str, Any]:
    answer = await client.get("/audit", params=parameters)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_what_is_noted_is_written_when_the_process_stops_at_once(engine: AsyncEngine) -> None:
    log = Audit(engine, lambda: START)
    async with log.writing():
        await log.note("ann", "record-read", "/decisions", ["person:p-2", "person:p-1", "person:p-2"])
        await log.note("bob", "policy-published", "python\x00" + "x" * 2_000)
    found, _ = await audit.read(engine, audit.AuditFilter())
    assert [(each.actor, each.person) for each in found] == [
        ("bob", None), ("ann", "person:p-2"), ("ann", "person:p-1"),
    ]  # fmt: skip
    assert found[0].object is not None
    assert found[0].object.startswith("sha256:")
    assert {each.at for each in found} == {START}


async def test_entries_outlast_an_outage(database_url: str, engine: AsyncEngine, postgres: EmbeddedPostgres) -> None:
    """While nobody is let into the database at all."""
    log, name = Audit(engine, lambda: START), urlsplit(database_url).path[1:]
    server = await postgres.connect()
    async with log.writing():
        await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        await log.note("ann", "record-read", "/decisions/1")
        await asyncio.sleep(3 * PAUSE_SECONDS)
        await log.note("ann", "record-read", "/decisions/2")
        await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        async with asyncio.timeout(30):
            while len(found := (await audit.read(engine, audit.AuditFilter()))[0]) < 2:
                await asyncio.sleep(0.1)
    await server.close()
    assert [each.object for each in found] == ["/decisions/2", "/decisions/1"]


async def test_entries_outlast_connections_that_are_cut(engine: AsyncEngine) -> None:
    """The pool then says something that is no error of the driver."""
    log, other, cut = Audit(engine, lambda: START), engine_for(str(engine.url)), [True]

    @event.listens_for(engine.sync_engine, "checkout")
    def refuse(*_: object) -> None:
        if cut[0]:
            raise DisconnectionError

    async with log.writing():
        await log.note("ann", "record-read", "/decisions/1")
        await asyncio.sleep(2 * PAUSE_SECONDS)
        cut[0] = False
        async with asyncio.timeout(30):
            while not (found := (await audit.read(other, audit.AuditFilter()))[0]):
                await asyncio.sleep(0.1)
    await other.dispose()
    assert [each.object for each in found] == ["/decisions/1"]


async def test_a_request_waits_only_when_thousands_wait() -> None:
    log = Audit(engine_for(NO_DATABASE), lambda: START)
    for _ in range(MOST_WAITING):
        await log.note("ann", "audit-read")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(log.note("ann", "audit-read"), 0.05)


async def test_the_log_only_grows(engine: AsyncEngine) -> None:
    await fill(engine, 1)
    for statement in ("UPDATE access.audit SET actor = 'x'", "DELETE FROM access.audit", "TRUNCATE access.audit"):
        with pytest.raises(DBAPIError, match="only grows"):
            async with engine.begin() as connection:
                await connection.execute(text(statement))
    assert len((await audit.read(engine, audit.AuditFilter()))[0]) == 1


async def test_a_forgotten_person_is_in_it_by_their_pseudonym(engine: AsyncEngine) -> None:
    await fill(engine, 6)
    async with engine.begin() as connection:
        await audit.write(connection, audit.entries(START, "admin", "credential-made", "ann"))
    changed = await audit.pseudonymise(engine, {"person:p-1": "person:forgotten-1"}, {"ann": "forgotten-1-1"})
    found, _ = await audit.read(engine, audit.AuditFilter())
    assert changed == 2 + 3 + 1
    named = {name for each in found for name in (each.actor, each.object, each.person)}
    assert not {"ann", "person:p-1"} & named
    assert {"bob", "person:p-0", "person:p-2", "person:forgotten-1", "forgotten-1-1"} <= named


async def test_it_is_read_in_pages_newest_first(praxis: Installation, engine: AsyncEngine) -> None:
    await fill(engine, 7)
    first = await asked(praxis.client, act="record-read", limit=4)
    rest = await asked(praxis.client, act="record-read", limit=4, before=first["next"])
    objects = [each["object"] for page in (first, rest) for each in page["entries"]]
    assert objects == [f"/decisions/{number}" for number in reversed(range(7))]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        ({"actor": "ann"}, [5, 3, 1]),
        ({"person": "p-2"}, [5, 2]),
        ({"person": "person:p-2", "actor": "bob"}, [2]),
        ({"person": "mailto:p-2@example.org"}, []),
        ({"since": "2026-03-01T04:00:00Z"}, [5, 4]),
        ({"until": "2026-03-01T02:00:00+01:00"}, [0]),
    ],
)
async def test_it_is_filtered(
    praxis: Installation, engine: AsyncEngine, given: dict[str, str], numbers: list[int]
) -> None:
    await fill(engine, 6)
    page = await asked(praxis.client, act="record-read", **given)
    assert [each["object"] for each in page["entries"]] == [f"/decisions/{number}" for number in numbers]


@pytest.mark.parametrize("given", [{"act": "slept"}, {"since": "yesterday"}, {"since": "2026-03-01"}, {"who": "ann"}])
async def test_a_bad_parameter_is_named(praxis: Installation, given: dict[str, str]) -> None:
    answer = await praxis.client.get("/audit", params=given)
    [name] = given
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, name)


async def test_making_revoking_and_reading_are_noted(praxis: Installation) -> None:
    await praxis.client.post("/keys", json={"scopes": ["kpis/read"], "key": "made"})
    await praxis.client.delete("/keys/made")
    found = (await asked(praxis.client))["entries"]
    assert [(each["actor"], each["act"], each["object"]) for each in found] == [
        (KEY, "credential-revoked", "made"), (KEY, "credential-made", "made"),
    ]  # fmt: skip
    async with asyncio.timeout(10):
        while not (await asked(praxis.client, act="audit-read"))["entries"]:
            await asyncio.sleep(0.1)


async def test_the_audit_log_has_a_scope_of_its_own(praxis: Installation) -> None:
    await make_credential(praxis.context.settings.database_url, ["audit/read"], "auditor", "secret")
    await make_credential(praxis.context.settings.database_url, ["decisions/read"], "reader", "secret")
    assert (await praxis.client.get("/audit", auth=("auditor", "secret"))).status_code == 200
    assert (await praxis.client.get("/audit", auth=("reader", "secret"))).status_code == 403
