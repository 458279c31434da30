"""A small real projection, and what its tests ask of the tables and of the dead letters."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.checkpoint import CheckpointRow, checkpoints
from praxis_events.clock import system_clock
from praxis_events.contracts.dead_letter import RecordRejected
from praxis_events.envelope import Event
from praxis_events.log import EventLog, Locate, LogUnavailable, NewRecord, Record, Subscription
from praxis_events.projection import PoisonRecord
from praxis_events.runner import Runner, Tuning
from praxis_events.topics import DEAD_LETTERS
from praxis_events.upcasting import UnknownVersion
from tests.contract.records import from_start, record

# No key keeps a second effect of a record out: that is what the runner must do.
EFFECTS = """
CREATE TABLE effects (
    name text NOT NULL, partition int NOT NULL, amount smallint NOT NULL CHECK (amount >= 0),
    only_one text UNIQUE DEFERRABLE INITIALLY DEFERRED
)
"""

FAST = Tuning(batch=2_000, idle_seconds=0.05, look_seconds=0.05, backoff_first=0.01, backoff_most=0.2)


Item = tuple[str, int, int, str | None]


class Effects:
    """Writes a row for each record. A record's value says how it goes wrong: see ``decode``; a number is its amount."""

    rebuildable, serial = True, False

    def __init__(self, topic: str) -> None:
        self.name, self.topics = topic, (topic,)

    def decode(self, record: Record) -> Item | None:
        match record.value.split(b":"):
            case [b"poison"]:
                raise PoisonRecord("bad-value")
            case [b"deep"]:
                msgspec.json.decode(b"[" * 100_000)
            case [b"newer"]:
                raise UnknownVersion("from the future")
            case [b"ignored"]:
                return None
            case [b"only", one]:
                return record.key.decode(), record.partition, 0, one.decode()
        return record.key.decode(), record.partition, int(record.value), None

    async def apply(self, session: AsyncSession, items: Sequence[Item]) -> None:
        await session.execute(
            text("INSERT INTO effects VALUES (:name, :partition, :amount, :only_one)"),
            [dict(zip(("name", "partition", "amount", "only_one"), item, strict=True)) for item in items],
        )


@dataclass(frozen=True, slots=True)
class Projecting:
    log: EventLog
    topic: str
    sessions: async_sessionmaker[AsyncSession]

    def runner(
        self, projection: Effects | None = None, tuning: Tuning = FAST, log: EventLog | None = None
    ) -> Runner[Item]:
        return Runner(projection or Effects(self.topic), log or self.log, self.sessions, system_clock, tuning)

    def record(self, name: str, value: str = "1", partition: int = 0) -> NewRecord:
        return record(name, partition, self.topic, value.encode())

    async def append(self, *values: str, partition: int = 0) -> list[str]:
        """A record for each value, named after its place among them."""
        names = [f"{partition}.{n}" for n in range(len(values))]
        records = [self.record(name, value, partition) for name, value in zip(names, values, strict=True)]
        await self.log.append(records)
        return names

    async def effects(self) -> Counter[str]:
        async with self.sessions() as session:
            return Counter((await session.scalars(text("SELECT name FROM effects"))).all())

    async def rows(self) -> list[CheckpointRow]:
        async with self.sessions() as session:
            return await checkpoints(session, self.topic)

    async def until_applied(self, *partitions: int) -> None:
        """Until the checkpoints of these partitions, or of all, have passed the log's end as it is now."""
        ends = {each.partition: end for each, end in (await self.log.end_positions([self.topic])).items()}
        wanted = {partition: ends[partition] for partition in partitions or ends}
        async with asyncio.timeout(60):
            while not _passed(await self.reached(), wanted):
                await asyncio.sleep(0.02)

    async def reached(self) -> dict[int, int]:
        return {row.partition: row.next_offset for row in await self.rows()}

    async def dead_letters(self) -> list[tuple[str, RecordRejected]]:
        """The id and the content of each of this projection's, in the order of the log."""
        found: list[Record] = []
        end = sum((await self.log.end_positions([DEAD_LETTERS.name])).values())
        async with self.log.subscribe([DEAD_LETTERS.name], f"{self.topic}.letters", from_start) as reader:
            while sum(reader.positions().values()) < end:
                with suppress(LogUnavailable):
                    found += chain.from_iterable((await reader.fetch(1000, 0.1)).values())
        letters = [(Event.from_record(each).id, RecordRejected.model_validate_json(each.value)) for each in found]
        return [(id_, letter) for id_, letter in letters if letter.projection == self.topic]


def _passed(reached: dict[int, int], wanted: dict[int, int]) -> bool:
    return all(reached.get(partition, 0) >= end for partition, end in wanted.items())


@asynccontextmanager
async def running(*runners: Runner[Any]) -> AsyncIterator[None]:
    """Run until the end of the block; a runner that failed fails the test."""
    tasks = [asyncio.create_task(each.run()) for each in runners]
    try:
        yield
    finally:
        for each in runners:
            each.stop()
        await asyncio.wait_for(asyncio.gather(*tasks), 30)


def metric(gauge: Any, *labels: str) -> float:
    return float(next(iter(gauge.labels(*labels)._child_samples())).value)


class Unaware:
    """The log as a consumer has it that does not notice that its partitions went to another."""

    def __init__(self, log: EventLog, name: str) -> None:
        self._log, self._name = log, name

    def subscribe(self, topics: Collection[str], group: str, locate: Locate) -> Subscription:
        return self._log.subscribe(topics, f"{group}.{self._name}", locate)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)
