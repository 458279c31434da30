"""Looking up what is stored: one query for all who ask meanwhile, to each its own answer."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_ingest.statements.lookup import StoredStatements
from praxis_service.database import engine_for

ASKERS = 40


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A store of which only ids and bodies matter here."""
    engine = engine_for(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE statements (id uuid PRIMARY KEY, body bytea NOT NULL)"))
    yield engine.execution_options(isolation_level="AUTOCOMMIT")
    await engine.dispose()


async def store(engine: AsyncEngine, count: int) -> dict[UUID, bytes]:
    bodies = {each: str(each).encode() for each in (uuid4() for _ in range(count))}
    async with engine.connect() as connection:
        rows = [{"id": each, "body": body} for each, body in bodies.items()]
        await connection.execute(text("INSERT INTO statements VALUES (:id, :body)"), rows)
    return bodies


@contextmanager
def queries(engine: AsyncEngine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def test_each_asker_gets_the_bodies_of_its_own_ids(engine: AsyncEngine) -> None:
    bodies = await store(engine, ASKERS)
    stored = StoredStatements(engine)
    answers = await asyncio.gather(*(stored.bodies([each, uuid4()]) for each in bodies))
    assert answers == [{each: body} for each, body in bodies.items()]


async def test_askers_at_the_same_time_share_queries(engine: AsyncEngine) -> None:
    stored = StoredStatements(engine)
    with queries(engine) as seen:
        await asyncio.gather(*(stored.bodies([uuid4()]) for _ in range(ASKERS)))
    assert len(seen) <= 2


async def test_who_asks_later_sees_what_was_stored_meanwhile(engine: AsyncEngine) -> None:
    stored = StoredStatements(engine)
    assert await stored.bodies([uuid4()]) == {}
    bodies = await store(engine, 1)
    assert await stored.bodies(list(bodies)) == bodies


async def test_a_fault_reaches_everybody_who_asked_and_ends_there(engine: AsyncEngine) -> None:
    stored = StoredStatements(engine)
    async with engine.connect() as connection:
        await connection.execute(text("ALTER TABLE statements RENAME TO elsewhere"))
        answers = await asyncio.gather(*(stored.bodies([uuid4()]) for _ in range(3)), return_exceptions=True)
        await connection.execute(text("ALTER TABLE elsewhere RENAME TO statements"))
    assert all(isinstance(each, DBAPIError) for each in answers)
    assert await stored.bodies([uuid4()]) == {}


async def test_an_asker_who_goes_does_not_disturb_the_others(engine: AsyncEngine) -> None:
    bodies = await store(engine, 1)
    stored = StoredStatements(engine)
    leaving = asyncio.create_task(stored.bodies([uuid4()]))
    staying = asyncio.create_task(stored.bodies(list(bodies)))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == bodies
    with pytest.raises(asyncio.CancelledError):
        await leaving
