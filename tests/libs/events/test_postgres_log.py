"""What ``PostgresLog`` promises beyond the contract suite: order under rivalry, bounds, outages, quiet."""

import asyncio
from collections.abc import AsyncIterator
from itertools import chain
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events import postgres_subscription, postgres_writer
from praxis_events.log import LogError, LogUnavailable, Position, Subscription, Topic, TopicPartition
from praxis_events.postgres_log import PostgresLog
from tests.contract.records import from_start, names, read, record

THREE = Topic("three", 3)
FOREVER = 3600.0


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[PostgresLog]:
    log = await PostgresLog.open(database_url)
    await log.ensure_topics([THREE])
    yield log
    await log.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside the log's own."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


def reader_of(log: PostgresLog) -> Subscription:
    return log.subscribe(["three"], "test", from_start)


# -- appending ---------------------------------------------------------------------------------------------------------


async def test_processes_that_open_together_make_one_schema(database_url: str) -> None:
    logs = await asyncio.gather(*(PostgresLog.open(database_url) for _ in range(4)))
    await asyncio.gather(*(each.ensure_topics([THREE]) for each in logs))
    assert await logs[0].append([record("a")]) == [Position("three", 0, 0)]
    for each in logs:
        await each.close()


async def test_rival_writers_give_each_record_one_position_and_readers_see_no_later_one_first(
    log: PostgresLog, database_url: str
) -> None:
    rivals = [await PostgresLog.open(database_url) for _ in range(4)]

    async def write(log: PostgresLog, writer: int) -> list[Position]:
        done: list[Position] = []
        for n in range(40):  # each writer names the partitions in another order: a dead-lock if nobody sorted
            order = (0, 1, 2) if writer % 2 else (2, 1, 0)
            done += await log.append([record(f"{writer}-{n}-{partition}", partition) for partition in order])
        return done

    async with reader_of(log) as reader:
        reading = asyncio.create_task(read(reader, 8 * 40 * 3))
        positions = await asyncio.gather(*(write(rivals[i % 4], i) for i in range(8)))
        found = await reading
    assert len(set(chain.from_iterable(positions))) == 8 * 40 * 3
    for partition in range(3):
        assert [each.offset for each in found if each.partition == partition] == list(range(8 * 40))
    for rival in rivals:
        await rival.close()


async def test_an_append_that_is_not_committed_in_time_fails_and_the_next_one_does_not(
    database_url: str, database: asyncpg.Connection
) -> None:
    log = await PostgresLog.open(database_url, append_timeout=0.3)
    await log.ensure_topics([THREE])
    async with database.transaction():
        await database.execute("SELECT FROM log.heads FOR UPDATE")
        with pytest.raises(LogUnavailable):
            await log.append([record("a")])
    assert len(await log.append([record("b")])) == 1
    await log.close()


async def test_what_nobody_waits_for_any_more_is_not_sent(log: PostgresLog, database: asyncpg.Connection) -> None:
    async with database.transaction():
        await database.execute("SELECT FROM log.heads FOR UPDATE")
        in_flight = asyncio.create_task(log.append([record("in flight")]))
        await blocked(database)
        given_up = asyncio.create_task(log.append([record("given up")]))
        await asyncio.sleep(0)
        given_up.cancel()
    await in_flight
    await log.append([record("later")])
    async with reader_of(log) as reader:
        assert names(await read(reader, 2)) == ["in flight", "later"]


async def test_appends_beyond_the_bound_wait_at_the_door(
    log: PostgresLog, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_writer, "WAITING_BYTES", 1000)
    async with database.transaction():
        await database.execute("SELECT FROM log.heads FOR UPDATE")
        appends = [asyncio.create_task(log.append([record("0", value=b"x" * 400)]))]
        await blocked(database)
        appends += [asyncio.create_task(log.append([record(str(n), value=b"x" * 400)])) for n in range(1, 10)]
        await asyncio.sleep(0)
        assert log._writer._waiting_bytes <= 1000
    assert len({each[0].offset for each in await asyncio.gather(*appends)}) == 10


async def blocked(database: asyncpg.Connection) -> None:
    """Return once an append waits for the heads."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not await database.fetchval(waits):
        await database.execute("SELECT pg_stat_clear_snapshot()")
        await asyncio.sleep(0.01)


# -- reading -----------------------------------------------------------------------------------------------------------


async def test_a_fetch_is_shared_by_the_partitions_that_are_behind(log: PostgresLog) -> None:
    await log.append([record(f"{n}", 0) for n in range(20)] + [record("b", 1), record("c", 2)])
    async with reader_of(log) as reader:
        first = await reader.fetch(6, 10)
        assert {each.partition: len(records) for each, records in first.items()} == {0: 2, 1: 1, 2: 1}
        second = await reader.fetch(6, 10)
        assert [each.offset for each in second[TopicPartition("three", 0)]] == [2, 3, 4, 5, 6, 7]


async def test_one_record_at_a_time_still_reads_every_partition(log: PostgresLog) -> None:
    await log.append([record(f"{n}", partition) for n in range(5) for partition in range(3)])
    async with reader_of(log) as reader:
        turns = [next(iter(await reader.fetch(1, 10))).partition for _ in range(6)]
    assert sorted(turns[:3]) == sorted(turns[3:]) == [0, 1, 2]


async def test_large_values_bound_a_fetch_by_their_bytes(log: PostgresLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_subscription, "FETCH_BYTES", 2500)
    await log.append([record(f"{n}", value=b"x" * 1000) for n in range(7)])
    async with reader_of(log) as reader:
        batches = [len((await reader.fetch(100, 10))[TopicPartition("three", 0)]) for _ in range(3)]
    assert batches == [3, 3, 1]


async def test_an_unknown_topic_cannot_be_read(log: PostgresLog) -> None:
    async with log.subscribe(["unknown"], "test", from_start) as reader:
        with pytest.raises(LogError, match="no topic unknown"):
            await reader.fetch(10, 0)


async def test_an_append_wakes_readers_of_its_topic_in_any_process(
    log: PostgresLog, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_subscription, "POLL_SECONDS", FOREVER)
    other = await PostgresLog.open(database_url)
    async with reader_of(other) as reader:
        assert await reader.fetch(10, 0.5) == {}
        reading = asyncio.create_task(reader.fetch(10, 60))
        await asyncio.sleep(0.05)
        await log.append([record("a")])
        assert names((await reading)[TopicPartition("three", 0)]) == ["a"]
    await other.close()


async def test_a_lost_notification_only_delays(
    log: PostgresLog, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_subscription, "POLL_SECONDS", 0.05)
    async with reader_of(log) as reader:
        await reader.fetch(10, 0)
        await log._listener.close()
        await log.append([record("a")])
        assert names(await read(reader, 1)) == ["a"]


async def test_at_rest_a_reader_asks_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(PostgresLog):
        queries = 0

        async def query(self, statement: str, *arguments: object) -> list[Any]:
            self.queries += 1
            return await super().query(statement, *arguments)

    monkeypatch.setattr(postgres_subscription, "POLL_SECONDS", FOREVER)
    log = await Counting.open(database_url)
    await log.ensure_topics([THREE])
    await log.append([record("a")])
    async with reader_of(log) as reader:
        await read(reader, 1)
        await reader.fetch(10, 0.1)
        before = log.queries
        for _ in range(20):
            assert await reader.fetch(10, 0.01) == {}
        assert log.queries <= before + 1  # the listener wakes everybody once when it is there
    await log.close()


# -- outages -----------------------------------------------------------------------------------------------------------


async def test_a_database_that_is_not_there_is_an_outage() -> None:
    with pytest.raises(LogUnavailable):
        await PostgresLog.open("postgresql+asyncpg://postgres@/praxis?host=/nowhere")


# -- compacting --------------------------------------------------------------------------------------------------------


async def test_bytes_leave_the_disk_though_somebody_saw_them(own_postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """A vacuum keeps deleted rows for every transaction that began before: it waits for its end."""
    log = await PostgresLog.open(own_postgres.url())
    await log.ensure_topics([THREE])
    places = await log.append([record("a", 0, value=b"a secret"), record("a", 0, value=b"redacted")])
    looking = await own_postgres.connect("praxis")
    transaction = looking.transaction(isolation="repeatable_read")
    await transaction.start()
    await looking.fetch("SELECT * FROM log.records")
    compacting = asyncio.create_task(log.compact(places[:1]))
    beside = await own_postgres.connect("praxis")
    async with asyncio.timeout(60):
        while await beside.fetchval("SELECT count(*) FROM log.records") > 1:
            await asyncio.sleep(0.02)
    assert not compacting.done()
    await transaction.rollback()
    await asyncio.wait_for(compacting, 60)
    for connection in (looking, beside):
        await connection.close()
    await log.close()
    await own_postgres.stop()
    assert files_with(tmp_path, b"a secret") == []


def files_with(folder: Path, text: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text in path.read_bytes()]
