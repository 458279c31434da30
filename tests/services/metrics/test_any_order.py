"""Any order, any redelivery, any number of projectors: the same answers as a naive recomputation from the raw events."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from praxis_events.clock import system_clock
from praxis_events.envelope import Event
from praxis_events.log import EventLog, NewRecord, Position
from praxis_events.postgres_log import PostgresLog
from praxis_events.runner import Runner, Tuning
from praxis_events.statement_records import statement_record
from praxis_events.topics import DIRECTORY, STATEMENTS, TOPICS
from praxis_metrics.calendar import Grain, Period, periods
from praxis_metrics.directory import Directory, DirectoryEvent
from praxis_metrics.facts import StatementFacts
from praxis_metrics.kpis import KPIS
from praxis_metrics.refresher import Refresher
from praxis_metrics.series import Reporting, series
from praxis_metrics.statements import Taken
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate
from praxis_service.service import Worker
from tests.fixtures.installation import running
from tests.services.metrics.histories import logs_of_statements, logs_of_the_directory
from tests.services.metrics.oracle import Answer, Heard, Oracle, Told

ZONE = ZoneInfo("Europe/Berlin")
TUNING = Tuning(batch=5, idle_seconds=0.02, look_seconds=0.05, backoff_first=0.01)
PROJECTORS, REFRESHERS = 4, 3
FIRST_DAY, LAST_DAY = date(2026, 3, 26), date(2026, 4, 6)


class World:
    """One migrated database and one log; ``fresh`` empties the read side and begins at the log's end."""

    def __init__(self, log: EventLog, database: ServiceDatabase) -> None:
        self.log, self.database = log, database

    async def fresh(self) -> None:
        ends = await self.log.end_positions([STATEMENTS.name, DIRECTORY.name])
        async with self.database.sessions.begin() as session:
            tables = await session.scalars(
                text(
                    "SELECT string_agg(format('%I', relname), ', ') FROM pg_class WHERE relkind IN ('r', 'p') AND "
                    "NOT relispartition AND relname <> 'alembic_version' AND relnamespace = current_schema()::regnamespace"
                )
            )
            await session.execute(text(f"TRUNCATE {tables.one()} RESTART IDENTITY"))
            for (topic, partition), end in ends.items():
                projection = "metrics.statements" if topic == STATEMENTS.name else "metrics.directory"
                await session.execute(
                    text("INSERT INTO checkpoints VALUES (:projection, :topic, :partition, :end)"),
                    {"projection": projection, "topic": topic, "partition": partition, "end": end},
                )

    def workers(self) -> list[Worker]:
        sessions, log = self.database.sessions, self.log
        found: list[Worker] = [Refresher(sessions, ZONE) for _ in range(REFRESHERS)]
        for _ in range(PROJECTORS):
            found.append(Runner[Taken](StatementFacts(sessions, ZONE), log, sessions, system_clock, TUNING))
            found.append(Runner[DirectoryEvent](Directory(ZONE), log, sessions, system_clock, TUNING))
        return found

    async def settled(self) -> None:
        """Until every record is applied and no dirty key is left."""
        ends = await self.log.end_positions([STATEMENTS.name, DIRECTORY.name])
        async with asyncio.timeout(60):
            while not await self._is_settled({each: end for each, end in ends.items() if end}):
                await asyncio.sleep(0.01)

    async def _is_settled(self, ends: dict[tuple[str, int], int]) -> bool:
        async with self.database.sessions() as session:
            rows = await session.execute(text("SELECT topic, partition, next_offset FROM checkpoints"))
            at = {(topic, partition): offset for topic, partition, offset in rows}
            if any(at.get(tuple(each), 0) < end for each, end in ends.items()):
                return False
            dirty = await session.scalar(
                text(
                    "SELECT EXISTS (SELECT FROM dirty_groups) OR EXISTS (SELECT FROM dirty_learners) OR "
                    "EXISTS (SELECT FROM dirty_statements) OR EXISTS (SELECT FROM dirty_registrations)"
                )
            )
            return not dirty

    async def answers(self, kpi: str, asked: Sequence[Period]) -> list[Answer]:
        async with self.database.sessions.begin() as session:
            found = await series(session, KPIS[kpi], asked, Reporting(ZONE, 1, timedelta()))
        hour = 3_600_000_000 if kpi == "learning-hours" else 1
        return [
            Answer(
                round((p.value or 0) * hour),
                None if p.numerator is None else round(p.numerator * hour),
                p.denominator,
                p.n or 0,
                p.unmatched or 0,
            )
            for p in found.points
        ]


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    await migrate(database_url, "metrics", "praxis_metrics")
    log = await PostgresLog.open(database_url)
    await log.ensure_topics(TOPICS)
    database = await open_service(database_url, "metrics", pool_size=16)
    yield World(log, database)
    await database.close()
    await log.close()


def statement(told: Told) -> NewRecord:
    body = json.dumps(told.body).encode()
    id_ = UUID(told.body["id"])
    return statement_record(id_, body, told.body["stored"], told.credential, id_assigned=told.id_assigned)


def event(heard: Heard) -> NewRecord:
    type_ = f"praxis.people.{heard.type}.v1"
    return Event(heard.id, heard.source, type_, json.dumps(heard.data).encode()).to_record(DIRECTORY.name)


async def append_slowly(log: EventLog, records: Sequence[NewRecord], pauses: Sequence[bool]) -> list[Position]:
    positions: list[Position] = []
    for index, record in enumerate(records):
        positions += await log.append([record])
        if pauses[index % len(pauses)]:
            await asyncio.sleep(0.02)
    return positions


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    told=logs_of_statements(),
    heard=logs_of_the_directory,
    pauses=st.lists(st.booleans(), min_size=1, max_size=5),
    ahead=st.booleans(),
)
async def test_every_kpi_is_what_a_naive_recomputation_gives(
    world: World, told: list[Told], heard: list[Heard], pauses: list[bool], ahead: bool
) -> None:
    await world.fresh()
    statements, events = [statement(t) for t in told], [event(h) for h in heard]
    async with AsyncExitStack() as stack:
        if ahead:
            await world.log.append([*events, *statements])
        await stack.enter_async_context(running(world.workers()))
        if not ahead:
            half = len(statements) // 2
            await asyncio.gather(
                append_slowly(world.log, events, pauses),
                append_slowly(world.log, statements[:half], [False]),
            )
            await append_slowly(world.log, statements[half:], pauses[::-1])
        await world.settled()
    oracle = Oracle(told, heard, ZONE)
    for kpi in KPIS:
        for grain in (Grain.DAY, Grain.MONTH):
            asked = periods(FIRST_DAY, LAST_DAY, grain)
            assert await world.answers(kpi, asked) == [oracle.answer(kpi, *period) for period in asked], (kpi, grain)
