"""A checkpoint moves from where it was believed to be, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events import checkpoint
from praxis_events.checkpoint import CHECKPOINTS, CheckpointConflict
from praxis_events.log import TopicPartition
from praxis_service.database import engine_for

ONE, TWO, OTHER = TopicPartition("a", 0), TopicPartition("a", 1), TopicPartition("b", 0)
NAME = "projection"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

Sessions = async_sessionmaker[AsyncSession]


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    """Of a database where three checkpoints stand at 0."""
    engine = engine_for(database_url)
    sessions = async_sessionmaker(engine)
    async with engine.begin() as connection:
        await connection.run_sync(CHECKPOINTS.create)
    async with sessions.begin() as session:
        assert await checkpoint.locate(session, NAME, [ONE, TWO, OTHER]) == {ONE: 0, TWO: 0, OTHER: 0}
    yield sessions
    await engine.dispose()


async def located(sessions: Sessions) -> dict[TopicPartition, int]:
    async with sessions.begin() as session:
        return dict(await checkpoint.locate(session, NAME, [ONE, TWO, OTHER]))


async def test_one_conflict_keeps_every_move_of_the_transaction_out(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await checkpoint.advance(session, NAME, {ONE: (0, 5), TWO: (0, 7)})
    with pytest.raises(CheckpointConflict, match="no longer at 0 of a/1"):
        async with sessions.begin() as session:
            await checkpoint.advance(session, NAME, {ONE: (5, 6), TWO: (0, 8)})
    assert await located(sessions) == {ONE: 5, TWO: 7, OTHER: 0}


async def test_of_two_that_move_from_one_place_the_second_waits_and_conflicts(sessions: Sessions) -> None:
    async def move(to: int) -> bool:
        try:
            async with sessions.begin() as session:
                await checkpoint.advance(session, NAME, {TWO: (0, to), ONE: (0, to), OTHER: (0, to)})
        except CheckpointConflict:
            return False
        return True

    assert sorted(await asyncio.gather(*(move(to) for to in range(1, 6)))) == [False] * 4 + [True]
    assert len(set((await located(sessions)).values())) == 1


async def test_projections_have_checkpoints_of_their_own(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        assert await checkpoint.locate(session, "another", [ONE]) == {ONE: 0}
        await checkpoint.advance(session, "another", {ONE: (0, 3)})
    assert (await located(sessions))[ONE] == 0


async def test_a_stopped_partition_is_not_located_and_does_not_move(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await checkpoint.stop(session, NAME, ONE, 0, "too many")
    assert await located(sessions) == {TWO: 0, OTHER: 0}
    with pytest.raises(CheckpointConflict):
        async with sessions.begin() as session:
            await checkpoint.advance(session, NAME, {ONE: (0, 1)})
    async with sessions() as session:
        rows = await checkpoint.checkpoints(session, NAME)
    assert [(row.partition, row.stop_reason) for row in rows if row.stopped_at] == [(0, "too many")]


async def test_one_that_lost_its_partition_cannot_stop_it(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await checkpoint.advance(session, NAME, {ONE: (0, 5)})
    with pytest.raises(CheckpointConflict):
        async with sessions.begin() as session:
            await checkpoint.stop(session, NAME, ONE, 0, "too many")
    assert (await located(sessions))[ONE] == 5


async def test_read_through_is_written_only_where_all_is_applied_and_never_goes_back(sessions: Sessions) -> None:
    async def observe(ends: dict[TopicPartition, int], at: datetime) -> dict[tuple[str, int], datetime | None]:
        async with sessions.begin() as session:
            await checkpoint.observe(session, NAME, ends, at)
            return {(row.topic, row.partition): row.read_through for row in await checkpoint.checkpoints(session)}

    async with sessions.begin() as session:
        await checkpoint.advance(session, NAME, {ONE: (0, 5)})
    assert await observe({ONE: 5, TWO: 1}, NOON) == {ONE: NOON, TWO: None, OTHER: None}
    assert await observe({ONE: 6}, NOON + timedelta(1)) == {ONE: NOON, TWO: None, OTHER: None}
    assert await observe({ONE: 4}, NOON - timedelta(1)) == {ONE: NOON, TWO: None, OTHER: None}


async def test_locking_all_keeps_every_writer_out(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        assert await checkpoint.lock_all(session, NAME) == {ONE: 0, TWO: 0, OTHER: 0}
        async with sessions() as rival:
            locked = text("SELECT count(*) FROM (SELECT FROM checkpoints FOR UPDATE SKIP LOCKED) AS free")
            assert await rival.scalar(locked) == 0


async def test_locks_are_taken_in_one_order(sessions: Sessions) -> None:
    """Whoever waits for the first holds none after it: so two that fight never dead-lock."""
    free = text("SELECT partition FROM checkpoints WHERE topic = 'a' FOR UPDATE SKIP LOCKED")

    async def wait_for_all(order: list[TopicPartition]) -> None:
        async with sessions.begin() as session:
            await checkpoint.lock(session, NAME, order)

    async with sessions.begin() as session:
        await checkpoint.advance(session, NAME, {ONE: (0, 1)})
        waiting = [asyncio.create_task(wait_for_all(order)) for order in ([ONE, TWO, OTHER], [OTHER, TWO, ONE])]
        await until_they_wait(sessions, len(waiting))
        async with sessions() as rival:
            assert list(await rival.scalars(free)) == [TWO.partition]
    await asyncio.gather(*waiting)


async def until_they_wait(sessions: Sessions, many: int) -> None:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(30):
        while True:
            async with sessions() as session:
                if await session.scalar(query) == many:
                    return
            await asyncio.sleep(0.01)
