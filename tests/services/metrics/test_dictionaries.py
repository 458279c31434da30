"""Numbers that are remembered are numbers that are there: whatever becomes of the transaction, or of the database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_metrics import dictionaries
from praxis_metrics.learners import Actors
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate

AT = datetime(2026, 3, 1, tzinfo=UTC)
IRIS = {f"https://lms.example/courses/{number}" for number in range(3)}
KEYS = {f"mbox:person-{number}@example.org" for number in range(3)}


@pytest.fixture
async def database(own_postgres: EmbeddedPostgres) -> AsyncIterator[ServiceDatabase]:
    """On a server that puts nothing onto disk unless a transaction waits for it."""
    connection = await own_postgres.connect()
    await connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
    await connection.close()
    await own_postgres.stop()
    await own_postgres.start()
    await own_postgres.ensure_database("metrics")
    await migrate(own_postgres.url("metrics"), "metrics", "praxis_metrics")
    found = await open_service(own_postgres.url("metrics"), "metrics")
    yield found
    await found.close()


async def stored(database: ServiceDatabase, query: str) -> dict[str, int]:
    async with database.reads.connect() as connection:
        return {key: number for key, number in await connection.execute(text(query))}  # noqa: C416


async def test_they_outlive_a_crash(own_postgres: EmbeddedPostgres, database: ServiceDatabase) -> None:
    activities = dict(await dictionaries.activities(database.sessions).numbers(IRIS))
    actors = dict(await Actors(database.sessions).numbers(KEYS, AT))
    own_postgres.kill()
    await own_postgres.start()
    assert await stored(database, "SELECT iri, id FROM activities WHERE iri <> ''") == activities
    assert await stored(database, "SELECT key, actor_id FROM actors") == actors


async def test_a_commit_that_fails_leaves_nothing_remembered(database: ServiceDatabase) -> None:
    fails = True

    def fail(_connection: Any) -> None:
        nonlocal fails
        if fails:
            fails = False
            raise ConnectionError("lost")

    event.listen(database.engine.sync_engine, "commit", fail)
    activities, actors = dictionaries.activities(database.sessions), Actors(database.sessions)
    with pytest.raises(ConnectionError):
        await activities.numbers(IRIS)
    assert await activities.numbers(IRIS) == await stored(database, "SELECT iri, id FROM activities WHERE iri <> ''")
    fails = True
    with pytest.raises(ConnectionError):
        await actors.numbers(KEYS, AT)
    assert await actors.numbers(KEYS, AT) == await stored(database, "SELECT key, actor_id FROM actors")
