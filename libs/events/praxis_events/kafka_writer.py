"""Appending to Kafka in groups: while one group of batches is on its way, appends gather for the next.

One batch a partition is built by us: three times as fast as ``send`` for each record. The producer is idempotent; after
any error it is thrown away, since one refused batch makes every later send to its partition fail (aiokafka#1017), and
so that nothing which was reported as failed is retried behind the caller's back.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder

from praxis_events.kafka_closing import discard_producer
from praxis_events.log import LogUnavailable, NewRecord, Position

MAX_BATCH_BYTES = 524_288
GROUP_BYTES = 8_000_000
"""A group takes whole appends until it reaches this; a larger one is no faster."""

DISCARD_SECONDS = 1.0

WAITING_BYTES = 64_000_000
"""Appends that would make more than this wait are held back at the door."""


class Append(NamedTuple):
    records: Sequence[NewRecord]
    size: int
    positions: "asyncio.Future[list[Position]]"


class Batch(NamedTuple):
    """Records of one partition; ``places``: where they stand among all."""

    topic: str
    partition: int
    builder: BatchBuilder
    places: list[int]


class KafkaWriter:
    """One task and one producer for all appends of a process."""

    def __init__(self, bootstrap: str, timeout: float) -> None:
        self._bootstrap, self._timeout = bootstrap, timeout
        self._waiting: deque[Append] = deque()
        self._waiting_bytes = 0
        self._work, self._room = asyncio.Event(), asyncio.Event()
        self._producer: AIOKafkaProducer | None = None
        self._task = asyncio.create_task(self._run(), name="log-writer")

    async def append(self, records: Sequence[NewRecord]) -> list[Position]:
        """Raises ``LogUnavailable`` when not acknowledged in time; what has not been sent by then never is."""
        size = sum([len(record.key) + len(record.value) for record in records])
        try:
            async with asyncio.timeout(self._timeout):
                while self._waiting and self._waiting_bytes + size > WAITING_BYTES:
                    self._room.clear()
                    await self._room.wait()
                return await self._enqueue(records, size)
        except TimeoutError:
            raise LogUnavailable(f"not acknowledged within {self._timeout} s") from None

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for each in self._waiting:
            _fail(each, LogUnavailable("the log is closed"))
        await self._drop_producer()

    def _enqueue(self, records: Sequence[NewRecord], size: int) -> "asyncio.Future[list[Position]]":
        if self._task.done():
            raise LogUnavailable("the log is closed")
        append = Append(records, size, asyncio.get_running_loop().create_future())
        self._waiting.append(append)
        self._waiting_bytes += size
        self._work.set()
        return append.positions

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            group = self._take()
            try:
                async with asyncio.timeout(self._timeout):
                    positions = await self._write([record for append in group for record in append.records])
            except Exception as error:  # whatever the client raises: the writer lives on
                for append in group:
                    _fail(append, LogUnavailable(f"the brokers did not acknowledge: {type(error).__name__}"))
                await self._drop_producer()
            except asyncio.CancelledError:
                for append in group:
                    _fail(append, LogUnavailable("the log was closed meanwhile"))
                raise
            else:
                _acknowledge(group, positions)

    def _take(self) -> list[Append]:
        group: list[Append] = []
        size = 0
        while self._waiting and size < GROUP_BYTES:
            append = self._waiting.popleft()
            self._waiting_bytes -= append.size
            if not append.positions.done():  # else its caller has given up
                group.append(append)
                size += append.size
        self._room.set()
        if not self._waiting:
            self._work.clear()
        return group

    async def _write(self, records: Sequence[NewRecord]) -> list[Position]:
        if not records:
            return []
        producer = await self._started()
        positions: list[Position] = [None] * len(records)  # type: ignore[list-item]
        for round_ in zip_longest(*_batches(producer, records).values()):
            batches = [batch for batch in round_ if batch is not None]
            sent = [await producer.send_batch(each.builder, each.topic, partition=each.partition) for each in batches]
            for batch, first in zip(batches, await asyncio.gather(*sent), strict=True):
                for offset, place in enumerate(batch.places, first.offset):
                    positions[place] = Position(batch.topic, batch.partition, offset)
        return positions

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                max_batch_size=MAX_BATCH_BYTES,
                request_timeout_ms=max(1000, int(self._timeout * 1000)),
            )
            try:
                await producer.start()
            except BaseException:
                await discard_producer(producer, DISCARD_SECONDS)
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await discard_producer(producer, DISCARD_SECONDS)


def _batches(producer: AIOKafkaProducer, records: Sequence[NewRecord]) -> dict[tuple[str, int], list[Batch]]:
    """By topic and partition, the records in order in as few batches as hold them."""
    now = int(time.time() * 1000)  # the broker writes its own time over it (LogAppendTime)
    found: dict[tuple[str, int], list[Batch]] = {}
    for place, (topic, partition, key, value, headers) in enumerate(records):
        own = found.get((topic, partition))
        if own is None:
            own = found[topic, partition] = [Batch(topic, partition, producer.create_batch(), [])]
        if own[-1].builder.append(timestamp=now, key=key, value=value, headers=list(headers)) is None:
            own.append(Batch(topic, partition, producer.create_batch(), []))
            own[-1].builder.append(timestamp=now, key=key, value=value, headers=list(headers))
        own[-1].places.append(place)
    return found


def _acknowledge(group: Sequence[Append], positions: Sequence[Position]) -> None:
    start = 0
    for append in group:
        end = start + len(append.records)
        if not append.positions.done():
            append.positions.set_result(list(positions[start:end]))
        start = end


def _fail(append: Append, error: LogUnavailable) -> None:
    if not append.positions.done():
        append.positions.set_exception(error)
