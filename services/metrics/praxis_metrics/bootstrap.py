"""The composition root of metrics: the only place where adapters are chosen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from praxis_events.runner import Runner
from praxis_metrics.api import kpi_router
from praxis_metrics.directory import Directory, DirectoryEvent
from praxis_metrics.facts import StatementFacts
from praxis_metrics.refresher import Refresher
from praxis_metrics.series import Reporting
from praxis_metrics.statements import Taken
from praxis_service.auth import Authenticator
from praxis_service.database import open_service
from praxis_service.service import Check, Context, Service, Worker


@asynccontextmanager
async def api(app: FastAPI, context: Context) -> AsyncIterator[Check]:
    settings = context.settings
    database = await open_service(settings.database_url, "metrics")
    reporting = Reporting(settings.zone, settings.suppression_threshold, settings.allowed_lateness)
    app.include_router(kpi_router(database.sessions, Authenticator(database.engine), reporting, context.clock))

    async def ready() -> str | None:
        try:
            async with database.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            return "the database does not answer"
        return None

    try:
        yield ready
    finally:
        await database.close()


@asynccontextmanager
async def workers(context: Context) -> AsyncIterator[list[Worker]]:
    database = await open_service(context.settings.database_url, "metrics")
    zone, sessions = context.settings.zone, database.sessions
    try:
        yield [
            Runner[Taken](StatementFacts(sessions, zone), context.log, sessions, context.clock),
            Runner[DirectoryEvent](Directory(zone), context.log, sessions, context.clock),
            Refresher(sessions, zone),
        ]
    finally:
        await database.close()


SERVICE = Service("metrics", "praxis_metrics", api, workers)
