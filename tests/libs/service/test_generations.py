"""Generations: readers move to the one that is live, and an old one is dropped when nobody uses it."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from praxis_service import database as database_module
from praxis_service import rebuilding
from praxis_service.database import ServiceDatabase, engine_for, live_generation, open_service
from praxis_service.migrations import migrate, migrate_generation
from praxis_service.rebuilding import drop_generation, old_generations


async def make_live(url: str, generation: int) -> None:
    engine = engine_for(url, "lending", pool_size=1)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE generation SET live = :generation"), {"generation": generation})
    await engine.dispose()


async def lent(database: ServiceDatabase) -> list[str]:
    async with database.engine.connect() as connection:
        return list(await connection.scalars(text("SELECT * FROM loans")))


async def two_generations(url: str) -> None:
    await migrate(url, "lending", "lending")
    await migrate_generation(url, "lending", "lending", 2)
    for generation, title in ((1, "Emma"), (2, "Persuasion")):
        database = await open_service(url, "lending", generation)
        async with database.sessions.begin() as session:
            await session.execute(text("INSERT INTO loans VALUES (:title)"), {"title": title})
        await database.close()


async def test_readers_follow_and_the_old_one_can_go(
    database_url: str,
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database_module, "FOLLOW_SECONDS", 0.02)
    await two_generations(database_url)
    database = await open_service(database_url, "lending")
    async with database.following():
        assert await lent(database) == ["Emma"]
        async with database.engine.connect() as busy:
            await busy.execute(text("SELECT * FROM loans"))
            await make_live(database_url, 2)
            async with asyncio.timeout(10):
                while await lent(database) != ["Persuasion"]:
                    await asyncio.sleep(0.01)
            assert list(await busy.scalars(text("SELECT * FROM loans"))) == ["Emma"]
            monkeypatch.setattr(rebuilding, "LEAVE_SECONDS", 0.2)
            with pytest.raises(TimeoutError, match="lending_g1 is still in use"):
                await drop_generation(database_url, "lending", 1)
        assert await old_generations(database_url, "lending") == [1]
        await drop_generation(database_url, "lending", 1)
        assert await old_generations(database_url, "lending") == []
        assert await lent(database) == ["Persuasion"]
    await database.close()


async def test_a_read_of_two_transactions_is_of_one_generation(
    database_url: str, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "FOLLOW_SECONDS", 0.02)
    await two_generations(database_url)
    database, reads = await open_service(database_url, "lending"), 0

    async def read() -> tuple[list[str], list[str]]:
        nonlocal reads
        reads += 1
        first = await lent(database)
        if reads == 1:
            await make_live(database_url, 2)
            async with asyncio.timeout(10):
                while database.generation != 2:
                    await asyncio.sleep(0.01)
            raise LookupError("what the first generation had, the second has not")
        return first, await lent(database)

    async with database.following():
        assert await database.in_one_generation(read) == (["Persuasion"], ["Persuasion"])
        assert reads == 2
    await database.close()


async def test_what_a_read_raises_is_raised(database_url: str, library: Path) -> None:
    await two_generations(database_url)
    database = await open_service(database_url, "lending")

    async def read() -> None:
        raise LookupError("no such loan")

    with pytest.raises(LookupError, match="no such loan"):
        await database.in_one_generation(read)
    await database.close()


async def test_a_connection_to_an_earlier_one_is_lent_no_more(database_url: str, library: Path) -> None:
    await two_generations(database_url)
    database = await open_service(database_url, "lending")
    assert await lent(database) == ["Emma"]
    database.generation = 2  # and the pool, with its idle connection, is not disposed of yet
    assert await lent(database) == ["Persuasion"]
    await database.close()


async def test_the_live_one_is_not_dropped(database_url: str, library: Path) -> None:
    await two_generations(database_url)
    with pytest.raises(LookupError, match="lending_g1 is live"):
        await drop_generation(database_url, "lending", 1)
    await drop_generation(database_url, "lending", 2)
    assert await live_generation(database_url, "lending") == 1
