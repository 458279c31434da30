"""``EventLog`` on PostgreSQL: the default on one machine (ADR 3).

Offsets are commit-ordered within a partition, concurrent appends share a transaction, readers wake by LISTEN/NOTIFY.
It needs sessions of its own: not a pooler that hands a session from one transaction to the next.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg

from praxis_events import postgres_disk, postgres_schema
from praxis_events.appends import observed
from praxis_events.log import (
    Locate,
    LogError,
    NewRecord,
    Position,
    RecordTooLarge,
    Subscription,
    Topic,
    TopicPartition,
    record_size,
)
from praxis_events.postgres_connection import dsn, log_errors, session_settings
from praxis_events.postgres_listener import Listener
from praxis_events.postgres_schema import Catalogue
from praxis_events.postgres_subscription import PostgresSubscription
from praxis_events.postgres_writer import Writer

READERS = 4
"""Connections that all subscriptions of a process share; each is held for one query."""

# Statistics lag behind a table that grows from nothing; the primary key is the right way in from the first row on.
_BY_KEY = {"enable_seqscan": "off", "enable_bitmapscan": "off"}

# A redaction appends the key of the record that it replaces: the last record of a key is the one to keep.
_COMPACT = """
WITH latest AS (
    SELECT head, key, max("offset") AS "offset" FROM log.records
    WHERE head = ANY ($1::int2[]) GROUP BY head, key HAVING count(*) > 1
)
DELETE FROM log.records AS r USING latest AS l
WHERE r.head = l.head AND r.key = l.key AND r."offset" < l."offset"
"""

_ENDS = "SELECT topic, partition, next_offset FROM log.heads WHERE topic = ANY ($1)"


class PostgresLog:
    """See ``EventLog``. ``append_timeout`` (seconds) bounds every append, read and connection attempt."""

    def __init__(self, address: str, append_timeout: float, pool: asyncpg.Pool) -> None:
        self._dsn, self._timeout, self._pool = address, append_timeout, pool
        self._catalogue = Catalogue()
        self._writer = Writer(address, postgres_schema.CHANNEL, append_timeout)
        self._listener = Listener(address, postgres_schema.CHANNEL, append_timeout, self._wake)
        self._subscriptions: set[PostgresSubscription] = set()

    @classmethod
    async def open(cls, url: str, append_timeout: float = 5.0) -> Self:
        """``url`` is SQLAlchemy's; the schema ``log`` is made when missing. Raises ``LogUnavailable``."""
        address = dsn(url)
        settings = session_settings(append_timeout, **_BY_KEY)
        pool = asyncpg.create_pool(address, min_size=0, max_size=READERS, reset=_nothing_to_reset, **settings)
        await pool
        log = cls(address, append_timeout, pool)
        try:
            await log.ensure_topics([])
        except BaseException:
            await log.close()
            raise
        return log

    async def ensure_topics(self, topics: Iterable[Topic]) -> None:
        with log_errors():
            connection = await asyncpg.connect(self._dsn, **session_settings(self._timeout))
            try:
                await postgres_schema.create(connection, topics)
                await self._catalogue.read(connection)
            finally:
                connection.terminate()

    @observed
    async def append(self, records: Sequence[NewRecord]) -> list[Position]:
        if not records:
            return []
        heads = await self._heads(records)
        for index, record in enumerate(records):
            size, limit = record_size(record), self._catalogue.limits[record.topic]
            if size > limit:
                raise RecordTooLarge(index, size, limit)
        return await self._writer.append(records, heads)

    def subscribe(self, topics: Collection[str], group: str, locate: Locate) -> Subscription:  # noqa: ARG002
        """All readers of a ``group`` read every partition; their checkpoint keeps them from writing twice."""
        subscription = PostgresSubscription(self, topics, locate)
        self._subscriptions.add(subscription)
        return subscription

    async def end_positions(self, topics: Collection[str]) -> dict[TopicPartition, int]:
        wanted = await self.partitions(topics)
        rows = await self.query(_ENDS, list(set(topics)))
        return {each: end for topic, partition, end in rows if (each := TopicPartition(topic, partition)) in wanted}

    async def compact(self, replaced: Collection[Position], tell: Callable[[int], None] = lambda _: None) -> None:
        """Also rewrites the whole table: meanwhile nothing can be appended or read."""
        heads = await self.partitions({each.topic for each in replaced})
        concerned = {heads[TopicPartition(each.topic, each.partition)] for each in replaced}
        with log_errors():
            connection = await asyncpg.connect(self._dsn, **session_settings(self._timeout, statement_timeout="0"))
            try:
                await connection.execute(_COMPACT, sorted(concerned))
                if "log.records" in await postgres_disk.release(connection, "log.records"):
                    raise LogError("the user of the database may not rewrite log.records, only its owner may")
            finally:
                connection.terminate()
        tell(len(replaced))

    async def close(self) -> None:
        await self._listener.close()
        await self._writer.close()
        self._pool.terminate()

    # -- what subscriptions need -----------------------------------------------------------------------------------

    async def partitions(self, topics: Collection[str]) -> Mapping[TopicPartition, int]:
        """The partitions of ``topics`` with their heads' numbers. Raises ``LogError`` for an unknown topic."""
        if not self._catalogue.limits.keys() >= set(topics):
            await self._read_catalogue()
        return self._catalogue.partitions(topics)

    async def query(self, statement: str, *arguments: object) -> list[Any]:
        async with self._reading() as connection:
            return list(await connection.fetch(statement, *arguments))

    def forget(self, subscription: PostgresSubscription) -> None:
        self._subscriptions.discard(subscription)

    def _wake(self, topic: str | None) -> None:
        for subscription in self._subscriptions:
            if topic is None or topic in subscription.topics:
                subscription.wake()

    async def _heads(self, records: Sequence[NewRecord]) -> list[int]:
        if not self._catalogue.knows(records):
            await self._read_catalogue()
        return self._catalogue.heads_of(records)

    async def _read_catalogue(self) -> None:
        async with self._reading() as connection:
            await self._catalogue.read(connection)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that is thrown away after any failure: the pool would wait for a server that hangs."""
        with log_errors():
            async with asyncio.timeout(self._timeout):
                connection = await self._pool.acquire()
                try:
                    yield connection
                except BaseException:
                    connection.terminate()
                    raise
                finally:
                    await self._pool.release(connection)


async def _nothing_to_reset(connection: asyncpg.Connection) -> None:
    """Readers run single statements and leave nothing behind: spare them a round trip a query."""
