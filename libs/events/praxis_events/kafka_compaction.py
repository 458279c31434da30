"""Making Kafka's cleaner remove overwritten records now, and not when it would come to it."""

import asyncio
import math
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from praxis_events.log import Position, TopicPartition

EAGER = {
    "segment.ms": "1000",
    "max.compaction.lag.ms": "1000",
    "min.compaction.lag.ms": "0",
    "min.cleanable.dirty.ratio": "0.0",
    "file.delete.delay.ms": "1000",
}
"""For the time of a compaction: segments end soon, are cleaned soon, and their old files go soon."""

SEGMENT_SECONDS = 1.5
"""After so long the next record begins a new segment."""

DELETED_SECONDS = 3.0
"""After so long the files of cleaned segments are gone: the delay, and the broker's own pace."""

LOOK_SECONDS = 0.5

_TOPIC_CONFIG = 1
"""``config_source`` of what was set for this topic (KIP-226)."""


@asynccontextmanager
async def eager(admin: AIOKafkaAdminClient, topics: Collection[str]) -> AsyncIterator[None]:
    """Meanwhile the topics are configured for compaction at once; then they are as they were."""
    usual = {topic: _usual(await own_config(admin, topic)) for topic in topics}
    await configure(admin, {topic: config | EAGER for topic, config in usual.items()})
    try:
        yield
    finally:
        await configure(admin, usual)


async def calm(admin: AIOKafkaAdminClient, topics: Collection[str]) -> None:
    """The topics as they were before a compaction that did not come to its end."""
    found = {topic: await own_config(admin, topic) for topic in topics}
    await configure(admin, {t: usual for t, config in found.items() if (usual := _usual(config)) != config})


def _usual(config: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in config.items() if EAGER.get(name) != value}


async def own_config(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    """What is set for this topic; the rest are the broker's defaults."""
    [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    return {entry[0]: entry[1] for entry in answer.resources[0][4] if entry[3] == _TOPIC_CONFIG}


async def configure(admin: AIOKafkaAdminClient, configs: Mapping[str, Mapping[str, str]]) -> None:
    """Set the whole of the topics' own configuration: what is left out goes back to its default."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic, dict(config)) for topic, config in configs.items()]
    for answer in await admin.alter_configs(resources) if resources else []:
        for result in answer.resources:
            if result[0] != 0:
                raise for_code(result[0])(result[1])


async def remaining(consumer: AIOKafkaConsumer, replaced: Collection[Position], timeout: float) -> set[Position]:
    """Those of ``replaced`` that the log still has. ``timeout`` in seconds bounds each fetch."""
    found: set[Position] = set()
    for partition, offsets in _by_partition(replaced).items():
        there = KafkaPartition(*partition)
        consumer.assign([there])
        at = -1
        for offset in offsets:
            if at < offset:
                at = await _next_record(consumer, there, offset, timeout)
            if at == offset:
                found.add(Position(*partition, offset))
                break  # the cleaner goes from the start: this one is enough to go on waiting
    return found


async def _next_record(consumer: AIOKafkaConsumer, partition: KafkaPartition, offset: int, timeout: float) -> int:
    """The offset of the first record at or after ``offset``."""
    consumer.seek(partition, offset)
    async with asyncio.timeout(timeout):
        message: Any = await consumer.getone(partition)
    return int(message.offset)


def _by_partition(positions: Collection[Position]) -> dict[TopicPartition, list[int]]:
    found: dict[TopicPartition, list[int]] = {}
    for topic, partition, offset in sorted(positions):
        found.setdefault(TopicPartition(topic, partition), []).append(offset)
    return found


def patience(replaced: Collection[Position]) -> float:
    """Seconds that the cleaner may take: some for its pause between rounds, more for more to clean."""
    return 120.0 + 60.0 * math.log2(1 + len(replaced))
