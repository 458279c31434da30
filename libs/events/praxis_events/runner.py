"""The one loop that serves every projection: fetch, decode, apply, checkpoint.

Guarantees: rows and the new position commit together, so each record takes effect exactly once however often it is
delivered and however many runners fight for its partition; one batch is in flight at a time; nothing is fetched while
the database is behind.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events import checkpoint, instruments, tracing
from praxis_events.checkpoint import CheckpointConflict
from praxis_events.clock import Clock
from praxis_events.dead_letters import DeadLetters
from praxis_events.lag import Lag
from praxis_events.log import EventLog, LogError, LogUnavailable, Positions, Record, Subscription, TopicPartition
from praxis_events.projection import PoisonRecord, Projection
from praxis_events.redaction import is_marker
from praxis_events.rejections import MAX_IN_A_ROW, Rejections
from praxis_events.upcasting import UnknownVersion
from praxis_events.watchdog import Watchdog

T = TypeVar("T")
Moves = Mapping[TopicPartition, tuple[int, int]]
"""By partition: where its checkpoint is, and where it goes."""

Items = Sequence[tuple[Record, T]]

logger = logging.getLogger(__name__)

TRANSIENT = (LogUnavailable, DBAPIError, ConnectionError, TimeoutError, OSError)
FAULTS_OF_THE_RECORD = (PoisonRecord, ValueError, LookupError, TypeError, ArithmeticError, RecursionError)
DATA_CLASSES = ("22", "23", "54")
"""SQLSTATE classes that a record can cause: data exception, integrity constraint violation, program limit exceeded."""


RECALL_PATIENCE = 10
"""Times the patience: no checkpoint tells whether the client that reads dead letters stands still."""


@dataclass(frozen=True, slots=True)
class Tuning:
    batch: int = 2_000
    idle_seconds: float = 0.5
    look_seconds: float = 1.0
    backoff_first: float = 0.1
    backoff_most: float = 15.0
    patience_seconds: float = 60.0
    """How long a checkpoint may stand still, though log and database answer, before a new client takes over."""


class Stopped(Exception):
    """The projection stops on a partition; the reason is persisted beside its checkpoint."""


class Runner(Generic[T]):
    """Runs one projection until ``stop``. Several may run the same one: the checkpoint decides who writes.

    ``group``: what the log's consumer group begins with; runners that write different tables must not share one.

    After too many bad records in a row a partition is stopped, on every runner and over restarts, until a person clears
    it (``checkpoint.clear``); the others go on. From there it goes in small steps until a record is applied, so that
    each clearing sets some of them aside. What was set aside once, in whichever generation, stops nothing any more.
    """

    def __init__(
        self,
        projection: Projection[T],
        log: EventLog,
        sessions: async_sessionmaker[AsyncSession],
        clock: Clock,
        tuning: Tuning | None = None,
        group: str = "praxis",
    ) -> None:
        self.projection = projection
        self._group = f"{group}.{projection.name}"
        self._log, self._sessions, self._clock = log, sessions, clock
        self._tuning = tuning or Tuning()
        self._dead_letters = DeadLetters(log, clock)
        self._stopping = asyncio.Event()
        self._positions: dict[TopicPartition, int] = {}
        self._ends: dict[TopicPartition, tuple[datetime, int]] = {}
        self._held_back: set[TopicPartition] = set()
        self._looked_at = self._asked_at = datetime.min.replace(tzinfo=UTC)
        self._careful: set[TopicPartition] = set()
        self._rejections = Rejections()
        self._recalled = False
        self._reported: set[TopicPartition] = set()
        self._lag = Lag(instruments.LAG_SECONDS.labels(projection.name), clock)
        self._watchdog = Watchdog(timedelta(seconds=self._tuning.patience_seconds), clock())
        self._watched_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.projection.name

    @property
    def topics(self) -> tuple[str, ...]:
        return self.projection.topics

    def stop(self) -> None:
        """Finish the batch in hand, then return from ``run``."""
        self._stopping.set()

    async def run(self) -> None:
        delay = self._tuning.backoff_first
        while not self._stopping.is_set():
            try:
                await self._recall()
                self._held_back = set()
                self._watched_at = None
                async with self._log.subscribe(self.projection.topics, self._group, self._locate) as reader:
                    while not (self._stopping.is_set() or await self._is_any_cleared()):
                        await self.step(reader)
                        delay = self._tuning.backoff_first
            except Stopped as stopped:
                logger.error("%s", stopped)
            except TRANSIENT as error:
                instruments.RETRIES.labels(self.projection.name).inc()
                logger.warning("%s waits %.1f s: %s", self.projection.name, delay, type(error).__name__)
                await self._sleep(delay)
                delay = min(delay * 2, self._tuning.backoff_most)

    async def step(self, reader: Subscription) -> int:
        """One fetch and its transaction; returns how many records were fetched."""
        most = MAX_IN_A_ROW if self._careful - self._held_back else self._tuning.batch
        batches = await reader.fetch(most, self._tuning.idle_seconds)
        records = [record for batch in batches.values() for record in batch]
        if records:
            with self._span(records):
                try:
                    await self._take(reader, batches)
                except CheckpointConflict:
                    instruments.CONFLICTS.labels(self.projection.name).inc()
                    await self._relocate(reader)
        await self._observe(reader)
        return len(records)

    async def retry(self, record: Record) -> None:
        """Apply a record that went to ``dead.letters``; the checkpoint stays. Twice does no harm: projections take what
        is delivered again.

        Raises ``LookupError`` when it was not yet read or the order of records matters, and whatever it fails with.
        """
        if self.projection.serial:
            raise LookupError(f"{self.name} takes records in order; send the event again under a new id")
        item = self.projection.decode(record)
        async with self._transaction() as session:
            read = await checkpoint.locate(session, self.name, [record.topic_partition])
            if read.get(record.topic_partition, 0) <= record.offset:
                raise LookupError(f"{self.name} has not yet read {record.topic}/{record.partition}@{record.offset}")
            if item is not None:
                await self.projection.apply(session, [item])

    def _span(self, records: Sequence[Record]) -> AbstractContextManager[tracing.Span]:
        """One for a batch, with links to where its records come from."""
        attributes: tracing.Attributes = {"praxis.projection": self.name, "messaging.batch.message_count": len(records)}
        links = tracing.origins(records)
        return tracing.span(f"process {self.name}", "consumer", links=links, attributes=attributes)

    # -- a batch ---------------------------------------------------------------------------------------------------

    async def _take(self, reader: Subscription, batches: Mapping[TopicPartition, list[Record]]) -> None:
        self._rejections.begin()
        decoded: list[tuple[Record, T]] = []
        moves: dict[TopicPartition, tuple[int, int]] = {}
        for partition, batch in batches.items():
            before = self._positions.get(partition)
            if before is None:
                continue
            items, after = self._decode(reader, partition, batch)
            decoded += items
            if after is not None:
                moves[partition] = (before, after)
        if moves:
            await self._commit(moves, decoded)
            self._positions.update({partition: after for partition, (_, after) in moves.items()})
            reader.follow({partition: after for partition, (_, after) in moves.items()})

    def _decode(
        self, reader: Subscription, partition: TopicPartition, batch: Sequence[Record]
    ) -> tuple[list[tuple[Record, T]], int | None]:
        items: list[tuple[Record, T]] = []
        after: int | None = None
        for record in batch:
            if is_marker(record):
                after = record.offset + 1
                continue
            try:
                item = self.projection.decode(record)
            except UnknownVersion as error:
                logger.error("%s pauses %s/%s: %s", self.projection.name, *partition, error)
                instruments.PAUSED.labels(self.projection.name, *partition).set(1)
                reader.seek(partition, record.offset)
                reader.pause(partition)
                break
            except FAULTS_OF_THE_RECORD as error:
                self._rejections.reject(record, error)
            else:
                if item is not None:
                    items.append((record, item))
            after = record.offset + 1
        return items, after

    async def _commit(self, moves: Moves, items: Items[T]) -> None:
        try:
            await self._write(moves, items)
        except Exception as error:
            if not items or not _is_fault_of_the_record(error):
                raise
            await self._write(moves, await self._healthy(moves, items, error))

    async def _write(self, moves: Moves, items: Items[T]) -> None:
        for record, _ in items:
            self._rejections.accept(record)
        for partition, (before, _) in moves.items():
            if error := self._rejections.too_many(partition):
                await self._stop(partition, before, error)
        async with self._transaction() as session:
            await checkpoint.advance(session, self.projection.name, moves)
            if items:
                await self.projection.apply(session, [item for _, item in items])
            rejected = list(self._rejections.rejected())
            for record, error in rejected:  # by the partition's owner only, and durable before the checkpoint
                await self._dead_letters.put(self.projection.name, record, _code(error))
        self._rejections.end()
        self._careful -= {record.topic_partition for record, _ in items}
        self._report(len(items), rejected)

    async def _healthy(self, moves: Moves, items: Items[T], error: Exception) -> Items[T]:
        """Try halves in transactions that are rolled back until each bad record stands alone; return the good ones.

        A record is judged on top of the healthy ones before it, as it would have been applied.
        """
        healthy: list[tuple[Record, T]] = []
        waiting: list[tuple[Items[T], Exception | None]] = [(items, error)]
        while waiting:
            part, known = waiting.pop()
            fault = known or await self._try(moves, [*healthy, *part])
            if fault is None:
                healthy += part
            elif len(part) == 1:
                await self._reject(moves, part[0][0], fault)
            else:
                middle = len(part) // 2
                waiting += [(part[middle:], None), (part[:middle], None)]
        return healthy

    async def _try(self, moves: Moves, items: Items[T]) -> Exception | None:
        async with self._sessions() as session, session.begin() as transaction:
            try:
                await self._fence(session)
                await checkpoint.advance(session, self.projection.name, moves)
                await self.projection.apply(session, [item for _, item in items])
                await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            except Exception as error:
                if not _is_fault_of_the_record(error):
                    raise
                return error
            finally:
                await transaction.rollback()
        return None

    async def _reject(self, moves: Moves, record: Record, error: Exception) -> None:
        partition = record.topic_partition
        self._rejections.reject(record, error)
        if last := self._rejections.too_many(partition, record.offset):
            await self._stop(partition, moves[partition][0], last)

    async def _stop(self, partition: TopicPartition, at: int, last: Exception) -> None:
        reason = f"{MAX_IN_A_ROW} records in a row could not be applied, the last for {_code(last)}"
        async with self._sessions.begin() as session:
            await checkpoint.stop(session, self.projection.name, partition, at, reason)
        self._rejections.stop(partition)
        self._careful.add(partition)
        instruments.STOPPED.labels(self.projection.name, *partition).set(1)
        raise Stopped(f"{self.projection.name} stopped on {partition.topic}/{partition.partition}: {reason}")

    def _report(self, applied: int, rejected: Sequence[tuple[Record, Exception]]) -> None:
        instruments.RECORDS.labels(self.projection.name).inc(applied)
        instruments.DEAD_LETTERS.labels(self.projection.name).inc(len(rejected))
        for record, error in rejected:
            where = (record.topic, record.partition, record.offset)
            logger.error("%s cannot take %s/%s@%s: %s", self.projection.name, *where, _code(error))

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        async with self._sessions.begin() as session:
            if self.projection.rebuildable:
                await session.execute(text("SET LOCAL synchronous_commit TO off"))
            await self._fence(session)
            yield session

    async def _fence(self, session: AsyncSession) -> None:
        """Wait for a rival that reads other topics: its rows are ours too, and must not be taken for a bad record."""
        if self.projection.serial:
            await checkpoint.lock_all(session, self.projection.name)

    async def _recall(self) -> None:
        if not self._recalled:
            async with asyncio.timeout(RECALL_PATIENCE * self._tuning.patience_seconds):
                letters = [each for each in await self._dead_letters.all() if each.projection == self.name]
            self._rejections = Rejections([(each.partition, each.offset) for each in letters])
            self._recalled = True

    # -- where we are ----------------------------------------------------------------------------------------------

    async def _locate(self, partitions: Collection[TopicPartition]) -> Positions:
        async with self._sessions.begin() as session:
            found = await checkpoint.locate(session, self.projection.name, partitions)
        self._positions = {p: o for p, o in self._positions.items() if p not in partitions} | dict(found)
        self._held_back = self._held_back - set(partitions) | {p for p in partitions if p not in found}
        self._careful |= self._held_back
        for partition in partitions:
            instruments.STOPPED.labels(self.projection.name, *partition).set(partition not in found)
        return found

    async def _is_any_cleared(self) -> bool:
        """Whether a person has cleared a partition that was stopped. Looks now and then."""
        now = self._clock()
        if not self._held_back or (now - self._asked_at).total_seconds() < self._tuning.look_seconds:
            return False
        self._asked_at = now
        async with self._sessions.begin() as session:
            return bool(await checkpoint.locate(session, self.projection.name, self._held_back))

    async def _relocate(self, reader: Subscription) -> None:
        partitions = reader.positions()
        found = await self._locate(partitions)
        for partition in partitions:
            if partition in found:
                reader.seek(partition, found[partition])
            else:  # another consumer stopped it
                reader.pause(partition)

    async def _observe(self, reader: Subscription) -> None:
        """Write down up to when the log is wholly applied: look where it ends, note the moment once there."""
        now = self._clock()
        positions = {p: at for p, at in reader.positions().items() if p in self._positions}
        if (now - self._looked_at).total_seconds() >= self._tuning.look_seconds:
            self._looked_at = now
            ends = await self._log.end_positions(self.projection.topics)
            self._refuse_lost_records(ends)
            self._ends = {p: self._ends.get(p, (now, ends[p])) for p in positions if p in ends}
            self._report_lag({p: ends[p] for p in self._ends})
            await self._watch(ends, now)
        reached = {p: seen for p, seen in self._ends.items() if positions.get(p, -1) >= seen[1]}
        oldest = min((at for p, (at, _) in self._ends.items() if p not in reached), default=now)
        self._lag.through(oldest)
        if not reached:
            return
        skipped = {p: (self._positions[p], positions[p]) for p in reached if positions[p] > self._positions[p]}
        try:
            async with self._sessions.begin() as session:
                await session.execute(text("SET LOCAL synchronous_commit TO off"))
                await checkpoint.lock(session, self.projection.name, reached)
                await checkpoint.advance(session, self.projection.name, skipped)
                for at in {at for at, _ in reached.values()}:
                    ends = {p: end for p, (seen, end) in reached.items() if seen == at}
                    await checkpoint.observe(session, self.projection.name, ends, at)
        except CheckpointConflict:
            await self._relocate(reader)
        else:
            self._positions.update({p: after for p, (_, after) in skipped.items()})
        for partition in reached:
            del self._ends[partition]

    async def _watch(self, ends: Positions, now: datetime) -> None:
        """Raises ``LogUnavailable``, so that a new client subscribes, when a partition stands still that should not."""
        if self._watched_at is None:  # a new client: the time that it took to join is not its own
            self._watchdog.begin(now)
        elif (now - self._watched_at).total_seconds() < self._tuning.patience_seconds / 6:
            return
        self._watched_at = now
        async with self._sessions() as session:
            rows = await checkpoint.checkpoints(session, self.name)
        marks = {
            where: (row.next_offset, row.read_through)
            for row in rows
            if row.stop_reason is None and (where := TopicPartition(row.topic, row.partition)) in ends
        }
        if still := self._watchdog.still(marks, now):
            logger.warning("%s reads nothing of %s", self.name, ", ".join(f"{t}/{p}" for t, p in sorted(still)))
            raise LogUnavailable("its client reads nothing")

    def _refuse_lost_records(self, ends: Positions) -> None:
        """Records appended from now on would be taken for applied ones: a person must look."""
        for partition, end in ends.items():
            if end < self._positions.get(partition, 0):
                raise LogError(f"{partition.topic}/{partition.partition} ends at {end}, before what was applied of it")

    def _report_lag(self, ends: Positions) -> None:
        """Of the partitions that are ours; what went to another consumer is reported there."""
        for partition in self._reported - ends.keys():
            instruments.LAG.remove(self.projection.name, *map(str, partition))
        for partition, end in ends.items():
            behind = max(0, end - self._positions[partition])
            instruments.LAG.labels(self.projection.name, *partition).set(behind)
        self._reported = set(ends)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


def _code(error: Exception) -> str:
    return error.code if isinstance(error, PoisonRecord) else type(error).__name__


def _is_fault_of_the_record(error: Exception) -> bool:
    if isinstance(error, CheckpointConflict):
        return False
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return state[:2] in DATA_CLASSES or isinstance(getattr(error.orig, "__cause__", None), ValueError)
    return isinstance(error, FAULTS_OF_THE_RECORD)
