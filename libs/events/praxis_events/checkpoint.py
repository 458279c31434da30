"""Checkpoints: how far a projection has come, in the schema and the transaction of its tables.

A checkpoint moves by compare-and-set, so a consumer that lost its partition cannot write: its whole transaction fails.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.log import Positions, TopicPartition


def checkpoint_table(metadata: MetaData) -> Table:
    """The table that every generation's schema holds; its migrations create it."""
    return Table(
        "checkpoints",
        metadata,
        Column("projection", Text, primary_key=True),
        Column("topic", Text, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("next_offset", BigInteger, nullable=False),
        Column("read_through", DateTime(timezone=True)),
        Column("stopped_at", DateTime(timezone=True)),
        Column("stop_reason", Text),
    )


CHECKPOINTS = checkpoint_table(MetaData())
_c = CHECKPOINTS.c

_IN_ORDER = (_c.topic.collate("C"), _c.partition)
"""As Python sorts."""


class CheckpointConflict(Exception):
    """Another consumer moved the checkpoint first. Roll back and ask again where to resume."""


class CheckpointRow(NamedTuple):
    """All that the log acknowledged before ``read_through`` is applied; ``None``: not yet known."""

    projection: str
    topic: str
    partition: int
    next_offset: int
    read_through: datetime | None
    stopped_at: datetime | None
    stop_reason: str | None


async def locate(session: AsyncSession, projection: str, partitions: Collection[TopicPartition]) -> Positions:
    """The next offset to read of each partition that is not stopped; a partition never seen starts at 0.

    Waits for no rival's transaction, unless a partition is new to both.
    """
    rows = await session.execute(
        select(_c.topic, _c.partition, _c.next_offset, _c.stopped_at).where(_c.projection == projection)
    )
    known = {TopicPartition(topic, partition): (offset, stopped) for topic, partition, offset, stopped in rows}
    if fresh := sorted(set(partitions) - known.keys()):
        await session.execute(
            insert(CHECKPOINTS).on_conflict_do_nothing(),
            [{"projection": projection, "topic": t, "partition": p, "next_offset": 0} for t, p in fresh],
        )
    found = known | dict.fromkeys(fresh, (0, None))
    return {each: found[each][0] for each in partitions if found[each][1] is None}


async def advance(session: AsyncSession, projection: str, moves: Mapping[TopicPartition, tuple[int, int]]) -> None:
    """Move each partition's checkpoint from the first to the second offset. Raises ``CheckpointConflict``.

    In sorted order, one row at a time: two consumers that fight wait for one another instead of dead-locking. Call it
    first in the transaction: it also takes the lock that keeps rivals out until commit.
    """
    statement = (
        update(CHECKPOINTS)
        .where(
            _c.projection == projection,
            _c.topic == bindparam("at_topic"),
            _c.partition == bindparam("at_partition"),
            _c.next_offset == bindparam("before"),
            _c.stopped_at.is_(None),
        )
        .values(next_offset=bindparam("after"))
        .returning(_c.partition)
    )
    for partition, (before, after) in sorted(moves.items()):
        moved = await session.execute(
            statement,
            {"at_topic": partition.topic, "at_partition": partition.partition, "before": before, "after": after},
        )
        if moved.first() is None:
            raise CheckpointConflict(
                f"{projection} is no longer at {before} of {partition.topic}/{partition.partition}"
            )


async def lock_all(session: AsyncSession, projection: str) -> dict[TopicPartition, int]:
    """Lock every checkpoint of a projection: one writer at a time over all its topics. Returns the next offsets."""
    rows = await session.execute(
        select(_c.topic, _c.partition, _c.next_offset)
        .where(_c.projection == projection)
        .order_by(*_IN_ORDER)
        .with_for_update()
    )
    return {TopicPartition(topic, partition): offset for topic, partition, offset in rows}


async def lock(session: AsyncSession, projection: str, partitions: Collection[TopicPartition]) -> None:
    """Lock these checkpoints, in the order of ``advance``: whoever writes several in any other way calls it first."""
    await session.execute(
        select(_c.partition)
        .where(_c.projection == projection, tuple_(_c.topic, _c.partition).in_([tuple(each) for each in partitions]))
        .order_by(*_IN_ORDER)
        .with_for_update()
    )


_OBSERVE = text(
    """
    UPDATE checkpoints AS c SET read_through = :at
    FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[]), CAST(:ends AS bigint[]))
         AS e(topic, partition, ends)
    WHERE c.projection = :projection AND c.topic = e.topic AND c.partition = e.partition
      AND c.next_offset >= e.ends AND (c.read_through IS NULL OR c.read_through < :at)
    """
)


async def observe(session: AsyncSession, projection: str, ends: Positions, at: datetime) -> None:
    """Record that all which the log held at ``at`` (its ``ends`` then) is applied, where that is so.

    True whoever writes it: the condition is on the checkpoint itself. ``lock`` them first.
    """
    await session.execute(
        _OBSERVE,
        {
            "projection": projection,
            "at": at,
            "topics": [each.topic for each in ends],
            "partitions": [each.partition for each in ends],
            "ends": list(ends.values()),
        },
    )


async def stop(session: AsyncSession, projection: str, partition: TopicPartition, at: int, reason: str) -> None:
    """Stop a partition until a person clears it; a restart must not go on draining it.

    Raises ``CheckpointConflict`` when the checkpoint is no longer ``at`` that offset: another consumer has come on.
    """
    stopped = await session.execute(
        update(CHECKPOINTS)
        .where(
            _c.projection == projection,
            _c.topic == partition.topic,
            _c.partition == partition.partition,
            _c.next_offset == at,
            _c.stopped_at.is_(None),
        )
        .values(stopped_at=func.now(), stop_reason=reason)
        .returning(_c.partition)
    )
    if stopped.first() is None:
        raise CheckpointConflict(f"{projection} is no longer at {at} of {partition.topic}/{partition.partition}")


async def clear(session: AsyncSession, projection: str) -> list[TopicPartition]:
    """Let the stopped partitions go on where they stopped, within a second or so; returns which these are."""
    cleared = await session.execute(
        update(CHECKPOINTS)
        .where(_c.projection == projection, _c.stopped_at.is_not(None))
        .values(stopped_at=None, stop_reason=None)
        .returning(_c.topic, _c.partition)
    )
    return sorted(TopicPartition(*row) for row in cleared)


async def checkpoints(session: AsyncSession, projection: str | None = None) -> list[CheckpointRow]:
    query = select(CHECKPOINTS).order_by(_c.projection, _c.topic, _c.partition)
    if projection is not None:
        query = query.where(_c.projection == projection)
    return [CheckpointRow(*row) for row in await session.execute(query)]
