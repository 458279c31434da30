"""What every ``EventLog`` promises of records whose keys were appended again."""

from collections.abc import Sequence

from praxis_events.log import EventLog, Position, TopicPartition
from praxis_events.reading import read, read_topics
from praxis_events.redaction import replacement
from tests.contract.adapters import Adapter
from tests.contract.records import names, record


async def replace(log: EventLog, positions: Sequence[Position], value: bytes) -> None:
    """Redact these, as an erasure does."""
    originals = []
    for at in positions:
        originals += [
            each async for each in read(log, TopicPartition(at.topic, at.partition), at.offset, at.offset + 1)
        ]
    await log.append([replacement(each, value, each.headers, {}, changed=True) for each in originals])


async def test_replaced_records_are_gone_and_all_others_stay_as_they_are(log: EventLog, topic: str) -> None:
    places = await log.append([record(str(n), n % 3, topic, f"value {n}".encode()) for n in range(9)])
    before = [each async for each in read_topics(log, [topic])]
    gone = [places[1], places[4], places[8]]
    await replace(log, gone, b"redacted")
    told: list[int] = []
    await log.compact(gone, told.append)
    found = [each async for each in read_topics(log, [topic])]
    others = [each for each in before if each[:3] not in {tuple(at) for at in gone}]
    assert sorted(each for each in found if not each.moved) == sorted(others)
    redacted = [each for each in found if each.moved]
    assert sorted(names(redacted)) == ["1", "4", "8"]
    assert {each.value for each in redacted} == {b"redacted"}
    assert {(each.topic, each.partition, each.place) for each in redacted} == {tuple(at) for at in gone}
    assert {each.placed_ms for each in redacted} <= {each.appended_ms for each in before}
    assert told[-1] == 3


async def test_a_topic_is_configured_as_before(adapter: Adapter, log: EventLog, topic: str) -> None:
    before = await adapter.configuration(topic)
    [place] = await log.append([record("a", 0, topic)])
    await replace(log, [place], b"redacted")
    await log.compact([place])
    assert await adapter.configuration(topic) == before


async def test_redacted_again_a_record_keeps_its_first_place(log: EventLog, topic: str) -> None:
    [place] = await log.append([record("a", 0, topic)])
    await replace(log, [place], b"once")
    [again] = [each async for each in read_topics(log, [topic]) if each.moved]
    await replace(log, [Position(topic, 0, again.offset)], b"twice")
    await log.compact([place, Position(topic, 0, again.offset)])
    [found] = [each async for each in read_topics(log, [topic])]
    assert (found.place, found.placed_ms, found.value) == (place.offset, again.placed_ms, b"twice")
    assert [name for name, _ in found.headers] == [name for name, _ in again.headers]
