"""Reading from ``PostgresLog``: all partitions of some topics, woken by NOTIFY."""

import asyncio
from collections.abc import Collection, Iterable
from types import TracebackType
from typing import Any, Self

import asyncpg
import msgspec

from praxis_events.log import Headers, Locate, LogUnavailable, Positions, Record, TopicPartition
from praxis_events.postgres_writer import UNAVAILABLE

POLL_SECONDS = 1.0
"""How late a reader may notice an append when its notification was lost with a connection."""

_headers = msgspec.msgpack.Decoder(Headers)
_HEADS = "SELECT topic, partition, next_offset FROM log.heads WHERE topic = ANY($1)"
_RECORDS = """
    SELECT r.topic, r.partition, r."offset", r.key, r.value, r.headers, r.appended_ms
    FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS p(topic, partition, at)
    CROSS JOIN LATERAL (
        SELECT * FROM log.records r
        WHERE r.topic = p.topic AND r.partition = p.partition AND r."offset" >= p.at
        ORDER BY r."offset" LIMIT $4
    ) AS r
"""


class Wake:
    """One listening connection for all readers of a process; made again when it breaks."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._connection: Any = None
        self._appended = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return after an append, or after ``seconds``."""
        await self._listen()
        try:
            await asyncio.wait_for(self._appended.wait(), seconds)
        except TimeoutError:
            return

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            await self._pool.release(self._connection)

    async def _listen(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            return
        self._connection = await self._pool.acquire()
        await self._connection.add_listener("praxis_log", self._notified)

    def _notified(self, *_: object) -> None:
        waiters, self._appended = self._appended, asyncio.Event()
        waiters.set()


class PostgresSubscription:
    def __init__(self, pool: asyncpg.Pool, topics: Collection[str], locate: Locate, wake: Wake) -> None:
        self._pool, self._topics, self._locate, self._wake = pool, list(topics), locate, wake
        self._positions: dict[TopicPartition, int] | None = None
        self._paused: set[TopicPartition] = set()

    async def fetch(self, max_records: int, timeout: float) -> dict[TopicPartition, list[Record]]:
        deadline = asyncio.get_running_loop().time() + timeout
        try:
            while True:
                found = await self._read(max_records)
                left = deadline - asyncio.get_running_loop().time()
                if found or left <= 0:
                    return found
                await self._wake.wait(min(left, POLL_SECONDS))
        except UNAVAILABLE as error:
            raise LogUnavailable(f"the log's database failed: {type(error).__name__}") from error

    def positions(self) -> Positions:
        return dict(self._positions or {})

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if self._positions is not None and partition in self._positions:
            self._positions[partition] = offset

    def pause(self, partition: TopicPartition) -> None:
        self._paused.add(partition)

    def resume(self, partition: TopicPartition) -> None:
        self._paused.discard(partition)

    def follow(self, positions: Positions) -> None:
        """Nothing to tell: lag tools read the checkpoints."""

    async def close(self) -> None:
        """Nothing is held between fetches."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _read(self, max_records: int) -> dict[TopicPartition, list[Record]]:
        heads = {TopicPartition(row[0], row[1]): row[2] for row in await self._pool.fetch(_HEADS, self._topics)}
        if self._positions is None:
            self._positions = dict(await self._locate(frozenset(heads)))
        behind = [p for p, at in self._positions.items() if heads[p] > at and p not in self._paused]
        if not behind:
            return {}
        share = max(1, max_records // len(behind))
        return self._deliver(await self._records(behind, share), behind, heads, share)

    async def _records(self, behind: list[TopicPartition], share: int) -> list[asyncpg.Record]:
        positions = self.positions()
        rows: list[asyncpg.Record] = await self._pool.fetch(
            _RECORDS, [p.topic for p in behind], [p.partition for p in behind], [positions[p] for p in behind], share
        )
        return rows

    def _deliver(
        self, rows: Iterable[asyncpg.Record], behind: list[TopicPartition], heads: Positions, share: int
    ) -> dict[TopicPartition, list[Record]]:
        """The records by partition; positions move past them, and past gaps up to the heads that were read before."""
        found: dict[TopicPartition, list[Record]] = {}
        for row in rows:
            record = Record(row[0], row[1], row[2], row[3], row[4], _headers.decode(row[5]), row[6])
            found.setdefault(record.topic_partition, []).append(record)
        for partition in behind:
            records = found.get(partition, [])
            after = records[-1].offset + 1 if records else 0
            self.seek(partition, after if len(records) == share else max(after, heads[partition]))
        return found
