"""Reads that see what was acknowledged before them, and an honest word when they may not."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from praxis_events.checkpoint import CheckpointRow, checkpoints
from praxis_events.clock import Clock
from praxis_events.log import EventLog, LogUnavailable, TopicPartition
from praxis_incentives.decider.projection import Decider
from praxis_service.database import ServiceDatabase

_FIRST_WAIT, _LONGEST_WAIT = 0.002, 0.05


@dataclass(frozen=True, slots=True)
class Freshness:
    """``consistent``: everything the log had acknowledged when the request came was taken in. ``watermark``: the moment
    up to which that is known; ``None`` when it is not known of any.
    """

    consistent: bool
    watermark: datetime | None


class Followed(Protocol):
    """A projection, by its checkpoints."""

    @property
    def name(self) -> str: ...

    @property
    def topics(self) -> tuple[str, ...]: ...


DECIDER: Followed = Decider()


class Consistency:
    def __init__(self, database: ServiceDatabase, log: EventLog, clock: Clock, wait_seconds: float) -> None:
        self._sessions, self._log, self._clock, self._wait_seconds = database.sessions, log, clock, wait_seconds
        self.in_one_generation = database.in_one_generation

    async def wait(self, *followed: Followed) -> Freshness:
        """Wait, bounded, until these, or the decider alone, have passed the log's end as it is now. Never raises for
        the log.
        """
        followed, asked_at = followed or (DECIDER,), self._clock()
        try:
            ends = await self._log.end_positions(sorted({topic for each in followed for topic in each.topics}))
        except LogUnavailable:
            return Freshness(consistent=False, watermark=_watermark(await self._rows(followed), followed))
        deadline, pause = asyncio.get_running_loop().time() + self._wait_seconds, _FIRST_WAIT
        while not _reached(rows := await self._rows(followed), ends, followed):
            if asyncio.get_running_loop().time() > deadline:
                return Freshness(consistent=False, watermark=_watermark(rows, followed))
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_WAIT)
        return Freshness(consistent=True, watermark=asked_at)

    async def _rows(self, followed: Sequence[Followed]) -> list[CheckpointRow]:
        names = {each.name for each in followed}
        async with self._sessions() as session:
            return [row for row in await checkpoints(session) if row.projection in names]


def _reached(rows: list[CheckpointRow], ends: dict[TopicPartition, int], followed: Sequence[Followed]) -> bool:
    at = {(row.projection, TopicPartition(row.topic, row.partition)): row.next_offset for row in rows}
    return all(
        at.get((each.name, partition), 0) >= end
        for each in followed
        for partition, end in ends.items()
        if partition.topic in each.topics
    )


def _watermark(rows: list[CheckpointRow], followed: Sequence[Followed]) -> datetime | None:
    """Each topic has one partition."""
    known = [mark for row in rows if (mark := row.read_through) is not None]
    return min(known) if len(known) == sum(len(each.topics) for each in followed) else None
