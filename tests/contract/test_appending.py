"""What every ``EventLog`` promises of an append."""

import asyncio
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from praxis_events.log import (
    EventLog,
    LogError,
    NewRecord,
    Position,
    RecordTooLarge,
    Topic,
    TopicPartition,
    record_size,
)
from tests.contract.adapters import Adapter
from tests.contract.records import from_positions, from_start, names, read, record

_keys = count()

COUNTED = ("append_duration_seconds_count", "appended_records_total", "appended_bytes_total")


async def test_positions_are_those_that_are_read(log: EventLog, topic: str) -> None:
    records = [record("a", 1, topic), record("b", 0, topic), record("c", 1, topic), record("d", 2, topic)]
    positions = await log.append(records)
    async with log.subscribe([topic], topic, from_start) as reader:
        found = {each.key: Position(*each[:3]) for each in await read(reader, 4)}
    assert positions == [found[each.key] for each in records]
    assert positions[0].offset < positions[2].offset


async def test_nothing_to_append_is_no_error(log: EventLog) -> None:
    assert await log.append([]) == []


async def test_appends_are_counted_and_so_are_those_that_fail(log: EventLog, topic: str) -> None:
    before = counted()
    await log.append([record("a", 0, topic, b"12345"), record("b", 1, topic, b"123")])
    with pytest.raises(RecordTooLarge):
        await log.append([record("c", 0, topic, b"x" * 1_000_001)])
    grown = {name: value - before[name] for name, value in counted().items()}
    assert grown == dict(zip(COUNTED, (1, 2, 8), strict=True)) | {"append_failures_total": 1}


def counted() -> dict[str, float]:
    found = {name: REGISTRY.get_sample_value(f"praxis_log_{name}") or 0 for name in COUNTED}
    failed = REGISTRY.get_sample_value("praxis_log_append_failures_total", {"error": RecordTooLarge.__name__}) or 0
    return found | {"append_failures_total": failed}


async def test_concurrent_appends_are_all_there_once_each_call_in_its_order(
    adapter: Adapter, log: EventLog, topic: str
) -> None:
    other = await adapter.open()
    calls = [
        [record(f"{call}.{n}", (call + n) % 3, topic, b"x" * (call % 5) * 1000) for n in range(call % 7 + 1)]
        for call in range(300)
    ]
    async with log.subscribe([topic], topic, from_start) as reader:
        reading = asyncio.create_task(read(reader, sum(map(len, calls))))
        answers = await asyncio.gather(*((log, other)[n % 2].append(call) for n, call in enumerate(calls)))
        found = await reading
    await other.close()
    assert {each.key: Position(*each[:3]) for each in found} == {
        each.key: position
        for call, answer in zip(calls, answers, strict=True)
        for each, position in zip(call, answer, strict=True)
    }
    assert len(found) == len(set(names(found)))
    for answer in answers:
        for partition in range(3):
            offsets = [position.offset for position in answer if position.partition == partition]
            assert offsets == sorted(offsets)


_text = st.text(st.characters(codec="utf-8"), max_size=20)
_headers = st.lists(st.tuples(_text.filter(bool), st.binary(max_size=50)), max_size=6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=300), _headers), min_size=1, max_size=20))
async def test_bytes_and_headers_come_back_unchanged(
    log: EventLog, topic: str, contents: list[tuple[bytes, list[tuple[str, bytes]]]]
) -> None:
    sent = [NewRecord(topic, 0, b"\x00%d" % next(_keys), value, tuple(headers)) for value, headers in contents]
    positions = await log.append(sent)
    async with log.subscribe([topic], topic, from_positions(positions[0])) as reader:
        found = await read(reader, len(sent))
    assert [(each.key, each.value, each.headers) for each in found] == [
        (each.key, each.value, each.headers) for each in sent
    ]


async def test_a_record_at_the_limit_is_taken_and_one_byte_more_keeps_its_whole_call_out(log: EventLog) -> None:
    large = Topic("contract.large", 2, max_record_bytes=8_000_000)
    await log.ensure_topics([large])
    fits = record("fits", 0, large.name)
    fits = fits._replace(value=bytes(8_000_000 - record_size(fits) + 2))
    too_large = fits._replace(value=fits.value + b"!")
    before = await log.append([record("before", 0, large.name)])
    ends = await log.end_positions([large.name])
    with pytest.raises(RecordTooLarge) as refused:
        await log.append([record("neighbour", 0, large.name), record("other", 1, large.name), too_large])
    assert (refused.value.index, refused.value.size, refused.value.limit) == (2, 8_000_001, 8_000_000)
    assert await log.end_positions([large.name]) == ends
    after = await log.append([fits, record("after", 0, large.name), record("last", 1, large.name)])
    async with log.subscribe([large.name], large.name, from_positions(before[0], after[2])) as reader:
        found = {each.key: each for each in await read(reader, 4)}
    assert found.keys() == {b"before", b"fits", b"after", b"last"}
    assert found[b"fits"].value == fits.value


async def test_an_unknown_topic_or_partition_is_an_error_and_no_outage(log: EventLog, topic: str) -> None:
    for unknown in (record("a", topic="contract.unknown"), record("a", 3, topic), record("a", -1, topic)):
        with pytest.raises(LogError, match="the log has no") as refused:
            await log.append([record("neighbour", 0, topic), unknown])
        assert type(refused.value) is LogError
    with pytest.raises(LogError, match="the log has no topic"):
        await log.end_positions(["contract.unknown"])
    assert set((await log.end_positions([topic])).values()) == {0}
    await log.append([record("afterwards", 2, topic)])


async def test_topics_that_another_process_made_are_found(adapter: Adapter, log: EventLog, new_topic: Topic) -> None:
    other = await adapter.open()
    await other.ensure_topics([new_topic])
    await other.close()
    (position,) = await log.append([record("a", 1, new_topic.name)])
    assert (await log.end_positions([new_topic.name]))[TopicPartition(new_topic.name, 1)] == position.offset + 1
    with pytest.raises(RecordTooLarge) as refused:
        await log.append([record("b", 0, new_topic.name, bytes(new_topic.max_record_bytes))])
    assert refused.value.limit == new_topic.max_record_bytes


async def test_topics_are_made_once_with_their_configuration(adapter: Adapter, log: EventLog, new_topic: Topic) -> None:
    await asyncio.gather(log.ensure_topics([new_topic]), log.ensure_topics([new_topic]))
    (position,) = await log.append([record("a", 2, new_topic.name)])
    await log.ensure_topics([new_topic])
    ends = await log.end_positions([new_topic.name])
    assert [ends[TopicPartition(new_topic.name, partition)] for partition in range(3)] == [0, 0, position.offset + 1]
    found = await adapter.configuration(new_topic.name)
    assert found | adapter.expected_configuration(new_topic) == found


async def test_a_topic_keeps_its_number_of_partitions(log: EventLog, topic: str) -> None:
    with pytest.raises(LogError, match="3 partitions, not 4"):
        await log.ensure_topics([Topic(topic, 4)])


async def test_every_partition_says_where_it_ends(log: EventLog, topic: str) -> None:
    positions = await log.append([record(str(n), n % 2, topic) for n in range(7)])
    expected = {TopicPartition(topic, partition): 0 for partition in range(3)}
    for position in positions:
        expected[TopicPartition(topic, position.partition)] = position.offset + 1
    assert await log.end_positions([topic]) == expected


async def test_a_closed_log_takes_nothing(adapter: Adapter, new_topic: Topic) -> None:
    log = await adapter.open()
    await log.ensure_topics([new_topic])
    await log.close()
    with pytest.raises(LogError):
        await log.append([record("a", 0, new_topic.name)])
