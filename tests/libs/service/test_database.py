"""Connections that are lent again: closed ones never, those that were idle only when they answer."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service import database
from praxis_service.database import engine_for


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(database_url, pool_size=1)
    yield engine
    await engine.dispose()


async def backend(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(text("SELECT pg_backend_pid()")) or 0)


async def end(url: str, pid: int) -> None:
    """The server closes a connection."""
    engine = engine_for(url, pool_size=1)
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
    await engine.dispose()


def end_unseen(url: str, pid: int) -> None:
    """Meanwhile our loop stands still, so that nothing here hears of it."""
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(lambda: asyncio.run(end(url, pid))).result()


async def test_the_same_connection_is_lent_again(engine: AsyncEngine) -> None:
    assert await backend(engine) == await backend(engine)


async def test_one_that_the_server_closed_is_not_lent(engine: AsyncEngine, database_url: str) -> None:
    before = await backend(engine)
    await end(database_url, before)
    assert await backend(engine) != before


async def test_one_that_was_idle_is_asked_first(
    engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRUSTED_SECONDS", 0.0)
    before = await backend(engine)
    assert await backend(engine) == before
    end_unseen(database_url, before)
    assert await backend(engine) != before


async def test_one_used_lately_is_lent_unasked(engine: AsyncEngine, database_url: str) -> None:
    before = await backend(engine)
    end_unseen(database_url, before)
    with pytest.raises(DBAPIError):
        await backend(engine)
    assert await backend(engine) != before
