"""The tables of ``PostgresLog``: what topics there are, where each partition ends, and the records."""

from collections.abc import Iterable

import asyncpg

from praxis_events.log import LogError, NewRecord, Topic, TopicPartition

CHANNEL = "praxis_log"
"""Where writers notify; the payload is the topic."""

_LOCK = 7_203_771
"""An advisory lock of our own: processes that start together make the schema one after another."""

# A head's row is rewritten by every append, so its page keeps room for new versions and needs no vacuum.
# lz4 is cheaper than the default compression of large values, but not every build has it.
_TABLES = """
CREATE SCHEMA IF NOT EXISTS log;
CREATE TABLE IF NOT EXISTS log.topics (
    topic text PRIMARY KEY, partitions integer NOT NULL, max_record_bytes integer NOT NULL
);
CREATE TABLE IF NOT EXISTS log.heads (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL REFERENCES log.topics, partition integer NOT NULL, next_offset bigint NOT NULL DEFAULT 0,
    UNIQUE (topic, partition)
) WITH (fillfactor = 10);
CREATE TABLE IF NOT EXISTS log.records (
    head smallint NOT NULL, "offset" bigint NOT NULL, appended_ms bigint NOT NULL,
    key bytea NOT NULL, headers bytea NOT NULL, value bytea NOT NULL,
    PRIMARY KEY (head, "offset")
);
DO $$ BEGIN
    IF 'lz4' = ANY ((SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression')::text[]) THEN
        ALTER TABLE log.records ALTER value SET COMPRESSION lz4;
    END IF;
END $$;
"""

_HEADS = "INSERT INTO log.heads (topic, partition) SELECT $1, generate_series(0, $2 - 1) ON CONFLICT DO NOTHING"


class Catalogue:
    """The topics and partitions of the log, as last read."""

    def __init__(self) -> None:
        self._heads: dict[tuple[str, int], int] = {}
        self.limits: dict[str, int] = {}
        """``max_record_bytes`` by topic."""

    async def read(self, connection: asyncpg.Connection) -> None:
        heads = await connection.fetch("SELECT topic, partition, id FROM log.heads")
        limits = await connection.fetch("SELECT topic, max_record_bytes FROM log.topics")
        self._heads = {(topic, partition): head for topic, partition, head in heads}
        self.limits = dict(limits)

    def knows(self, records: Iterable[NewRecord]) -> bool:
        return all((record.topic, record.partition) in self._heads for record in records)

    def heads_of(self, records: Iterable[NewRecord]) -> list[int]:
        """Where each record goes, by the number that rows carry. Raises ``LogError`` for an unknown partition."""
        try:
            return [self._heads[record.topic, record.partition] for record in records]
        except KeyError as unknown:
            raise LogError(f"the log has no partition {unknown.args[0]}") from None

    def partitions(self, topics: Iterable[str]) -> dict[TopicPartition, int]:
        """The partitions of ``topics`` with their numbers. Raises ``LogError`` for an unknown topic."""
        wanted = set(topics)
        if unknown := wanted - self.limits.keys():
            raise LogError(f"the log has no topic {', '.join(sorted(unknown))}")
        return {TopicPartition(*each): head for each, head in self._heads.items() if each[0] in wanted}


async def create(connection: asyncpg.Connection, topics: Iterable[Topic] = ()) -> None:
    """Create what is missing. Raises ``LogError`` when a topic exists with another number of partitions."""
    async with connection.transaction():
        await connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        if not await connection.fetchval("SELECT to_regclass('log.records') IS NOT NULL"):
            await connection.execute(_TABLES)
        for topic in topics:
            await _create_topic(connection, topic)


async def _create_topic(connection: asyncpg.Connection, topic: Topic) -> None:
    found = await connection.fetchval("SELECT partitions FROM log.topics WHERE topic = $1", topic.name)
    if found not in (None, topic.partitions):
        raise LogError(f"the topic {topic.name} exists with {found} partitions, not {topic.partitions}")
    await connection.execute(
        "INSERT INTO log.topics VALUES ($1, $2, $3) "
        "ON CONFLICT (topic) DO UPDATE SET max_record_bytes = excluded.max_record_bytes",
        topic.name, topic.partitions, topic.max_record_bytes,
    )  # fmt: skip
    await connection.execute(_HEADS, topic.name, topic.partitions)
