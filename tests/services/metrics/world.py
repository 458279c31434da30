"""Metrics without its edge: a log, the projections and refreshers on it, and what the series then say."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from praxis_events.clock import system_clock
from praxis_events.envelope import Event
from praxis_events.log import EventLog, NewRecord, TopicPartition
from praxis_events.runner import Runner, Tuning
from praxis_events.statement_records import statement_record
from praxis_events.topics import DIRECTORY
from praxis_metrics.calendar import Grain, periods
from praxis_metrics.directory import Directory, DirectoryEvent
from praxis_metrics.dirty import Queue
from praxis_metrics.facts import StatementFacts
from praxis_metrics.kpis import KPIS
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.publisher import Publisher
from praxis_metrics.refresher import Refresher
from praxis_metrics.said import taking
from praxis_metrics.said.projection import Events
from praxis_metrics.series import Point, Reporting, Series, series
from praxis_metrics.statements import Taken
from praxis_metrics.watermark import READ
from praxis_service.database import ServiceDatabase
from praxis_service.service import Worker
from tests.fixtures.installation import running

TUNING = Tuning(batch=5, idle_seconds=0.02, look_seconds=0.05, backoff_first=0.01)
TOPICS = sorted({topic.name for topics in READ.values() for topic in topics})
LATENESS = timedelta(days=2)
"""How long a final cell is hidden until it stays so."""

UTC_ZONE = ZoneInfo("UTC")

_TABLES = text(
    "SELECT string_agg(format('%I', relname), ', ') FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
    "AND relname <> 'alembic_version' AND relnamespace = current_schema()::regnamespace"
)
_DIRTY = text("SELECT " + " OR ".join(f"EXISTS (SELECT FROM {queue})" for queue in [*Queue, "due"]))


@dataclass
class World:
    """One migrated database and one log. Nothing is suppressed unless ``threshold`` says so; ``kpis``: what is
    published, all by default: a test of one of them need not wait for the others."""

    log: EventLog
    database: ServiceDatabase
    zone: ZoneInfo = UTC_ZONE
    threshold: int = 1
    kpis: Collection[str] = tuple(KPIS)
    lateness: timedelta = field(default_factory=timedelta)

    async def fresh(self, zone: ZoneInfo = UTC_ZONE) -> None:
        """Empty the read side, and begin at the log's end."""
        self.zone = zone
        ends = await self.log.end_positions(TOPICS)
        at = [
            {"projection": name, "topic": topic, "partition": partition, "end": end}
            for name, topics in READ.items()
            for (topic, partition), end in ends.items()
            if topic in {each.name for each in topics}
        ]
        async with self.database.sessions.begin() as session:
            await session.execute(text(f"TRUNCATE {await session.scalar(_TABLES)} RESTART IDENTITY"))
            await session.execute(text("INSERT INTO checkpoints VALUES (:projection, :topic, :partition, :end)"), at)

    def workers(
        self, *, projectors: int = 1, refreshers: int = 1, publishers: int = 1, tuning: Tuning = TUNING
    ) -> list[Worker]:
        sessions, log = self.database.sessions, self.log
        found: list[Worker] = [Refresher(sessions, self.zone) for _ in range(refreshers)]
        kpis = [KPIS[name] for name in self.kpis]
        for _ in range(publishers):
            found.append(Publisher(sessions, self.zone, self.threshold, LATENESS, system_clock, kpis))
        for _ in range(projectors):
            found.append(Runner[Taken](StatementFacts(sessions, self.zone), log, sessions, system_clock, tuning))
            found.append(Runner[DirectoryEvent](Directory(self.zone), log, sessions, system_clock, tuning))
            found.append(Runner[taking.Taken](Events(sessions, self.zone), log, sessions, system_clock, tuning))
        return found

    async def takes(self, records: Sequence[NewRecord], tuning: Tuning = TUNING, *, publishers: int = 1) -> None:
        """Append, project, refresh and publish until nothing is left to do."""
        for start in range(0, len(records), 1_000):
            await self.log.append(records[start : start + 1_000])
        async with running(self.workers(publishers=publishers, tuning=tuning)):
            await self.projected()
            await (self.settled() if publishers else self.refreshed())

    async def settled(self) -> None:
        """Until every record is applied and no dirty key is left."""
        await self.projected()
        async with asyncio.timeout(60), self.database.reads.connect() as connection:
            while await connection.scalar(_DIRTY):
                await asyncio.sleep(0.01)

    async def refreshed(self) -> None:
        """Until no dirty key is left but for the publisher."""
        queues = " OR ".join(f"EXISTS (SELECT FROM {queue})" for queue in Queue if queue != Queue.CHANGES)
        async with asyncio.timeout(60), self.database.reads.connect() as connection:
            while await connection.scalar(text(f"SELECT {queues}")):
                await asyncio.sleep(0.01)

    async def projected(self) -> None:
        """Until every record is applied."""
        ends = await self.log.end_positions(TOPICS)
        query = text("SELECT topic, partition, min(next_offset) FROM checkpoints GROUP BY topic, partition")
        async with asyncio.timeout(60), self.database.reads.connect() as connection:
            while True:
                at = {TopicPartition(*row[:2]): row[2] for row in await connection.execute(query)}
                if all(at.get(each, 0) >= end for each, end in ends.items()):
                    return
                await asyncio.sleep(0.01)

    async def series(self, kpi: str, first: date, last: date, grain: Grain, of: Slice = ALL) -> Series:
        reporting = Reporting(self.zone, self.lateness)
        async with self.database.reads.connect() as connection:
            return await series(connection, KPIS[kpi], grain, periods(first, last, grain), reporting, of)

    async def point(self, kpi: str, day: date, grain: Grain = Grain.MONTH, of: Slice = ALL) -> Point:
        """The answer for the period that holds ``day``."""
        return (await self.series(kpi, day, day, grain, of)).points[0]


def statement(body: dict[str, Any], *, credential: str = "lms", id_assigned: bool = False) -> NewRecord:
    """A whole statement, with its id and ``stored``, as a record."""
    return statement_record(
        UUID(body["id"]), json.dumps(body).encode(), body["stored"], credential, id_assigned=id_assigned
    )


def people(name: str, data: dict[str, Any], *, id_: str, source: str = "hr") -> NewRecord:
    """An event of ``people.directory``; ``name`` is the last word of its type."""
    return Event(id_, source, f"praxis.people.{name}.v1", json.dumps(data).encode()).to_record(DIRECTORY.name)
