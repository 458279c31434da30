"""Waiting until the directory is read as far as the log goes: who has left, or leads others now, leads nobody else."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.checkpoint import checkpoints
from praxis_events.log import EventLog, LogUnavailable, TopicPartition
from praxis_events.topics import DIRECTORY
from praxis_metrics.directory import Directory

FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.05


class DirectoryRead:
    """``wait_seconds``: after so long, what is read by then has to do, as with decisions."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], log: EventLog, wait_seconds: float) -> None:
        self._sessions, self._log, self._wait_seconds = sessions, log, wait_seconds

    async def wait(self) -> None:
        """Never raises for the log."""
        try:
            ends = await self._log.end_positions([DIRECTORY.name])
        except LogUnavailable:
            return
        deadline, pause = asyncio.get_running_loop().time() + self._wait_seconds, FIRST_PAUSE
        while not await self._reached(ends) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _reached(self, ends: dict[TopicPartition, int]) -> bool:
        async with self._sessions() as session:
            rows = await checkpoints(session, Directory.name)
        at = {TopicPartition(row.topic, row.partition): row.next_offset for row in rows}
        return all(at.get(partition, 0) >= end for partition, end in ends.items())
