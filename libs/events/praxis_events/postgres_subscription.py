"""Reading ``PostgresLog``: a query when there may be something new, and otherwise next to nothing."""

import asyncio
from collections.abc import Collection, Mapping
from time import monotonic
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec

from praxis_events.log import Locate, Positions, Record, TopicPartition

POLL_SECONDS = 1.0
"""How long a lost notification can delay a reader."""

FETCH_BYTES = 32_000_000
"""A fetch stops after so many bytes of values, shared by the partitions it reads; at least one record of each."""

# One statement is one snapshot: a partition without a row at or after its position, but with its head beyond, has a
# gap up to that head.
_FETCH = """
WITH behind AS MATERIALIZED (
    SELECT w.*, count(*) OVER () AS many FROM (
        SELECT p.head, p.position, h.next_offset
        FROM unnest($1::int2[], $2::int8[]) WITH ORDINALITY AS p(head, position, nth)
        JOIN log.heads AS h ON h.id = p.head AND h.next_offset > p.position
        ORDER BY p.nth LIMIT $3::int8
    ) AS w
)
SELECT b.head, b.next_offset, r."offset", r.appended_ms, r.key, r.headers, r.value
FROM behind AS b LEFT JOIN LATERAL (
    SELECT s.*, coalesce(sum(octet_length(s.value)) OVER before, 0) AS bytes_before
    FROM (
        SELECT * FROM log.records AS r WHERE r.head = b.head AND r."offset" >= b.position
        ORDER BY r."offset" LIMIT $3::int8 / b.many
    ) AS s
    WINDOW before AS (ORDER BY s."offset" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
) AS r ON r.bytes_before < $4::int8 / b.many
"""

_headers = msgspec.msgpack.Decoder(tuple[tuple[str, bytes], ...]).decode


class Source(Protocol):
    """What a subscription needs of its log. Both calls raise ``LogUnavailable`` or ``LogError``."""

    async def partitions(self, topics: Collection[str]) -> Mapping[TopicPartition, int]: ...

    async def query(self, statement: str, *arguments: object) -> list[Any]: ...

    def forget(self, subscription: "PostgresSubscription") -> None: ...


class PostgresSubscription:
    """Every subscription reads every partition: the checkpoint decides who may write (see ``Subscription``)."""

    def __init__(self, source: Source, topics: Collection[str], locate: Locate) -> None:
        self._source, self.topics, self._locate = source, frozenset(topics), locate
        self._partitions: dict[int, TopicPartition] = {}
        self._heads: dict[TopicPartition, int] = {}
        self._assigned = False
        self._positions: dict[int, int] = {}
        self._paused: set[TopicPartition] = set()
        self._news = asyncio.Event()
        self._look_again_at = 0.0

    def wake(self) -> None:
        """There may be something to read."""
        self._news.set()

    async def fetch(self, max_records: int, timeout: float) -> dict[TopicPartition, list[Record]]:
        until = monotonic() + timeout
        if not self._assigned:
            await self._assign()
        while True:
            found = await self._fetch(max_records) if self._news.is_set() or monotonic() >= self._look_again_at else {}
            left = until - monotonic()
            if found or left <= 0:
                return found
            await self._rest(min(left, max(0.0, self._look_again_at - monotonic())))

    def positions(self) -> Positions:
        return {self._partitions[head]: position for head, position in self._positions.items()}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        head = self._heads.get(partition)
        if head is not None:
            self._positions[head] = offset
            self._news.set()

    def pause(self, partition: TopicPartition) -> None:
        self._paused.add(partition)

    def resume(self, partition: TopicPartition) -> None:
        self._paused.discard(partition)
        self._news.set()

    def follow(self, positions: Positions) -> None:
        """Nothing to tell: lag is read from the checkpoints."""

    async def close(self) -> None:
        self._source.forget(self)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _assign(self) -> None:
        heads = await self._source.partitions(self.topics)
        located = await self._locate(list(heads))
        self._heads = {each: heads[each] for each in located}
        self._partitions = {head: each for each, head in self._heads.items()}
        self._positions = {heads[each]: offset for each, offset in located.items()}
        self._assigned = True
        self._news.set()

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def _fetch(self, max_records: int) -> dict[TopicPartition, list[Record]]:
        wanted = {head: at for head, at in self._positions.items() if self._partitions[head] not in self._paused}
        self._news.clear()
        self._look_again_at = monotonic() + POLL_SECONDS
        if not wanted:
            return {}
        try:
            rows = await self._source.query(_FETCH, list(wanted), list(wanted.values()), max_records, FETCH_BYTES)
        except BaseException:
            self._news.set()
            raise
        found: dict[TopicPartition, list[Record]] = {}
        for head, next_offset, offset, *rest in rows:
            if offset is None:
                self._move(head, next_offset)
            else:
                found.setdefault(self._partitions[head], []).append(self._record(head, offset, *rest))
        for partition, records in found.items():
            records.sort(key=lambda record: record.offset)
            self._move(self._heads[partition], records[-1].offset + 1)
        if rows:
            self._news.set()  # there may be more, until a query finds nothing
        return found

    def _record(self, head: int, offset: int, appended_ms: int, key: bytes, headers: bytes, value: bytes) -> Record:
        topic, partition = self._partitions[head]
        return Record(topic, partition, offset, key, value, _headers(headers), appended_ms)

    def _move(self, head: int, position: int) -> None:
        """Also lets the others go first next time."""
        del self._positions[head]
        self._positions[head] = position
