"""Reading from Kafka: a consumer group assigns, ``locate`` says where to resume."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.errors import IllegalStateError

from praxis_events.kafka_closing import discard_consumer
from praxis_events.kafka_outages import OUTAGES
from praxis_events.log import Locate, LogError, LogUnavailable, Positions, Record, TopicPartition

SESSION_SECONDS = 10
REBALANCE_SECONDS = 2 * SESSION_SECONDS
"""How long a group waits for members that died unseen. A live one joins in the background, however busy it is."""

JOIN_SECONDS = REBALANCE_SECONDS + 2 * SESSION_SECONDS
"""Longer than the group waits: whoever gives up before is one more member that it waits for."""

FLUSH_SECONDS = 120
"""Longer than the slowest flush: a member that is busy with a batch must not be thrown out."""

FOLLOW_SECONDS = 1.0

_Fetched = Mapping[KafkaPartition, Sequence[Any]]


class _Assignments(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes what changed; the reader's own task acts on it, since errors raised here would only be logged."""

    def __init__(self) -> None:
        self.fresh: set[TopicPartition] = set()
        self.held: set[TopicPartition] = set()

    def on_partitions_revoked(self, revoked: Iterable[KafkaPartition]) -> None:
        gone = {TopicPartition(*each) for each in revoked}
        self.fresh -= gone
        self.held -= gone

    def on_partitions_assigned(self, assigned: Iterable[KafkaPartition]) -> None:
        self.fresh |= {TopicPartition(*each) for each in assigned}


class KafkaSubscription:
    def __init__(self, bootstrap: str, topics: Collection[str], group: str, locate: Locate, timeout: float) -> None:
        self._bootstrap, self._group, self._locate, self._timeout = bootstrap, group, locate, timeout
        self._topics = list(topics)
        self._assignments = _Assignments()
        self._paused: set[TopicPartition] = set()
        self._positions: dict[TopicPartition, int] = {}
        self._following: asyncio.Task[None] | None = None
        self._joined: AIOKafkaConsumer | None = None

    async def fetch(self, max_records: int, timeout: float) -> dict[TopicPartition, list[Record]]:
        try:
            consumer = await self._ready()
            fetched = await self._get(consumer, max_records, timeout)
        except OUTAGES as error:
            raise LogUnavailable(f"the brokers cannot be read: {type(error).__name__}") from error
        # While this waited, a partition may have gone and come back, and been read from where the group's offsets say.
        found = {
            each: [_record(each, message) for message in messages]
            for partition, messages in fetched.items()
            if messages and (each := TopicPartition(*partition)) in self._assignments.held
        }
        await self._note_positions(consumer, found)
        return found

    def positions(self) -> Positions:
        return {each: at for each, at in self._positions.items() if each in self._assignments.held}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if partition in self._positions:
            self._positions[partition] = offset
            self._tell(AIOKafkaConsumer.seek, partition, offset)

    def pause(self, partition: TopicPartition) -> None:
        self._paused.add(partition)
        self._tell(AIOKafkaConsumer.pause, partition)

    def resume(self, partition: TopicPartition) -> None:
        self._paused.discard(partition)
        if partition in self._positions:
            self._tell(AIOKafkaConsumer.resume, partition)

    def follow(self, positions: Positions) -> None:
        """At most once a second and one at a time: what is missed is in the next."""
        if self._joined is not None and (self._following is None or self._following.done()):
            self._following = asyncio.create_task(_commit(self._joined, dict(positions)))

    async def close(self) -> None:
        if self._following is not None:
            self._following.cancel()
        if self._joined is not None:
            await discard_consumer(self._joined, self._timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _ready(self) -> AIOKafkaConsumer:
        """Join the group, and find the place in every partition that was assigned since."""
        if self._joined is None:
            self._joined = await self._join()
        if fresh := frozenset(self._assignments.fresh):
            located = await self._locate(fresh)
            for partition in fresh & self._assignments.fresh:
                with suppress(IllegalStateError):
                    self._place(self._joined, partition, located.get(partition))
                    self._assignments.fresh.discard(partition)
        return self._joined

    async def _join(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_SECONDS * 1000,
            rebalance_timeout_ms=REBALANCE_SECONDS * 1000,
            max_poll_interval_ms=FLUSH_SECONDS * 1000,
            max_partition_fetch_bytes=4_000_000,
            fetch_max_wait_ms=500,
            metadata_max_age_ms=30_000,
        )
        consumer.subscribe(self._topics, listener=self._assignments)
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                await consumer.start()
        except BaseException:
            await discard_consumer(consumer, self._timeout)
            raise
        return consumer

    async def _get(self, consumer: AIOKafkaConsumer, max_records: int, timeout: float) -> _Fetched:
        """Bounded, since the client waits for the end of a rebalance however long that takes."""
        try:
            async with asyncio.timeout(timeout + self._timeout):
                fetched: _Fetched = await consumer.getmany(timeout_ms=int(timeout * 1000), max_records=max_records)
                return fetched
        except TimeoutError:
            return {}

    def _place(self, consumer: AIOKafkaConsumer, partition: TopicPartition, offset: int | None) -> None:
        there = KafkaPartition(*partition)
        self._positions.pop(partition, None)
        if offset is None:
            consumer.pause(there)
            return
        consumer.seek(there, offset)
        self._positions[partition] = offset
        self._assignments.held.add(partition)
        if partition in self._paused:
            consumer.pause(there)

    def _tell(self, what: Callable[..., None], partition: TopicPartition, *arguments: object) -> None:
        """Nothing happens when the partition is no longer ours."""
        if self._joined is not None:
            with suppress(IllegalStateError):
                what(self._joined, KafkaPartition(*partition), *arguments)

    async def _note_positions(
        self, consumer: AIOKafkaConsumer, found: Mapping[TopicPartition, Sequence[Record]]
    ) -> None:
        """Where the consumer will read next: past the markers and compacted records that it has skipped.

        Raises ``LogError`` when that is before what was read: the log has lost its end, and its client began again.
        """
        for partition in self._assignments.held & self._positions.keys():
            before = self._positions[partition]
            records = found.get(partition)
            first = records[0].offset if records else before
            with suppress(IllegalStateError, *OUTAGES):
                async with asyncio.timeout(self._timeout):
                    after = await consumer.position(KafkaPartition(*partition))
                if min(first, after) < before:
                    raise LogError(f"{partition.topic}/{partition.partition} no longer reaches offset {before}")
                if self._positions.get(partition) == before:
                    self._positions[partition] = after


def _record(partition: TopicPartition, message: ConsumerRecord) -> Record:
    return Record(
        *partition, message.offset, message.key or b"", message.value or b"", tuple(message.headers), message.timestamp
    )


async def _commit(consumer: AIOKafkaConsumer, positions: Positions) -> None:
    with suppress(*OUTAGES, ValueError):
        await consumer.commit({KafkaPartition(*each): at for each, at in positions.items()})
    await asyncio.sleep(FOLLOW_SECONDS)
