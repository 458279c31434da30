"""Reads that see what was acknowledged before them, and an honest word when they may not."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from praxis_events.checkpoint import CheckpointRow, checkpoints
from praxis_events.clock import Clock
from praxis_events.log import EventLog, LogUnavailable, TopicPartition
from praxis_incentives.decider.projection import Decider
from praxis_service.database import ServiceDatabase

_FIRST_WAIT, _LONGEST_WAIT = 0.002, 0.05


@dataclass(frozen=True, slots=True)
class Freshness:
    """``consistent``: everything the log had acknowledged when the request came was judged. ``watermark``: the moment
    up to which that is known; ``None`` when it is not known of any.
    """

    consistent: bool
    watermark: datetime | None


class DeciderConsistency:
    def __init__(self, database: ServiceDatabase, log: EventLog, clock: Clock, wait_seconds: float) -> None:
        self._sessions, self._log, self._clock, self._wait_seconds = database.sessions, log, clock, wait_seconds
        self.in_one_generation = database.in_one_generation

    async def wait(self) -> Freshness:
        """Wait, bounded, until the decider has passed the log's end as it is now. Never raises for the log."""
        asked_at = self._clock()
        try:
            ends = await self._log.end_positions(Decider.topics)
        except LogUnavailable:
            return Freshness(consistent=False, watermark=_watermark(await self._rows()))
        deadline, pause = asyncio.get_running_loop().time() + self._wait_seconds, _FIRST_WAIT
        while not _reached(rows := await self._rows(), ends):
            if asyncio.get_running_loop().time() > deadline:
                return Freshness(consistent=False, watermark=_watermark(rows))
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_WAIT)
        return Freshness(consistent=True, watermark=asked_at)

    async def _rows(self) -> list[CheckpointRow]:
        async with self._sessions() as session:
            return await checkpoints(session, Decider.name)


def _reached(rows: list[CheckpointRow], ends: dict[TopicPartition, int]) -> bool:
    at = {TopicPartition(row.topic, row.partition): row.next_offset for row in rows}
    return all(at.get(partition, 0) >= end for partition, end in ends.items())


def _watermark(rows: list[CheckpointRow]) -> datetime | None:
    marks = [row.read_through for row in rows]
    known = [mark for mark in marks if mark is not None]
    return min(known) if len(known) == len(Decider.topics) else None
