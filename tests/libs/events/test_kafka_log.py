"""What ``KafkaLog`` promises beyond the contract suite: groups and their offsets, errors that pass."""

import asyncio
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from itertools import chain, count

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from praxis_events import kafka_compaction
from praxis_events.kafka_log import KafkaLog
from praxis_events.log import (
    LogError,
    LogUnavailable,
    NewRecord,
    Positions,
    Record,
    RecordTooLarge,
    Subscription,
    Topic,
)
from praxis_events.log import TopicPartition as Partition
from tests.contract.records import from_start, names, read, record

PARTITIONS = 6

MEMBER = """
import asyncio, sys
from aiokafka import AIOKafkaConsumer
async def join(topic, kafka):
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=kafka, group_id="haunted", session_timeout_ms=300_000, rebalance_timeout_ms=1_000
    )
    await consumer.start()
    print("joined", flush=True)
    await asyncio.sleep(300)
asyncio.run(join(*sys.argv[1:]))
"""

_topics = count(1)


@pytest.fixture
async def log(kafka: str) -> AsyncIterator[KafkaLog]:
    log = await KafkaLog.open(kafka)
    yield log
    await log.close()


@pytest.fixture
async def topic(log: KafkaLog) -> str:
    name = f"kafka.{next(_topics)}"
    await log.ensure_topics([Topic(name, PARTITIONS)])
    return name


@asynccontextmanager
async def administration(kafka: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    yield admin
    await admin.close()


async def fill(log: KafkaLog, topic: str, start: int, end: int) -> None:
    await log.append(
        [record(f"{n}.{partition}", partition, topic) for n in range(start, end) for partition in range(6)]
    )


async def keep_reading(reader: Subscription, into: list[Record]) -> None:
    while True:
        into += chain.from_iterable((await reader.fetch(100, 0.2)).values())


# -- groups ------------------------------------------------------------------------------------------------------------


async def test_members_of_a_group_share_the_partitions_and_take_over_from_one_that_leaves(
    log: KafkaLog, topic: str
) -> None:
    one, two = (log.subscribe([topic], topic, from_start) for _ in range(2))
    found: tuple[list[Record], list[Record]] = [], []
    readings = [asyncio.create_task(keep_reading(reader, into)) for reader, into in zip((one, two), found, strict=True)]
    async with asyncio.timeout(60):
        while not (len(one.positions()) == len(two.positions()) == PARTITIONS // 2):
            await asyncio.sleep(0.05)
        assert one.positions().keys() | two.positions().keys() == {Partition(topic, n) for n in range(PARTITIONS)}
        await fill(log, topic, 0, 10)
        while len(set(names(found[0] + found[1]))) < 10 * PARTITIONS:
            await asyncio.sleep(0.05)
        assert {each.partition for each in found[1]} == {partition for _, partition in two.positions()}
        readings[0].cancel()
        await asyncio.gather(readings[0], return_exceptions=True)
        await one.close()
        await fill(log, topic, 10, 20)
        while len(set(names(found[1]))) < 20 * PARTITIONS:  # it is told to start from the beginning of what it got
            await asyncio.sleep(0.05)
    readings[1].cancel()
    await asyncio.gather(readings[1], return_exceptions=True)
    await two.close()


async def test_partitions_that_come_back_are_read_from_where_they_are_located_whatever_the_group_offsets_say(
    kafka: str, log: KafkaLog, topic: str
) -> None:
    """The client by itself would go on from the group's offsets, even within one fetch."""
    await fill(log, topic, 0, 20)
    checkpoint = {Partition(topic, n): 0 for n in range(PARTITIONS)}
    taken: list[Record] = []

    async def locate(partitions: Collection[Partition]) -> Positions:
        return {each: checkpoint[each] for each in partitions}

    async def take(reader: Subscription, timeout: float) -> None:
        for partition, records in (await reader.fetch(1000, timeout)).items():
            taken.extend(records)
            checkpoint[partition] = records[-1].offset + 1

    async with log.subscribe([topic], topic, locate) as one, asyncio.timeout(60):
        while len(taken) < 20 * PARTITIONS:
            await take(one, 1)
        one.follow(dict.fromkeys(checkpoint, 1))
        await until_group_offsets(kafka, topic, 1)
        taking = asyncio.create_task(take(one, 10))
        two = log.subscribe([topic], topic, locate)
        await take(two, 0.1)
        await two.close()
        while not taking.done():  # both rebalances are over for the other
            await log.append([record("new", partition, topic) for partition in range(PARTITIONS)])
            await asyncio.sleep(0.2)
        await fill(log, topic, 20, 21)
        while checkpoint != await log.end_positions([topic]):
            await take(one, 1)
    places = [(each.partition, each.offset) for each in taken]
    assert len(places) == len(set(places)) == sum(checkpoint.values())


async def test_a_group_with_a_member_that_died_unseen_is_joined_at_the_first_attempt(
    kafka: str, log: KafkaLog, topic: str
) -> None:
    """Its session would last longer than anybody waits."""
    member = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MEMBER, topic, kafka, stdout=asyncio.subprocess.PIPE
    )
    assert member.stdout is not None
    async with asyncio.timeout(60):
        assert await member.stdout.readline() == b"joined\n"
    member.kill()
    await member.wait()
    await fill(log, topic, 0, 1)
    async with log.subscribe([topic], "haunted", from_start) as reader:
        assert len(names(await read(reader, PARTITIONS))) == PARTITIONS


async def test_group_offsets_follow(kafka: str, log: KafkaLog, topic: str) -> None:
    await fill(log, topic, 0, 5)
    async with log.subscribe([topic], topic, from_start) as reader:
        await read(reader, 5 * PARTITIONS)
        reader.follow(reader.positions())
        await until_group_offsets(kafka, topic, 5)


async def until_group_offsets(kafka: str, group: str, offset: int) -> None:
    async with administration(kafka) as admin, asyncio.timeout(30):
        while True:
            found = await admin.list_consumer_group_offsets(group)
            if [found.get(KafkaPartition(group, n), (None,))[0] for n in range(PARTITIONS)] == [offset] * PARTITIONS:
                return
            await asyncio.sleep(0.05)


async def test_a_log_that_lost_its_end_is_an_error_and_not_read_again(log: KafkaLog, topic: str) -> None:
    """The client by itself would begin again at the start, and a projection would apply everything twice."""
    await fill(log, topic, 0, 3)

    async def beyond(partitions: Collection[Partition]) -> Positions:
        return dict.fromkeys(partitions, 1000)

    async with log.subscribe([topic], topic, beyond) as reader:
        with pytest.raises(LogError, match="no longer reaches offset 1000"):
            await asyncio.wait_for(keep_reading(reader, []), 30)


# -- appending ---------------------------------------------------------------------------------------------------------


async def test_a_batch_that_the_broker_refuses_fails_alone(kafka: str, log: KafkaLog, topic: str) -> None:
    """An idempotent producer that lives on would have every later batch of the partition refused (aiokafka#1017)."""
    await log.append([record("before", 0, topic)])
    async with administration(kafka) as admin:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": "2000"})])
    with pytest.raises(LogUnavailable):
        await asyncio.wait_for(append_forever(log, record("large", 0, topic, bytes(3000))), 30)
    for name in ("a", "b"):
        await log.append([record(name, 0, topic)])


async def append_forever(log: KafkaLog, refused: NewRecord) -> None:
    """Until the broker has taken its new configuration to heart."""
    while True:
        await log.append([refused])


async def test_a_topic_that_exists_keeps_its_limit(kafka: str, log: KafkaLog, topic: str) -> None:
    await log.ensure_topics([Topic(topic, PARTITIONS, max_record_bytes=8_000_000)])
    with pytest.raises(RecordTooLarge) as refused:
        await log.append([record("a", 0, topic, bytes(1_000_000))])
    assert refused.value.limit == 1_000_000


async def test_processes_that_start_together_make_the_topics_together(kafka: str) -> None:
    logs = [await KafkaLog.open(kafka, append_timeout=15) for _ in range(6)]
    for _ in range(2):
        topics = [Topic(f"kafka.{next(_topics)}", PARTITIONS) for _ in range(4)]
        await asyncio.gather(*(log.ensure_topics(topics) for log in logs))
        for log in logs:
            assert len(await log.end_positions([topic.name for topic in topics])) == 4 * PARTITIONS
    await asyncio.gather(*(log.close() for log in logs))


async def test_appends_that_nobody_awaits_any_more_are_not_sent(log: KafkaLog, topic: str) -> None:
    given_up = [asyncio.create_task(log.append([record("given up", 0, topic)])) for _ in range(3)]
    await asyncio.sleep(0)
    for each in given_up:
        each.cancel()
    await asyncio.gather(*given_up, return_exceptions=True)
    await log.append([record("later", 0, topic)])
    async with log.subscribe([topic], topic, from_start) as reader:
        assert names(await read(reader, 1)) == ["later"]


async def test_no_broker_is_an_outage() -> None:
    with pytest.raises(LogUnavailable):
        await KafkaLog.open("127.0.0.1:1", append_timeout=0.5)


async def test_a_compaction_that_was_killed_leaves_no_topic_eager(log: KafkaLog, kafka: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    before = await kafka_compaction.own_config(admin, topic)

    async def until_configured(expected: dict[str, str]) -> None:
        async with asyncio.timeout(30):
            while await kafka_compaction.own_config(admin, topic) != expected:
                await asyncio.sleep(0.05)

    await kafka_compaction.configure(admin, {topic: before | kafka_compaction.EAGER})
    await until_configured(before | kafka_compaction.EAGER)
    await log.compact([])
    await until_configured(before)
    await admin.close()


async def test_a_connection_that_uvloop_has_closed_already_is_an_outage(
    log: KafkaLog, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a broker is killed between two questions: a projector must wait, not end."""

    async def closed(*_: object, **__: object) -> None:
        raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")

    async with log.subscribe([topic], "closed", from_start) as reader:
        for name in ("end_offsets", "getmany"):
            monkeypatch.setattr(AIOKafkaConsumer, name, closed)
        with pytest.raises(LogUnavailable):
            await log.end_positions([topic])
        with pytest.raises(LogUnavailable):
            await reader.fetch(1, 0.1)
