"""``PostgresLog``: the log on one machine, in the PostgreSQL that also holds the read models.

Offsets are commit-ordered within a partition: a writer holds the partition's head row until its transaction ends, so a
reader never sees a later record before an earlier one. ``LISTEN``/``NOTIFY`` wakes readers; a poll stands behind it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Self

import asyncpg
from sqlalchemy import make_url

from praxis_events.log import (
    Locate,
    LogError,
    LogUnavailable,
    NewRecord,
    Position,
    RecordTooLarge,
    Subscription,
    Topic,
    TopicPartition,
    record_size,
)
from praxis_events.postgres_log_schema import SCHEMA
from praxis_events.postgres_subscription import PostgresSubscription, Wake
from praxis_events.postgres_writer import UNAVAILABLE, GroupCommit


class PostgresLog:
    """``append_timeout`` in seconds. Every subscription reads all partitions; checkpoints settle who writes."""

    def __init__(self, pool: asyncpg.Pool, append_timeout: float) -> None:
        self._pool, self._timeout = pool, append_timeout
        self._writer = GroupCommit(pool, append_timeout)
        self._wake = Wake(pool)
        self._limits: dict[str, int] = {}

    @classmethod
    async def open(cls, url: str, append_timeout: float = 5.0) -> Self:
        """``url`` as SQLAlchemy writes it. Makes the schema ``log`` when it is missing. Raises ``LogUnavailable``."""
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            pool = await asyncpg.create_pool(
                dsn, min_size=0, max_size=8, command_timeout=append_timeout, server_settings=_SESSION
            )
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock(hashtext('praxis log schema'))")
                await connection.execute(SCHEMA)
        except UNAVAILABLE as error:
            raise LogUnavailable("the log's database cannot be reached") from error
        return cls(pool, append_timeout)

    async def ensure_topics(self, topics: Iterable[Topic]) -> None:
        for topic in topics:
            try:
                found = await self._pool.fetchval(
                    "SELECT log.ensure_topic($1, $2, $3)", topic.name, topic.partitions, topic.max_record_bytes
                )
            except UNAVAILABLE as error:
                raise LogUnavailable("the log's database does not answer") from error
            if found != topic.partitions:
                raise LogError(f"the topic {topic.name} has {found} partitions, not {topic.partitions}")
            self._limits[topic.name] = topic.max_record_bytes

    async def append(self, records: Sequence[NewRecord]) -> list[Position]:
        await self._check_sizes(records)
        return await self._writer.append(records) if records else []

    def subscribe(self, topics: Collection[str], group: str, locate: Locate) -> Subscription:  # noqa: ARG002
        return PostgresSubscription(self._pool, topics, locate, self._wake)

    async def end_positions(self, topics: Collection[str]) -> dict[TopicPartition, int]:
        try:
            rows = await self._pool.fetch(
                "SELECT topic, partition, next_offset FROM log.heads WHERE topic = ANY($1)", list(topics)
            )
        except UNAVAILABLE as error:
            raise LogUnavailable("the log's database does not answer") from error
        return {TopicPartition(row[0], row[1]): row[2] for row in rows}

    async def close(self) -> None:
        await self._writer.close()
        await self._wake.close()
        await self._pool.close()

    async def _check_sizes(self, records: Sequence[NewRecord]) -> None:
        for index, record in enumerate(records):
            limit = self._limits.get(record.topic) or await self._limit(record.topic)
            if (size := record_size(record)) > limit:
                raise RecordTooLarge(index, size, limit)

    async def _limit(self, topic: str) -> int:
        try:
            limit = await self._pool.fetchval("SELECT max_record_bytes FROM log.topics WHERE topic = $1", topic)
        except UNAVAILABLE as error:
            raise LogUnavailable("the log's database does not answer") from error
        if limit is None:
            raise LogError(f"there is no topic {topic}")
        self._limits[topic] = int(limit)
        return int(limit)


_SESSION = {"application_name": "praxis log", "jit": "off", "synchronous_commit": "on"}
