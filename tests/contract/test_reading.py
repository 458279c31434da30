"""What every ``EventLog`` promises its readers."""

from praxis_events.log import EventLog, Position, Topic, TopicPartition
from tests.contract.adapters import Adapter
from tests.contract.records import from_positions, from_start, names, read, record


async def test_records_of_a_partition_are_read_in_the_order_of_their_offsets(log: EventLog, topic: str) -> None:
    for start in range(0, 600, 100):
        await log.append([record(str(n), n % 3, topic) for n in range(start, start + 100)])
    async with log.subscribe([topic], topic, from_start) as reader:
        found = await read(reader, 600)
    for partition in range(3):
        mine = [each for each in found if each.partition == partition]
        assert names(mine) == [str(n) for n in range(partition, 600, 3)]
        assert [each.offset for each in mine] == sorted({each.offset for each in mine})


async def test_the_log_says_when_it_appended(log: EventLog, topic: str) -> None:
    await log.append([record("a", 0, topic)])
    await log.append([record("b", 0, topic)])
    async with log.subscribe([topic], topic, from_start) as reader:
        first, second = await read(reader, 2)
    assert 1_700_000_000_000 < first.appended_ms <= second.appended_ms < 10_000_000_000_000


async def test_a_fetch_holds_no_more_than_it_was_asked_for(log: EventLog, topic: str) -> None:
    await log.append([record(str(n), n % 3, topic) for n in range(20)])
    async with log.subscribe([topic], topic, from_start) as reader:
        found: list[str] = []
        while len(found) < 20:
            fetched = await reader.fetch(6, 10)
            assert sum(map(len, fetched.values())) <= 6
            for partition, records in fetched.items():
                assert reader.positions()[partition] >= records[-1].offset + 1
                found += names(records)
    assert sorted(found, key=int) == [str(n) for n in range(20)]


async def test_gaps_are_passed_also_the_last_one(adapter: Adapter, log: EventLog, topic: str) -> None:
    expected = await adapter.append_with_gaps(log, topic)
    partition = TopicPartition(topic, 0)
    end = (await log.end_positions([topic]))[partition]
    async with log.subscribe([topic], topic, from_start) as reader:
        found = await read(reader, len(expected))
        while reader.positions()[partition] < end:
            assert await reader.fetch(10, 0.1) == {}
        assert reader.positions()[partition] == end
        (position,) = await log.append([record("next", 0, topic)])
        assert names(await read(reader, 1)) == ["next"]
    offsets = [each.offset for each in found]
    assert names(found) == expected
    assert offsets == sorted(offsets)
    assert position.offset >= end > offsets[-1] + 1  # a gap at the end
    assert offsets[-1] - offsets[0] >= len(offsets)  # and others before


async def test_reading_goes_on_from_any_position_in_a_gap_too(adapter: Adapter, log: EventLog, topic: str) -> None:
    await adapter.append_with_gaps(log, topic)
    partition = TopicPartition(topic, 0)
    end = (await log.end_positions([topic]))[partition]
    await log.append([record("last", 0, topic)])
    async with log.subscribe([topic], topic, from_start) as reader:
        everything = await read(reader, 5)
        for start in range(end + 1):
            reader.seek(partition, start)
            expected = [each for each in everything if each.offset >= start]
            assert await read(reader, len(expected)) == expected


async def test_a_reader_resumes_where_it_is_told(log: EventLog, topic: str) -> None:
    positions = await log.append([record(str(n), 1, topic) for n in range(5)])
    async with log.subscribe([topic], topic, from_start) as reader:
        await read(reader, 5)
    async with log.subscribe([topic], topic, from_positions(positions[3])) as reader:
        assert names(await read(reader, 2)) == ["3", "4"]


async def test_a_partition_that_is_not_located_is_not_read(log: EventLog, topic: str) -> None:
    positions = await log.append([record("a", 0, topic), record("b", 1, topic), record("c", 1, topic)])
    async with log.subscribe([topic], topic, from_positions(positions[2])) as reader:
        assert names(await read(reader, 1)) == ["c"]
        reader.seek(TopicPartition(topic, 0), 0)
        reader.resume(TopicPartition(topic, 0))
        assert await reader.fetch(10, 0.3) == {}
        assert reader.positions() == {TopicPartition(topic, 1): positions[2].offset + 1}


async def test_a_paused_partition_waits_and_then_goes_on(log: EventLog, topic: str) -> None:
    await log.append([record("a", 0, topic), record("b", 1, topic)])
    async with log.subscribe([topic], topic, from_start) as reader:
        await read(reader, 2)
        at = reader.positions()[TopicPartition(topic, 0)]
        reader.pause(TopicPartition(topic, 0))
        await log.append([record("c", 0, topic), record("d", 1, topic)])
        assert names(await read(reader, 1)) == ["d"]
        assert await reader.fetch(10, 0.3) == {}
        assert reader.positions()[TopicPartition(topic, 0)] == at
        reader.resume(TopicPartition(topic, 0))
        assert names(await read(reader, 1)) == ["c"]


async def test_seeking_reads_again_also_while_paused(log: EventLog, topic: str) -> None:
    positions = await log.append([record(name, 0, topic) for name in "abc"])
    async with log.subscribe([topic], topic, from_start) as reader:
        await read(reader, 3)
        reader.seek(TopicPartition(topic, 0), positions[1].offset)
        assert names(await read(reader, 2)) == ["b", "c"]
        reader.pause(TopicPartition(topic, 0))
        reader.seek(TopicPartition(topic, 0), positions[2].offset)
        assert await reader.fetch(10, 0.3) == {}
        reader.resume(TopicPartition(topic, 0))
        assert names(await read(reader, 1)) == ["c"]


async def test_several_topics_are_read_together(log: EventLog, topic: str) -> None:
    await log.append([record("a", 0, topic)])
    other = f"{topic}.other"
    await log.ensure_topics([Topic(other, 1)])
    await log.append([record("b", 0, other)])
    async with log.subscribe([topic, other], topic, from_start) as reader:
        found = {Position(*each[:3]) for each in await read(reader, 2)}
    assert {(each.topic, each.partition) for each in found} == {(topic, 0), (other, 0)}


async def test_readers_of_two_groups_each_get_everything(log: EventLog, topic: str) -> None:
    await log.append([record(str(n), n % 3, topic) for n in range(9)])
    async with (
        log.subscribe([topic], f"{topic}.1", from_start) as one,
        log.subscribe([topic], f"{topic}.2", from_start) as two,
    ):
        assert sorted(await read(one, 9)) == sorted(await read(two, 9))
