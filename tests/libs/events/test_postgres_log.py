"""What ``PostgresLog`` promises beyond the contract suite: order under rivalry, bounds, outages, quiet."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

import asyncpg
import pytest

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events import postgres_subscription, postgres_writer
from praxis_events.log import (
    LogError,
    LogUnavailable,
    NewRecord,
    Position,
    Positions,
    Record,
    RecordTooLarge,
    Subscription,
    Topic,
    TopicPartition,
)
from praxis_events.postgres_log import PostgresLog

THREE, ONE = Topic("three", 3), Topic("one", 1, max_record_bytes=100)
FOREVER = 3600.0


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[PostgresLog]:
    log = await PostgresLog.open(database_url)
    await log.ensure_topics([THREE, ONE])
    yield log
    await log.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside the log's own."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


def record(name: str, partition: int = 0, topic: str = "three", value: bytes = b"{}") -> NewRecord:
    return NewRecord(topic, partition, name.encode(), value, (("ce_id", name.encode()),))


async def from_start(partitions: Collection[TopicPartition]) -> Positions:
    return dict.fromkeys(partitions, 0)


def reader_of(log: PostgresLog, *topics: str) -> Subscription:
    return log.subscribe(topics or ("three",), "test", from_start)


async def read(reader: Subscription, count: int) -> list[Record]:
    found: list[Record] = []
    while len(found) < count:
        found += chain.from_iterable((await reader.fetch(1000, 10)).values())
    return found


def names(records: Sequence[Record]) -> list[str]:
    return [record.key.decode() for record in records]


# -- appending ---------------------------------------------------------------------------------------------------------


async def test_positions_come_in_the_order_of_the_records(log: PostgresLog) -> None:
    first = await log.append([record("a", 1), record("b", 0), record("c", 1)])
    second = await log.append([record("d", 1)])
    assert first == [Position("three", 1, 0), Position("three", 0, 0), Position("three", 1, 1)]
    assert second == [Position("three", 1, 2)]
    assert await log.end_positions(["three"]) == {("three", 0): 1, ("three", 1): 3, ("three", 2): 0}


async def test_a_record_is_read_as_it_was_appended(log: PostgresLog) -> None:
    value, headers = bytes(range(256)), (("a", b"\x00\xff"), ("b", b""), ("a", b"again"))
    await log.append([NewRecord("three", 2, b"\x00key", value, headers)])
    async with reader_of(log) as reader:
        (found,) = await read(reader, 1)
    assert found[:6] == ("three", 2, 0, b"\x00key", value, headers)


async def test_a_record_too_large_keeps_its_whole_call_out(log: PostgresLog) -> None:
    with pytest.raises(RecordTooLarge) as caught:
        await log.append([record("a"), record("b", topic="one", value=b"x" * 100)])
    assert (caught.value.index, caught.value.limit) == (1, 100)
    assert set((await log.end_positions(["three", "one"])).values()) == {0}


async def test_an_unknown_topic_or_partition_is_an_error_and_no_outage(log: PostgresLog) -> None:
    for unknown in (record("a", topic="none"), record("a", partition=3)):
        with pytest.raises(LogError, match="no partition"):
            await log.append([unknown])
    with pytest.raises(LogError, match="no topic none"):
        await log.end_positions(["none"])


async def test_topics_that_another_process_made_are_found(log: PostgresLog, database_url: str) -> None:
    other = await PostgresLog.open(database_url)
    await other.ensure_topics([Topic("late", 2)])
    await other.close()
    assert await log.append([record("a", 1, "late")]) == [Position("late", 1, 0)]


async def test_a_topic_keeps_its_number_of_partitions(log: PostgresLog) -> None:
    await log.ensure_topics([THREE])
    with pytest.raises(LogError, match="3 partitions, not 4"):
        await log.ensure_topics([Topic("three", 4)])


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


async def test_a_closed_log_takes_nothing(database_url: str) -> None:
    log = await PostgresLog.open(database_url)
    await log.ensure_topics([THREE])
    await log.close()
    with pytest.raises(LogUnavailable):
        await log.append([record("a")])


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


async def test_positions_move_past_gaps_also_at_the_end(log: PostgresLog, database: asyncpg.Connection) -> None:
    await log.append([record("a"), record("b"), record("a")])
    await log.compact(["three"])
    await database.execute("UPDATE log.heads SET next_offset = 10 WHERE topic = 'three' AND partition = 0")
    async with reader_of(log) as reader:
        found = await read(reader, 2)
        assert [(each.key, each.offset) for each in found] == [(b"b", 1), (b"a", 2)]
        assert await reader.fetch(10, 0) == {}
        assert reader.positions()[TopicPartition("three", 0)] == 10
    assert await log.append([record("c")]) == [Position("three", 0, 10)]


async def test_a_partition_that_is_not_located_is_not_read(log: PostgresLog) -> None:
    async def second_only(partitions: Collection[TopicPartition]) -> Positions:
        return {TopicPartition("three", 1): 1}

    await log.append([record("a", 0), record("b", 1), record("c", 1)])
    async with log.subscribe(["three"], "test", second_only) as reader:
        assert names(await read(reader, 1)) == ["c"]
        reader.seek(TopicPartition("three", 0), 0)
        assert await reader.fetch(10, 0) == {}
        assert reader.positions() == {TopicPartition("three", 1): 2}


async def test_a_paused_partition_waits_and_then_goes_on(log: PostgresLog) -> None:
    await log.append([record("a", 0), record("b", 1)])
    async with reader_of(log) as reader:
        await read(reader, 2)
        reader.pause(TopicPartition("three", 0))
        await log.append([record("c", 0), record("d", 1)])
        assert names(await read(reader, 1)) == ["d"]
        assert await reader.fetch(10, 0) == {}
        assert reader.positions()[TopicPartition("three", 0)] == 1
        reader.resume(TopicPartition("three", 0))
        assert names(await read(reader, 1)) == ["c"]


async def test_seeking_reads_again(log: PostgresLog) -> None:
    await log.append([record("a"), record("b")])
    async with reader_of(log) as reader:
        await read(reader, 2)
        reader.seek(TopicPartition("three", 0), 1)
        assert names(await read(reader, 1)) == ["b"]


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


async def test_what_was_acknowledged_before_a_kill_is_there_after_it(own_postgres: EmbeddedPostgres) -> None:
    log = await PostgresLog.open(own_postgres.url(), append_timeout=2.0)
    await log.ensure_topics([THREE])
    acknowledged: dict[str, Position] = {}
    killed = asyncio.Event()

    async def write(writer: int) -> None:
        for n in range(10_000):
            if killed.is_set():
                return
            name = f"{writer}-{n}"
            (acknowledged[name],) = await log.append([record(name, writer % 3)])

    async with reader_of(log) as reader:
        writers = asyncio.gather(*(write(n) for n in range(8)), return_exceptions=True)
        await read(reader, 200)
        own_postgres.kill()
        killed.set()
        assert {type(error) for error in await writers} <= {LogUnavailable, type(None)}
        with pytest.raises(LogUnavailable):
            await log.append([record("while down")])
        with pytest.raises(LogUnavailable):
            await read(reader, 1_000_000)
        await own_postgres.start()
        await recovered(log)
        async with reader_of(log) as again:
            found = {each.key.decode(): Position(*each[:3]) for each in await read(again, len(acknowledged))}
        assert found | acknowledged == found
        await log.append([record("last")])
        assert "last" in names(await read_until(reader, "last"))
    await log.close()


async def recovered(log: PostgresLog) -> None:
    while True:
        with suppress(LogUnavailable):
            await log.append([record("recovered")])
            return


async def read_until(reader: Subscription, name: str) -> list[Record]:
    found: list[Record] = []
    while name not in names(found):
        with suppress(LogUnavailable):
            found += chain.from_iterable((await reader.fetch(1000, 1)).values())
    return found


async def test_a_database_that_is_not_there_is_an_outage() -> None:
    with pytest.raises(LogUnavailable):
        await PostgresLog.open("postgresql+asyncpg://postgres@/praxis?host=/nowhere")
