"""Group commit: while one transaction is on its way, appends gather for the next."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from itertools import islice

import asyncpg
import msgspec

from praxis_events.log import LogUnavailable, NewRecord, Position, TopicPartition

UNAVAILABLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
MAX_RECORDS = 5_000
"""In one transaction; bounds its memory on both sides."""

_APPEND = "SELECT log.append($1, $2, $3, $4, $5, $6, $7, $8)"

Waiting = tuple[Sequence[NewRecord], "asyncio.Future[list[Position]]"]


class GroupCommit:
    def __init__(self, pool: asyncpg.Pool, timeout: float) -> None:
        self._pool, self._timeout = pool, timeout
        self._waiting: deque[Waiting] = deque()
        self._work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def append(self, records: Sequence[NewRecord]) -> list[Position]:
        """Raises ``LogUnavailable`` when the transaction failed or did not end in time."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        done: asyncio.Future[list[Position]] = asyncio.get_running_loop().create_future()
        self._waiting.append((records, done))
        self._work.set()
        try:
            async with asyncio.timeout(self._timeout):
                return await done
        except TimeoutError:
            raise LogUnavailable(f"not acknowledged within {self._timeout} s") from None

    async def close(self) -> None:
        """Fail what waits and stop."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for _, done in self._waiting:
            if not done.done():
                done.set_exception(LogUnavailable("the log is closed"))

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            group = self._take()
            try:
                positions = await self._write([record for records, _ in group for record in records])
            except UNAVAILABLE as error:
                for _, done in group:
                    if not done.done():
                        done.set_exception(LogUnavailable(f"the log's database failed: {type(error).__name__}"))
            else:
                each = iter(positions)
                for records, done in group:
                    own = list(islice(each, len(records)))
                    if not done.done():
                        done.set_result(own)

    def _take(self) -> list[Waiting]:
        """The next group. Appends whose caller gave up are dropped, as they were never sent."""
        group: list[Waiting] = []
        size = 0
        while self._waiting and (not group or size + len(self._waiting[0][0]) <= MAX_RECORDS):
            waiting = self._waiting.popleft()
            if not waiting[1].done():
                group.append(waiting)
                size += len(waiting[0])
        if not self._waiting:
            self._work.clear()
        return group

    async def _write(self, records: Sequence[NewRecord]) -> list[Position]:
        if not records:
            return []
        counts: dict[TopicPartition, int] = {}
        ordinals: list[int] = []
        for record in records:
            partition = TopicPartition(record.topic, record.partition)
            ordinals.append(counts.get(partition, 0))
            counts[partition] = ordinals[-1] + 1
        order = sorted(counts)
        index = {partition: number for number, partition in enumerate(order, 1)}
        targets = [index[TopicPartition(record.topic, record.partition)] for record in records]
        firsts = await self._pool.fetchval(
            _APPEND,
            [each.topic for each in order],
            [each.partition for each in order],
            [counts[each] for each in order],
            targets,
            ordinals,
            [record.key for record in records],
            [record.value for record in records],
            [msgspec.msgpack.encode(record.headers) for record in records],
        )
        return [
            Position(record.topic, record.partition, firsts[target - 1] + ordinal)
            for record, target, ordinal in zip(records, targets, ordinals, strict=True)
        ]
