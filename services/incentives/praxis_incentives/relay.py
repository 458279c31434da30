"""Carries the ledger onto the log: every row, in order, at least once; consumers drop what they know by its id."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_events import tracing
from praxis_events.clock import Clock, system_clock
from praxis_events.envelope import Event
from praxis_events.lag import Lag
from praxis_events.log import EventLog, LogUnavailable, NewRecord, Position
from praxis_events.topics import DECISIONS
from praxis_incentives import instruments

logger = logging.getLogger(__name__)

SOURCE = "/incentives/decisions"
TRANSIENT = (LogUnavailable, DBAPIError, OSError, TimeoutError)

_ONE_AT_A_TIME = text(
    "SELECT pg_try_advisory_xact_lock(hashtext('praxis incentives relay'), hashtext(current_schema()))"
)
_WAITING = text(
    "SELECT l.ledger_index, l.decision, l.outcome, l.decided_at, l.body, o.traceparent FROM outbox o JOIN ledger l "
    "USING (ledger_index) WHERE o.log_offset IS NULL ORDER BY ledger_index LIMIT :rows"
)
_HOW_MANY_WAIT = text("SELECT count(*) FROM outbox WHERE log_offset IS NULL")
_ACKNOWLEDGED = text("UPDATE outbox SET log_offset = :log_offset WHERE ledger_index = :ledger_index")


@dataclass(frozen=True, slots=True)
class RelayTuning:
    batch: int = 200
    idle_seconds: float = 0.25
    backoff_first: float = 0.1
    backoff_most: float = 15.0


class Relay:
    """A worker. Several may run: an advisory lock lets one at a time append, so the order is the ledger's."""

    def __init__(
        self, log: EventLog, engine: AsyncEngine, tuning: RelayTuning | None = None, clock: Clock = system_clock
    ) -> None:
        self._log, self._engine, self._tuning, self._clock = log, engine, tuning or RelayTuning(), clock
        self._lag = Lag(instruments.LAG_SECONDS, clock)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Finish the batch in hand, then return from ``run``."""
        self._stopping.set()

    async def run(self) -> None:
        delay = self._tuning.backoff_first
        while not self._stopping.is_set():
            try:
                sent = await self.step()
            except TRANSIENT as error:
                instruments.RETRIES.inc()
                logger.warning("the relay waits %.1f s: %s", delay, type(error).__name__)
                await self._sleep(delay)
                delay = min(delay * 2, self._tuning.backoff_most)
            else:
                delay = self._tuning.backoff_first
                if not sent:
                    await self._sleep(self._tuning.idle_seconds)

    async def drain(self) -> None:
        """Until every row is acknowledged, by this relay or by another."""
        while await self.waiting():
            try:
                if await self.step():
                    continue
            except TRANSIENT as error:
                logger.warning("draining the outbox waits: %s", type(error).__name__)
            await self._sleep(self._tuning.idle_seconds)

    async def waiting(self) -> int:
        """Rows that are not known to be on the log."""
        async with self._engine.connect() as connection:
            return int(await connection.scalar(_HOW_MANY_WAIT) or 0)

    async def step(self) -> int:
        """Append the next rows and mark them once acknowledged; how many. 0 also while another relay is at work."""
        async with self._engine.begin() as connection:
            asked_at = self._clock()
            if not await connection.scalar(_ONE_AT_A_TIME):
                self._lag.through(asked_at)  # the other one's lag counts
                return 0
            rows = (await connection.execute(_WAITING, {"rows": self._tuning.batch})).all()
            if rows:
                positions = await self._append(rows)
                marks = [
                    {"ledger_index": row.ledger_index, "log_offset": position.offset}
                    for row, position in zip(rows, positions, strict=True)
                ]
                await connection.execute(_ACKNOWLEDGED, marks)
        instruments.RELAYED.inc(len(rows))
        self._lag.through(asked_at if len(rows) < self._tuning.batch else rows[-1].decided_at)
        return len(rows)

    async def _append(self, rows: Sequence[Row[Any]]) -> list[Position]:
        """In a trace of its own, linked to those of the decisions."""
        origins = dict.fromkeys(row.traceparent for row in rows if row.traceparent is not None)
        links = list(origins)[: tracing.MAX_LINKS]
        with tracing.span("relay decisions", links=links, attributes={"messaging.batch.message_count": len(rows)}):
            return await self._log.append([decision_record(row) for row in rows])

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


def decision_record(row: Row[Any]) -> NewRecord:
    """A ledger row as a record: its data are the ledger's bytes, so anybody can hash the leaf again."""
    event = Event(
        id=str(row.decision),
        source=SOURCE,
        type=f"praxis.recognition.{row.outcome}.v1",
        data=bytes(row.body),
        time=row.decided_at,
        traceparent=row.traceparent,
    )
    return event.to_record(DECISIONS.name)
