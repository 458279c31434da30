"""Reading from Kafka: a consumer group assigns, ``locate`` says where to resume."""

import asyncio
import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.errors import IllegalStateError, KafkaError

from praxis_events.log import Locate, LogUnavailable, Positions, Record, TopicPartition

SESSION_SECONDS = 15
REBALANCE_SECONDS = 120
"""Longer than the slowest flush: a member that is busy with a batch must not be thrown out."""

FOLLOW_SECONDS = 1.0

logger = logging.getLogger(__name__)


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
        self._locate, self._timeout = locate, timeout
        self._topics = list(topics)
        self._assignments = _Assignments()
        self._paused: set[TopicPartition] = set()
        self._positions: dict[TopicPartition, int] = {}
        self._following: asyncio.Task[None] | None = None
        self._started = False
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_SECONDS * 1000,
            rebalance_timeout_ms=REBALANCE_SECONDS * 1000,
            max_poll_interval_ms=REBALANCE_SECONDS * 1000,
            max_partition_fetch_bytes=4_000_000,
            fetch_max_wait_ms=500,
            metadata_max_age_ms=30_000,
        )

    async def fetch(self, max_records: int, timeout: float) -> dict[TopicPartition, list[Record]]:
        try:
            await self._ready()
            fetched = await self._consumer.getmany(timeout_ms=int(timeout * 1000), max_records=max_records)
            await self._note_positions()
        except (KafkaError, OSError, TimeoutError) as error:
            raise LogUnavailable(f"the brokers cannot be read: {type(error).__name__}") from error
        found: dict[TopicPartition, list[Record]] = {}
        for partition, messages in fetched.items():
            key = TopicPartition(*partition)
            if key in self._positions and messages:
                found[key] = [
                    Record(key[0], key[1], m.offset, m.key or b"", m.value or b"", tuple(m.headers), m.timestamp)
                    for m in messages
                ]
        return found

    def positions(self) -> Positions:
        return {each: at for each, at in self._positions.items() if each in self._assignments.held}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if partition in self._positions:
            with suppress(IllegalStateError):
                self._consumer.seek(KafkaPartition(*partition), offset)
                self._positions[partition] = offset

    def pause(self, partition: TopicPartition) -> None:
        self._paused.add(partition)
        with suppress(IllegalStateError):
            self._consumer.pause(KafkaPartition(*partition))

    def resume(self, partition: TopicPartition) -> None:
        self._paused.discard(partition)
        if partition in self._positions:
            with suppress(IllegalStateError):
                self._consumer.resume(KafkaPartition(*partition))

    def follow(self, positions: Positions) -> None:
        """At most once a second and one at a time: what is missed is in the next."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._commit(dict(positions)))

    async def close(self) -> None:
        if self._following is not None:
            self._following.cancel()
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(self._timeout):
                await self._consumer.stop()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _ready(self) -> None:
        """Join the group, and find the place in every partition that was assigned since."""
        if not self._started:
            self._consumer.subscribe(self._topics, listener=self._assignments)
            async with asyncio.timeout(self._timeout * 4):
                await self._consumer.start()
            self._started = True
        if not self._assignments.fresh:
            return
        fresh = frozenset(self._assignments.fresh)
        located = await self._locate(fresh)
        for partition in fresh & self._assignments.fresh:
            with suppress(IllegalStateError):
                self._place(partition, located.get(partition))
                self._assignments.fresh.discard(partition)

    def _place(self, partition: TopicPartition, offset: int | None) -> None:
        there = KafkaPartition(*partition)
        self._positions.pop(partition, None)
        if offset is None:
            self._consumer.pause(there)
            return
        self._consumer.seek(there, offset)
        self._positions[partition] = offset
        self._assignments.held.add(partition)
        if partition in self._paused:
            self._consumer.pause(there)

    async def _note_positions(self) -> None:
        """Where the consumer will read next: past the markers and compacted records that it has skipped."""
        for partition in self._assignments.held - self._assignments.fresh:
            with suppress(IllegalStateError):
                self._positions[partition] = await self._consumer.position(KafkaPartition(*partition))

    async def _commit(self, positions: Positions) -> None:
        with suppress(KafkaError, OSError, TimeoutError, ValueError):
            await self._consumer.commit({KafkaPartition(*each): at for each, at in positions.items()})
        await asyncio.sleep(FOLLOW_SECONDS)
