"""A projection waits for its database and its log, and goes on by itself where it was."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import chain

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker

from praxis_embedded.kafka import EmbeddedKafka
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events import instruments, kafka_subscription
from praxis_events.checkpoint import CHECKPOINTS
from praxis_events.log import EventLog, LogUnavailable, Topic
from praxis_events.topics import DEAD_LETTERS
from praxis_service.database import engine_for
from tests.contract.adapters import Kafka, Postgres
from tests.contract.records import from_start, names
from tests.libs.events.projecting import EFFECTS, Projecting, metric, running

TOPIC = Topic("outages", 3)


@asynccontextmanager
async def projecting_on(log: EventLog, database_url: str) -> AsyncIterator[Projecting]:
    await log.ensure_topics([TOPIC, DEAD_LETTERS])
    engine = engine_for(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(CHECKPOINTS.create)
        await connection.exec_driver_sql(EFFECTS)
    yield Projecting(log, TOPIC.name, async_sessionmaker(engine))
    await engine.dispose()
    await log.close()


async def test_the_database_that_is_also_the_log_is_killed_and_comes_back(own_postgres: EmbeddedPostgres) -> None:
    log = await Postgres(own_postgres.url()).open(2.0)
    async with projecting_on(log, own_postgres.url()) as projecting, running(projecting.runner()):
        written = await append_some(projecting, "before")
        waits = metric(instruments.RETRIES, TOPIC.name)
        own_postgres.kill()
        await until_waiting(waits)
        await until_behind(seconds=3)
        await own_postgres.start()
        written += await append_some(projecting, "after")
        await projecting.until_applied()
        await assert_once(projecting, written)


async def test_the_brokers_are_killed_and_come_back(
    own_kafka: EmbeddedKafka, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_subscription, "SESSION_SECONDS", 6)  # the least that a broker takes
    log = await Kafka(own_kafka.bootstrap).open(2.0)
    async with projecting_on(log, database_url) as projecting, running(projecting.runner()):
        written = await append_some(projecting, "before")
        waits = metric(instruments.RETRIES, TOPIC.name)
        await own_kafka.kill()
        await until_waiting(waits)
        await own_kafka.start()
        written += await append_some(projecting, "after")
        await projecting.until_applied()
        await assert_once(projecting, written)


async def append_some(projecting: Projecting, prefix: str) -> list[str]:
    """The names that were acknowledged; one that was not may be there too."""
    written: list[str] = []
    async with asyncio.timeout(60):
        while len(written) < 60:
            name = f"{prefix}.{len(written)}"
            with suppress(LogUnavailable):
                await projecting.log.append([projecting.record(name, partition=len(written) % 3)])
                written.append(name)
    return written


async def until_behind(seconds: float) -> None:
    """The lag grows though nobody can ask where the log ends."""
    async with asyncio.timeout(120):
        while metric(instruments.LAG_SECONDS, TOPIC.name) < seconds:
            await asyncio.sleep(0.05)


async def until_waiting(before: float) -> None:
    async with asyncio.timeout(120):
        while metric(instruments.RETRIES, TOPIC.name) < before + 2:
            await asyncio.sleep(0.05)


async def assert_once(projecting: Projecting, written: list[str]) -> None:
    """Each record of the log once: a name that was appended again after an unknown outcome may stand there twice."""
    async with projecting.log.subscribe([TOPIC.name], f"{TOPIC.name}.all", from_start) as reader:
        total = sum((await projecting.log.end_positions([TOPIC.name])).values())
        stored: Counter[str] = Counter()
        while sum(reader.positions().values()) < total:
            stored.update(names(list(chain.from_iterable((await reader.fetch(1000, 0.5)).values()))))
    assert await projecting.effects() == stored
    assert stored.keys() >= set(written)
