"""Reading a stretch of the log once: for people and tools that look something up, beside the projections."""

from collections.abc import AsyncIterator, Collection

from praxis_events.envelope import nonce
from praxis_events.log import EventLog, LogError, Positions, Record, TopicPartition
from praxis_events.redaction import is_marker

_FETCH, _SECONDS = 1_000, 0.5


async def read(
    log: EventLog, partition: TopicPartition, start: int = 0, end: int | None = None
) -> AsyncIterator[Record]:
    """The records of one partition from ``start`` up to ``end``, by default where it ends now.

    Raises ``LogUnavailable``, and ``LogError`` for a partition that there is none of.
    """
    ends = await log.end_positions([partition.topic])
    if partition not in ends:
        raise LogError(f"the log has no partition {partition.partition} of {partition.topic}")
    last = ends[partition] if end is None else min(end, ends[partition])
    if start >= last:
        return

    async def here(_: Collection[TopicPartition]) -> Positions:
        return {partition: start}

    async with log.subscribe([partition.topic], f"praxis.reading.{nonce()}", here) as reader:
        while True:
            for record in (await reader.fetch(_FETCH, _SECONDS)).get(partition, []):
                if record.offset >= last:
                    return
                if not is_marker(record):
                    yield record
            if reader.positions().get(partition, 0) >= last:
                return


async def read_topics(log: EventLog, topics: Collection[str]) -> AsyncIterator[Record]:
    """All records that the topics hold now: each partition in its order, the partitions in any."""
    ends = {each: end for each, end in (await log.end_positions(topics)).items() if end > 0}

    async def from_start(partitions: Collection[TopicPartition]) -> Positions:
        return {each: 0 for each in partitions if each in ends}

    async with log.subscribe(topics, f"praxis.reading.{nonce()}", from_start) as reader:
        while ends:
            fetched = await reader.fetch(_FETCH, _SECONDS)
            for partition, records in fetched.items():
                for record in records:
                    if record.offset < ends.get(partition, 0) and not is_marker(record):
                        yield record
            for partition, at in reader.positions().items():
                if at >= ends.get(partition, at + 1):
                    del ends[partition]
                    reader.pause(partition)


async def read_topic(log: EventLog, topic: str) -> AsyncIterator[Record]:
    """All records that a topic holds now, partition by partition."""
    for partition in sorted(await log.end_positions([topic])):
        async for record in read(log, partition):
            yield record
