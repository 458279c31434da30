"""Group commit: while one transaction is on its way to the disk, appends gather; then they share the next one."""

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import asyncpg
import msgspec

from praxis_events.log import LogError, LogUnavailable, NewRecord, Position, record_size
from praxis_events.postgres_connection import log_errors, session_settings

BATCH_RECORDS = 1_000
BATCH_BYTES = 4_000_000
"""A transaction takes whole appends until it reaches either; beyond, larger ones are no faster (ADR 3)."""

WAITING_BYTES = 64_000_000
"""Appends that would make more than this wait are held back at the door."""

# One statement is one round trip and one transaction. Locking the heads in one order keeps writers from dead-locking,
# and holding them until commit makes offsets commit-ordered: no reader sees offset n + 1 before n.
_APPEND = """
WITH locked AS MATERIALIZED (SELECT id FROM log.heads WHERE id = ANY ($1::int2[]) ORDER BY id FOR UPDATE),
claimed AS (
    UPDATE log.heads AS h SET next_offset = h.next_offset + w.many
    FROM unnest($1::int2[], $2::int8[]) AS w(head, many) JOIN locked ON locked.id = w.head
    WHERE h.id = w.head
    RETURNING h.id, h.topic, h.next_offset - w.many AS first
),
stored AS (
    INSERT INTO log.records (head, "offset", appended_ms, key, headers, value)
    SELECT r.head, c.first + r.nth, floor(extract(epoch FROM clock_timestamp()) * 1000), r.key, r.headers, r.value
    FROM unnest($3::int2[], $4::int8[], $5::bytea[], $6::bytea[], $7::bytea[]) AS r(head, nth, key, headers, value)
    JOIN claimed AS c ON c.id = r.head
)
SELECT id, first, pg_notify($8, topic) FROM claimed
"""

_encode = msgspec.msgpack.Encoder().encode


class Append(NamedTuple):
    """One call's records with the heads they go to, and who waits for their positions."""

    records: Sequence[NewRecord]
    heads: Sequence[int]
    size: int
    positions: "asyncio.Future[list[Position]]"


class Writer:
    """One task and one connection for all appends of a process."""

    def __init__(self, dsn: str, channel: str, timeout: float) -> None:
        self._dsn, self._channel, self._timeout = dsn, channel, timeout
        self._waiting: deque[Append] = deque()
        self._waiting_bytes = 0
        self._work, self._room = asyncio.Event(), asyncio.Event()
        self._connection: asyncpg.Connection | None = None
        self._task = asyncio.create_task(self._run(), name="log-writer")

    async def append(self, records: Sequence[NewRecord], heads: Sequence[int]) -> list[Position]:
        """Raises ``LogUnavailable`` when not committed in time; what has not been sent by then never is."""
        size = sum(record_size(record) for record in records)
        try:
            async with asyncio.timeout(self._timeout):
                while self._waiting and self._waiting_bytes + size > WAITING_BYTES:
                    self._room.clear()
                    await self._room.wait()
                return await self._enqueue(records, heads, size)
        except TimeoutError:
            raise LogUnavailable(f"not appended within {self._timeout} s") from None

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._drop_connection()
        for each in self._waiting:
            _fail(each, LogUnavailable("the log is closed"))

    def _enqueue(
        self, records: Sequence[NewRecord], heads: Sequence[int], size: int
    ) -> "asyncio.Future[list[Position]]":
        if self._task.done():
            raise LogUnavailable("the log is closed")
        append = Append(records, heads, size, asyncio.get_running_loop().create_future())
        self._waiting.append(append)
        self._waiting_bytes += size
        self._work.set()
        return append.positions

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            batch = self._take()
            try:
                with log_errors():
                    async with asyncio.timeout(self._timeout):
                        await self._write(batch)
            except LogError as error:
                self._drop_connection()
                for each in batch:
                    _fail(each, error)
            except asyncio.CancelledError:
                for each in batch:
                    _fail(each, LogUnavailable("the log was closed meanwhile"))
                raise

    def _take(self) -> list[Append]:
        batch: list[Append] = []
        records = size = 0
        while self._waiting and records < BATCH_RECORDS and size < BATCH_BYTES:
            append = self._waiting.popleft()
            self._waiting_bytes -= append.size
            if not append.positions.done():  # else its caller has given up
                batch.append(append)
                records, size = records + len(append.records), size + append.size
        self._room.set()
        if not self._waiting:
            self._work.clear()
        return batch

    async def _write(self, batch: Sequence[Append]) -> None:
        if not batch:
            return
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._dsn, **session_settings(self._timeout))
        many: Counter[int] = Counter()
        rows: list[tuple[int, int, bytes, bytes, bytes]] = []
        for append in batch:
            for record, head in zip(append.records, append.heads, strict=True):
                rows.append((head, many[head], record.key, _encode(record.headers), record.value))
                many[head] += 1
        columns: Any = list(zip(*rows, strict=True))
        claimed = await self._connection.fetch(_APPEND, list(many), list(many.values()), *columns, self._channel)
        _acknowledge(batch, {row["id"]: row["first"] for row in claimed})

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


def _acknowledge(batch: Sequence[Append], first: Mapping[int, int]) -> None:
    next_offset = dict(first)
    for append in batch:
        positions = []
        for record, head in zip(append.records, append.heads, strict=True):
            positions.append(Position(record.topic, record.partition, next_offset[head]))
            next_offset[head] += 1
        if not append.positions.done():
            append.positions.set_result(positions)


def _fail(append: Append, error: LogError) -> None:
    if not append.positions.done():
        append.positions.set_exception(error)
