"""What a read of statements may promise: that it sees its own writes, and a truthful consistent-through time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from praxis_events.clock import Clock
from praxis_events.log import EventLog
from praxis_events.topics import STATEMENTS
from praxis_ingest.consistency import CaughtUp
from praxis_ingest.statements.store import StatementStore
from praxis_service.database import ServiceDatabase

_MARKS = text("SELECT read_through FROM checkpoints WHERE projection = :projection")


class StoreConsistency:
    """``margin``: the append timeout and the clock skew in seconds. A statement's ``stored`` is set before its append,
    so one stored before (read-through − margin) is in the log by read-through, or was never acknowledged."""

    def __init__(self, database: ServiceDatabase, log: EventLog, clock: Clock, wait: float, margin: float) -> None:
        self._engine, self._clock, self._margin = database.reads, clock, timedelta(seconds=margin)
        self.in_one_generation = database.in_one_generation
        self.wait = CaughtUp(database, log, wait, {StatementStore.name: StatementStore.topics}).wait

    async def through(self) -> datetime:
        """Every statement that was stored up to this moment, on any replica, can be read here."""
        async with self._engine.connect() as connection:
            found = await connection.scalars(_MARKS, {"projection": StatementStore.name})
            marks: Sequence[datetime | None] = found.all()
        known = [mark for mark in marks if mark is not None]
        if len(marks) != STATEMENTS.partitions or len(known) < len(marks):
            return datetime.fromtimestamp(0, self._clock().tzinfo)
        return min(min(known), self._clock()) - self._margin
