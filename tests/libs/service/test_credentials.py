from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service import credentials
from praxis_service.database import engine_for
from praxis_service.migrations import migrate_access
from praxis_service.problem import BadRequest


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    await migrate_access(database_url)
    engine = engine_for(database_url)
    yield engine
    await engine.dispose()


async def test_a_credential_is_made_once_and_its_secret_is_not_kept(engine: AsyncEngine) -> None:
    key, secret = await credentials.create(engine, ["kpis/read", "act-as", "act-as"])
    [found] = await credentials.listed(engine)
    assert (found.key, found.scopes, found.revoked_at) == (key, ("act-as", "kpis/read"), None)
    async with engine.connect() as connection:
        kept = await connection.scalar(text("SELECT secret_hash FROM access.credentials"))
    assert kept.startswith("$argon2id$")
    assert secret not in kept


async def test_keys_and_secrets_differ(engine: AsyncEngine) -> None:
    assert not set(await credentials.create(engine, ["all"])) & set(await credentials.create(engine, ["all"]))
    assert len(await credentials.listed(engine)) == 2


async def test_making_it_again_replaces_it_and_ends_a_revocation(engine: AsyncEngine) -> None:
    await credentials.create(engine, ["kpis/read"], "hr", "one")
    assert await credentials.revoke(engine, "hr", by="test")
    await credentials.create(engine, ["events/write"], "hr", "two")
    [found] = await credentials.listed(engine)
    assert (found.scopes, found.revoked_at) == (("events/write",), None)


async def test_one_that_is_there_just_so_is_left_as_it_is(engine: AsyncEngine) -> None:
    async def kept() -> object:
        async with engine.connect() as connection:
            return await connection.scalar(text("SELECT secret_hash FROM access.credentials WHERE revoked_at IS NULL"))

    seen = []
    for scopes, secret in ((["all"], "one"), (["all"], "one"), (["all"], "two"), (["kpis/read"], "two")):
        await credentials.ensure(engine, scopes, "admin", secret)
        seen.append(await kept())
    assert await credentials.revoke(engine, "admin", by="test")
    await credentials.ensure(engine, ["kpis/read"], "admin", "two")
    seen.append(await kept())
    assert seen[0] == seen[1]
    assert len(set(seen)) == 4


async def test_a_revocation_is_written_down_once(engine: AsyncEngine) -> None:
    await credentials.create(engine, ["all"], "hr")
    assert await credentials.revoke(engine, "hr", by="test")
    assert not await credentials.revoke(engine, "hr", by="test")
    assert not await credentials.revoke(engine, "nobody", by="test")
    [found] = await credentials.listed(engine)
    assert found.revoked_at is not None


@pytest.mark.parametrize(
    "scopes", [[], ["everything"], ["kpis/read:x"], ["events/write:"], ["all", "events"], ["events/write:evidence."]]
)
async def test_unknown_scopes_are_refused(engine: AsyncEngine, scopes: list[str]) -> None:
    with pytest.raises(BadRequest):
        await credentials.create(engine, scopes)
    assert await credentials.listed(engine) == []


async def test_event_types_narrow_a_scope(engine: AsyncEngine) -> None:
    await credentials.create(engine, ["events/write:praxis.people."], "hr")
    [found] = await credentials.listed(engine)
    assert found.scopes == ("events/write:praxis.people.",)
