"""Alembic in code: schemas made, brought up to date once, and separate."""

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from praxis_embedded.forgetting.erasure import ACCESS
from praxis_service.database import engine_for, live_generation, open_service
from praxis_service.migrations import migrate, migrate_access
from tests.libs.service.lending import revise


async def tables(url: str) -> set[str]:
    query = text("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information)'")
    engine = engine_for(url, pool_size=1)
    async with engine.connect() as connection:
        found = set((await connection.execute(query)).scalars())
    await engine.dispose()
    return found


async def test_the_durable_schema_and_the_first_generation_are_made(database_url: str, library: Path) -> None:
    await migrate(database_url, "lending", "lending")
    assert await tables(database_url) == {
        "lending.alembic_version",
        "lending.cards",
        "lending.generation",
        "lending_g1.alembic_version",
        "lending_g1.loans",
    }
    assert await live_generation(database_url, "lending") == 1


async def test_it_may_be_run_again_and_by_several_at_once(database_url: str, library: Path) -> None:
    await asyncio.gather(*(migrate(database_url, "lending", "lending") for _ in range(4)))
    await migrate(database_url, "lending", "lending")
    assert "lending_g1.loans" in await tables(database_url)


async def test_later_revisions_are_added(database_url: str, library: Path) -> None:
    await migrate(database_url, "lending", "lending")
    revise(library, "projection", "p_0002", "p_0001", "CREATE TABLE fines (amount int)")
    await migrate(database_url, "lending", "lending")
    assert {"lending_g1.loans", "lending_g1.fines"} <= await tables(database_url)


async def test_a_revision_that_fails_leaves_nothing_behind(database_url: str, library: Path) -> None:
    await migrate(database_url, "lending", "lending")
    revise(library, "projection", "p_0002", "p_0001", "CREATE TABLE fines (amount int)")
    revise(library, "projection", "p_0003", "p_0002", "CREATE TABLE loans (again int)")
    with pytest.raises(Exception, match="loans"):
        await migrate(database_url, "lending", "lending")
    assert "lending_g1.fines" not in await tables(database_url)


async def test_the_live_generation_is_the_one_brought_up_to_date(database_url: str, library: Path) -> None:
    await migrate(database_url, "lending", "lending")
    engine = engine_for(database_url, "lending", pool_size=1)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE generation SET live = 2"))
    await engine.dispose()
    await migrate(database_url, "lending", "lending")
    assert {"lending_g1.loans", "lending_g2.loans"} <= await tables(database_url)
    assert await live_generation(database_url, "lending") == 2


async def test_unqualified_names_are_of_the_generation_then_durable(database_url: str, library: Path) -> None:
    await migrate(database_url, "lending", "lending")
    database = await open_service(database_url, "lending")
    async with database.sessions.begin() as session:
        await session.execute(text("INSERT INTO loans VALUES ('Emma')"))
        await session.execute(text("INSERT INTO cards VALUES ('Ann')"))
        assert await session.scalar(text("SELECT count(*) FROM lending_g1.loans, lending.cards")) == 1
    assert await database.ready() is None
    await database.close()


async def test_a_service_may_have_no_durable_tables_of_its_own(database_url: str, library: Path) -> None:
    shutil.rmtree(library / "migrations" / "durable")
    await migrate(database_url, "lending", "lending")
    assert {"lending.generation", "lending_g1.loans"} <= await tables(database_url)


async def test_a_service_that_was_not_migrated_says_so(database_url: str) -> None:
    with pytest.raises(LookupError, match="praxis migrate"):
        await open_service(database_url, "lending")


async def test_access_has_a_schema_of_its_own(database_url: str) -> None:
    await asyncio.gather(migrate_access(database_url), migrate_access(database_url))
    names = ("alembic_version", "audit", "credentials", "sessions")
    assert await tables(database_url) == {f"access.{name}" for name in names}
    assert {*ACCESS, "access.alembic_version"} == await tables(database_url)  # an erasure clears the disk of all
