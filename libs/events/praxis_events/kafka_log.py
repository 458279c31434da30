"""``KafkaLog``: the log in production, on Apache Kafka 4 or later by aiokafka.

The consumer group only assigns partitions; where to resume comes from the projections' checkpoints. Group offsets
follow for lag tools and are never read back.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from praxis_events import kafka_compaction
from praxis_events.appends import observed
from praxis_events.kafka_closing import discard_consumer
from praxis_events.kafka_outages import OUTAGES
from praxis_events.kafka_subscription import KafkaSubscription
from praxis_events.kafka_writer import MAX_BATCH_BYTES, KafkaWriter
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
from praxis_events.redaction import marker

_NO_ERROR, _TOPIC_EXISTS = 0, 36
"""Error codes of the Kafka protocol."""

_HEARSAY_SECONDS = 0.05
_COMPACTING_SECONDS = 86_400.0

_BATCH_OVERHEAD = 65_536
"""What a batch may add to its records: its own header, and varints and attributes for each."""


class KafkaLog:
    """``append_timeout`` in seconds bounds every call to the brokers."""

    def __init__(self, bootstrap: str, append_timeout: float) -> None:
        self._bootstrap, self._timeout = bootstrap, append_timeout
        self._writer = KafkaWriter(bootstrap, append_timeout)
        self._reader: AIOKafkaConsumer | None = None
        self._opening = asyncio.Lock()
        self._topics: dict[str, Topic] = {}

    @classmethod
    async def open(cls, bootstrap: str, append_timeout: float = 5.0) -> Self:
        """Raises ``LogUnavailable`` when no broker answers."""
        log = cls(bootstrap, append_timeout)
        async with log._admin():
            return log

    async def ensure_topics(self, topics: Iterable[Topic]) -> None:
        async with self._admin() as admin:
            brokers = len((await admin.describe_cluster())["brokers"])
            for topic in topics:
                self._topics[topic.name] = await self._ensured(admin, topic, brokers)

    @observed
    async def append(self, records: Sequence[NewRecord]) -> list[Position]:
        for index, record in enumerate(records):
            topic = self._topics.get(record.topic) or await self._topic(record.topic)
            if not 0 <= record.partition < topic.partitions:
                raise LogError(f"the log has no partition {record.partition} of {record.topic}")
            if (size := record_size(record)) > topic.max_record_bytes:
                raise RecordTooLarge(index, size, topic.max_record_bytes)
        return await self._writer.append(records) if records else []

    def subscribe(self, topics: Collection[str], group: str, locate: Locate) -> Subscription:
        return KafkaSubscription(self._bootstrap, topics, group, locate, self._timeout)

    async def end_positions(self, topics: Collection[str]) -> dict[TopicPartition, int]:
        partitions = [
            KafkaPartition(name, number) for name in topics for number in range((await self._topic(name)).partitions)
        ]
        try:
            async with asyncio.timeout(self._timeout):
                ends = await (await self._consumer()).end_offsets(partitions)
        except OUTAGES as error:
            raise LogUnavailable(f"the brokers do not say where the log ends: {type(error).__name__}") from error
        return {TopicPartition(each.topic, each.partition): offset for each, offset in ends.items()}

    async def compact(self, replaced: Collection[Position], tell: Callable[[int], None] = lambda _: None) -> None:
        """The cleaner leaves the newest segment alone, so a marker is appended for a new one to begin.

        Meanwhile the topics are configured to be cleaned at once; old files are gone when this returns.
        """
        partitions = sorted({TopicPartition(each.topic, each.partition) for each in replaced})
        async with self._admin(_COMPACTING_SECONDS) as admin:
            await kafka_compaction.calm(admin, self._topics)
            if not partitions:
                return
            async with kafka_compaction.eager(admin, {each.topic for each in partitions}):
                await asyncio.sleep(kafka_compaction.SEGMENT_SECONDS)
                await self.append([marker(each) for each in partitions])
                await self._until_gone(replaced, tell)
                await asyncio.sleep(kafka_compaction.DELETED_SECONDS)

    async def _until_gone(self, replaced: Collection[Position], tell: Callable[[int], None]) -> None:
        reader = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, request_timeout_ms=_ms(self._timeout))
        try:
            await reader.start()
            async with asyncio.timeout(kafka_compaction.patience(replaced)):
                while left := await kafka_compaction.remaining(reader, replaced, self._timeout):
                    tell(len(replaced) - len(left))
                    await asyncio.sleep(kafka_compaction.LOOK_SECONDS)
        except TimeoutError:
            raise LogError("the brokers have not compacted the log in time: is the cleaner running?") from None
        finally:
            await discard_consumer(reader, self._timeout)
        tell(len(replaced))

    async def close(self) -> None:
        await self._writer.close()
        if self._reader is not None:
            await discard_consumer(self._reader, self._timeout)

    async def _consumer(self) -> AIOKafkaConsumer:
        """Without a group: asks for offsets only."""
        async with self._opening:
            if self._reader is None:
                reader = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, request_timeout_ms=_ms(self._timeout))
                try:
                    await reader.start()
                except BaseException:
                    await discard_consumer(reader, self._timeout)
                    raise
                self._reader = reader
        return self._reader

    async def _ensured(self, admin: AIOKafkaAdminClient, topic: Topic, brokers: int) -> Topic:
        """The topic as it is: one that exists keeps its configuration, and with it the size of its records."""
        replicas = min(3, brokers)
        wanted = NewTopic(topic.name, topic.partitions, replicas, topic_configs=_config(topic, replicas))
        answer = await admin.create_topics([wanted])
        code, message = answer.topic_errors[0][1], answer.topic_errors[0][2]
        if code == _NO_ERROR:
            return topic
        if code != _TOPIC_EXISTS:
            raise LogError(f"the topic {topic.name} cannot be created: {message}")
        found = await _heard_of(admin, topic.name)
        if found.partitions != topic.partitions:
            raise LogError(f"the topic {topic.name} has {found.partitions} partitions, not {topic.partitions}")
        return found

    async def _topic(self, name: str) -> Topic:
        """Also one that another process made. Raises ``LogError`` for an unknown one."""
        if name not in self._topics:
            async with self._admin() as admin:
                self._topics[name] = await _described(admin, name)
        return self._topics[name]

    @asynccontextmanager
    async def _admin(self, seconds: float | None = None) -> AsyncIterator[AIOKafkaAdminClient]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap, request_timeout_ms=_ms(self._timeout))
        try:
            async with asyncio.timeout(seconds or self._timeout * 4):
                await admin.start()
                yield admin
        except OUTAGES as error:
            raise LogUnavailable(f"the brokers do not answer: {type(error).__name__}") from error
        finally:
            await admin.close()


def _config(topic: Topic, replicas: int) -> dict[str, str]:
    """Compacted and never deleted: only a redaction, which writes an existing key again, removes a record."""
    return {
        "cleanup.policy": "compact",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(topic.max_record_bytes + MAX_BATCH_BYTES + _BATCH_OVERHEAD),
        "min.insync.replicas": str(max(1, replicas - 1)),
    }


async def _described(admin: AIOKafkaAdminClient, name: str) -> Topic:
    """Its partitions, and the size that its configuration leaves a record."""
    [described] = await admin.describe_topics([name])
    limit = (await topic_config(admin, name)).get("max.message.bytes")
    if described["error_code"] != _NO_ERROR or limit is None:
        raise LogError(f"the log has no topic {name}")
    return Topic(name, len(described["partitions"]), int(limit) - MAX_BATCH_BYTES - _BATCH_OVERHEAD)


async def _heard_of(admin: AIOKafkaAdminClient, name: str) -> Topic:
    """A topic that the controller knows, as soon as the broker that is asked has heard of it too."""
    while True:
        try:
            return await _described(admin, name)
        except LogError:
            await asyncio.sleep(_HEARSAY_SECONDS)


async def topic_config(admin: AIOKafkaAdminClient, name: str) -> dict[str, Any]:
    """A topic's configuration as the broker has it."""
    from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

    [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    return {entry[0]: entry[1] for entry in answer.resources[0][4]}


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
