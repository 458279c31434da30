"""Facts and what is computed from them, against COPY of the same facts into tables like theirs."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
from sqlalchemy import text

from bench import samples
from bench.comparison import Result, compare
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.clock import system_clock
from praxis_events.log import Record
from praxis_events.statement_records import statement_record
from praxis_events.times import format_time
from praxis_metrics.facts import BATCH, COLUMNS, StatementFacts
from praxis_metrics.refresher import Refresher
from praxis_metrics.statements import Fact, Taken, take
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate

Row: TypeAlias = tuple[Any, ...]
"""Of ``facts``, in the order of its columns."""

FACTS = 6 * BATCH
"""Of a round: a backlog, so that reading and refreshing are at work side by side."""

APPENDED_MS = 1_774_000_000_000
ZONE = ZoneInfo("UTC")
BARE = (
    "CREATE TABLE bare_facts (LIKE facts INCLUDING ALL)",
    "CREATE TABLE bare_seen (LIKE statement_seen INCLUDING ALL)",
    "SET synchronous_commit TO off",
)


class Numbers:
    """What the dictionaries do, for the ceiling's rows."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def row(self, fact: Fact) -> Row:
        return (
            fact.at,
            self._number(fact.actor),
            self._number(fact.course),
            self._number(fact.activity),
            None if fact.registration is None else self._number(fact.registration),
            self._number(fact.verb),
            fact.duration_ms,
            fact.statement_id,
            fact.fingerprint,
        )

    def _number(self, key: object) -> int:
        return self._known.setdefault(key, len(self._known))


class Metrics:
    """The same learners' history goes on from round to round, so that both tables grow.

    Product: the projection's transactions, of as many statements as the runner takes at once, and beside them the
    refresher, as in the product's process, until nothing is left to refresh. Ceiling: a transaction of COPY for each of
    these, into tables like those that hold the facts, with all their indexes: ``facts`` and ``statement_seen``, which
    keeps each statement's id unique.
    """

    title, unit = "facts and refresh", "statements"
    target: float | None = 0.4

    def __init__(self, database: ServiceDatabase, bare: asyncpg.Connection) -> None:
        self._database, self._bare = database, bare
        self._projection = StatementFacts(database.sessions, ZONE)
        self._refresher = Refresher(database.sessions, ZONE)
        self._history, self._numbers = samples.statements(), Numbers()
        self._batches: list[list[Taken]] = []
        self._rows: list[list[Row]] = []

    async def prepare(self) -> None:
        records = [_record(each, offset) for offset, each in enumerate(islice(self._history, FACTS))]
        self._batches = [[take(record) for record in part] for part in _parts(records, BATCH)]
        self._rows = [[self._numbers.row(fact) for fact in part if isinstance(fact, Fact)] for part in self._batches]

    async def product(self) -> int:
        reading = asyncio.create_task(self._read())
        is_read = False
        while await self._refresher.step() or not is_read:
            is_read = reading.done()
        await reading
        return FACTS

    async def _read(self) -> None:
        for batch in self._batches:
            async with self._database.sessions.begin() as session:
                await session.execute(text("SET LOCAL synchronous_commit TO off"))
                await self._projection.apply(session, batch)

    async def ceiling(self) -> int:
        for rows in self._rows:
            seen = [(row[7], row[1], row[0]) for row in rows]
            async with self._bare.transaction():
                await self._bare.copy_records_to_table("bare_facts", records=rows, columns=COLUMNS)
                await self._bare.copy_records_to_table("bare_seen", records=seen)
        return FACTS


async def facts_and_refresh(folder: Path) -> list[Result]:
    async with _database(folder) as (database, bare):
        return [await compare(Metrics(database, bare))]


@asynccontextmanager
async def _database(folder: Path) -> AsyncIterator[tuple[ServiceDatabase, asyncpg.Connection]]:
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    try:
        await postgres.ensure_database("metrics")
        await migrate(postgres.url("metrics"), "metrics", "praxis_metrics")
        database = await open_service(postgres.url("metrics"), "metrics")
        bare: asyncpg.Connection = await postgres.connect("metrics")
        for statement in (f"SET search_path TO {database.schema}", *BARE):
            await bare.execute(statement)
        yield database, bare
        await bare.close()
        await database.close()
    finally:
        await postgres.stop()


def _record(statement: dict[str, Any], offset: int) -> Record:
    stored = format_time(system_clock())
    body = msgspec.json.encode(statement | {"stored": stored})
    made = statement_record(UUID(statement["id"]), body, stored, "bench", id_assigned=False)
    return Record(made.topic, made.partition, offset, made.key, made.value, made.headers, APPENDED_MS)


def _parts(records: Sequence[Record], size: int) -> Iterator[Sequence[Record]]:
    return (records[start : start + size] for start in range(0, len(records), size))
