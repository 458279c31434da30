"""Reads that see their own writes, and a truthful consistent-through time.

A read asks the log where it ends and waits, bounded, until the store's checkpoints have passed that: so it sees every
write acknowledged before it, through whichever replica.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from praxis_events.clock import Clock
from praxis_events.log import EventLog
from praxis_events.topics import STATEMENTS
from praxis_ingest.statements.store import StatementStore
from praxis_service.database import ServiceDatabase

_FIRST_WAIT, _LONGEST_WAIT = 0.002, 0.05

Checkpoints = dict[int, tuple[int, datetime | None]]
"""By partition: the next offset to apply, and the time up to which the log is known to be applied."""


class StoreConsistency:
    """``margin``: the append timeout and the clock skew in seconds. A statement's ``stored`` is set before its append,
    so one stored before (read-through − margin) is in the log by read-through, or was never acknowledged."""

    def __init__(self, database: ServiceDatabase, log: EventLog, clock: Clock, wait: float, margin: float) -> None:
        self._engine, self._log, self._clock = database.reads, log, clock
        self.in_one_generation = database.in_one_generation
        self._wait, self._margin = wait, timedelta(seconds=margin)

    async def wait(self) -> bool:
        """Wait until the store has all that the log held when this was called.

        Of every partition, also for a read by id: the statement that voids it lies in any of them. ``False`` when
        the store did not within the limit. Raises ``LogUnavailable``.
        """
        ends = await self._log.end_positions([STATEMENTS.name])
        return await self._until(lambda at: all(at.get(p, (0, None))[0] >= end for (_, p), end in ends.items()))

    async def through(self) -> datetime:
        """Every statement that was stored up to this moment, on any replica, can be read here."""
        at = await self._checkpoints()
        marks = [read_through for _, read_through in at.values()]
        complete = len(marks) == STATEMENTS.partitions
        known = [mark for mark in marks if mark is not None]
        if not complete or len(known) < len(marks):
            return datetime.fromtimestamp(0, self._clock().tzinfo)
        return min(min(known), self._clock()) - self._margin

    async def _until(self, reached: Callable[[Checkpoints], bool]) -> bool:
        deadline = asyncio.get_running_loop().time() + self._wait
        pause = _FIRST_WAIT
        while not reached(await self._checkpoints()):
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_WAIT)
        return True

    async def _checkpoints(self) -> Checkpoints:
        query = text("SELECT partition, next_offset, read_through FROM checkpoints WHERE projection = :projection")
        async with self._engine.connect() as connection:
            rows = await connection.execute(query, {"projection": StatementStore.name})
            return {partition: (offset, read_through) for partition, offset, read_through in rows}
