"""An organisation of 10,000 people over three years: what publishing its figures costs, and asking for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from bench import asking, publishing
from bench.comparison import Limit
from bench.http_client import Client
from bench.organisation import LAST, STATEMENTS, make, state
from bench.serving import KEY, SECRET, server
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_metrics.partitions import Months
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate

TIMES_MORE = 4


async def publishing_and_asking(folder: Path) -> list[Limit]:
    """Asked twice: with one number of statements, and with ``TIMES_MORE`` of them; the answers are the same."""
    async with _database(folder) as (postgres, database, connection):
        await make(connection)
        await Months(database.sessions).ensure({LAST})
        found = list(await publishing.whole_and_by_day(database))
        environment = {"PRAXIS_LOG": "postgres"}
        async with server(postgres.url("metrics"), ("bench.asking_server",), "kpis/read", environment) as port:
            client = await Client.open("127.0.0.1", port, KEY, SECRET)
            for before, after in ((0, STATEMENTS), (STATEMENTS, STATEMENTS * TIMES_MORE)):
                found += await asking.answers(client, connection, await state(connection, before, after))
            await client.close()
        return found


@asynccontextmanager
async def _database(folder: Path) -> AsyncIterator[tuple[EmbeddedPostgres, ServiceDatabase, asyncpg.Connection]]:
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    try:
        await postgres.ensure_database("metrics")
        await migrate(postgres.url("metrics"), "metrics", "praxis_metrics")
        database = await open_service(postgres.url("metrics"), "metrics")
        connection: asyncpg.Connection = await postgres.connect("metrics")
        await connection.execute(f"SET search_path TO {database.schema}, {database.service}")
        yield postgres, database, connection
        await connection.close()
        await database.close()
    finally:
        await postgres.stop()
