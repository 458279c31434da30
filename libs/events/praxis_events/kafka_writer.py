"""Appending to Kafka in groups: while one group of batches is on its way, appends gather for the next.

One batch a partition is built by us: three times as fast as ``send`` for each record. The producer is idempotent; after
any error it is thrown away, since one refused batch makes every later send to its partition fail (aiokafka#1017), and
so that nothing which was reported as failed is retried behind the caller's back.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder

from praxis_events.kafka_closing import discard_producer
from praxis_events.log import LogUnavailable, NewRecord, Position, TopicPartition, record_size

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
        size = sum(map(record_size, records))
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
        places: dict[TopicPartition, list[int]] = {}
        for place, record in enumerate(records):
            places.setdefault(TopicPartition(record.topic, record.partition), []).append(place)
        offsets = await asyncio.gather(
            *(_send(producer, partition, [records[place] for place in own]) for partition, own in places.items())
        )
        positions: list[Position] = [None] * len(records)  # type: ignore[list-item]
        for (partition, own), each in zip(places.items(), offsets, strict=True):
            for place, offset in zip(own, each, strict=True):
                positions[place] = Position(*partition, offset)
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


async def _send(producer: AIOKafkaProducer, partition: TopicPartition, records: Sequence[NewRecord]) -> list[int]:
    """The offsets of the records, sent to one partition in as few batches as hold them."""
    offsets: list[int] = []
    for batch, count in _batches(producer, records):
        sent = await producer.send_batch(batch, partition.topic, partition=partition.partition)
        first = (await sent).offset
        offsets += range(first, first + count)
    return offsets


def _batches(producer: AIOKafkaProducer, records: Sequence[NewRecord]) -> list[tuple[BatchBuilder, int]]:
    now = int(time.time() * 1000)  # the broker writes its own time over it (LogAppendTime)
    found: list[tuple[BatchBuilder, int]] = []
    batch, count = producer.create_batch(), 0
    for record in records:
        headers = list(record.headers)
        if batch.append(timestamp=now, key=record.key, value=record.value, headers=headers) is None:
            found.append((batch, count))
            batch, count = producer.create_batch(), 0
            batch.append(timestamp=now, key=record.key, value=record.value, headers=headers)
        count += 1
    found.append((batch, count))
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
