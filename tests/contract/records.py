"""Short words for what the tests of the log do all the time."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import chain

from praxis_events.log import (
    Locate,
    LogUnavailable,
    NewRecord,
    Position,
    Positions,
    Record,
    Subscription,
    TopicPartition,
)


def record(name: str, partition: int = 0, topic: str = "three", value: bytes = b"{}") -> NewRecord:
    return NewRecord(topic, partition, name.encode(), value, (("ce_id", name.encode()),))


def names(records: Sequence[Record]) -> list[str]:
    return [record.key.decode() for record in records]


async def from_start(partitions: Collection[TopicPartition]) -> Positions:
    return dict.fromkeys(partitions, 0)


def from_positions(*positions: Position) -> Locate:
    """Read no other partitions than those of ``positions``."""

    async def locate(partitions: Collection[TopicPartition]) -> Positions:
        there = {TopicPartition(each.topic, each.partition): each.offset for each in positions}
        return {each: there[each] for each in partitions if each in there}

    return locate


async def read(reader: Subscription, count: int) -> list[Record]:
    """At least so many records; those of one partition in the order read."""
    found: list[Record] = []
    while len(found) < count:
        found += chain.from_iterable((await reader.fetch(1000, 10)).values())
    return found


async def read_until(reader: Subscription, name: str) -> list[Record]:
    """All up to a record with this name, over whatever outage."""
    found: list[Record] = []
    while name not in names(found):
        with suppress(LogUnavailable):
            found += chain.from_iterable((await reader.fetch(1000, 1)).values())
    return found
