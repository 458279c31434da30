"""Reads that see their own writes.

A read asks the log where it ends and waits, bounded, until the projections' checkpoints have passed that: so it sees
every write acknowledged before it, through whichever replica.
"""

import asyncio
from collections.abc import Collection, Mapping

from sqlalchemy import text

from praxis_events.log import EventLog, Positions, TopicPartition
from praxis_service.database import ServiceDatabase

_FIRST_WAIT, _LONGEST_WAIT = 0.002, 0.05

_CHECKPOINTS = text(
    "SELECT projection, topic, partition, next_offset FROM checkpoints WHERE projection = ANY(CAST(:names AS text[]))"
)


class CaughtUp:
    """``topics``: by projection, those whose records a read must see."""

    def __init__(
        self, database: ServiceDatabase, log: EventLog, wait_seconds: float, topics: Mapping[str, Collection[str]]
    ) -> None:
        self._engine, self._log, self._wait_seconds, self._topics = database.reads, log, wait_seconds, topics

    async def wait(self) -> bool:
        """Wait until the projections have all that the log held when this was called.

        Of every partition, also for a read by id: the statement that voids it lies in any of them. ``False`` when they
        did not within the limit. Raises ``LogUnavailable``.
        """
        ends = await self._log.end_positions(sorted({each for topics in self._topics.values() for each in topics}))
        clock = asyncio.get_running_loop().time
        deadline, pause = clock() + self._wait_seconds, _FIRST_WAIT
        while not await self._reached(ends):
            if clock() > deadline:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_WAIT)
        return True

    async def _reached(self, ends: Positions) -> bool:
        async with self._engine.connect() as connection:
            rows = await connection.execute(_CHECKPOINTS, {"names": list(self._topics)})
            at = {(row.projection, TopicPartition(row.topic, row.partition)): row.next_offset for row in rows}
        return all(
            at.get((name, partition), 0) >= end
            for name, topics in self._topics.items()
            for partition, end in ends.items()
            if partition.topic in topics
        )
