"""One database with metrics' tables and one log for all tests here; each test begins with empty tables."""

from collections.abc import AsyncIterator

import pytest

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.postgres_log import PostgresLog
from praxis_events.topics import TOPICS
from praxis_metrics.kpis import KPIS
from praxis_service.database import open_service
from praxis_service.migrations import migrate
from tests.services.metrics.world import World


@pytest.fixture(scope="session")
async def shared_world(postgres: EmbeddedPostgres) -> AsyncIterator[World]:
    await postgres.ensure_database("metrics_world")
    url = postgres.url("metrics_world")
    await migrate(url, "metrics", "praxis_metrics")
    log = await PostgresLog.open(url)
    await log.ensure_topics(TOPICS)
    database = await open_service(url, "metrics", pool_size=16)
    yield World(log, database)
    await database.close()
    await log.close()


@pytest.fixture
async def world(shared_world: World, request: pytest.FixtureRequest) -> World:
    """What is published is what a module names: its ``KPI``, or ``PUBLISHED``; else all KPIs."""
    world = World(shared_world.log, shared_world.database)
    kpi = getattr(request.module, "KPI", None)
    world.kpis = getattr(request.module, "PUBLISHED", [kpi] if isinstance(kpi, str) else tuple(KPIS))
    await world.fresh()
    return world
