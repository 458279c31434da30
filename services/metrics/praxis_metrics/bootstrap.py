"""The composition root of metrics: the only place where adapters are chosen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from praxis_events.runner import Runner, Tuning
from praxis_metrics import statistics
from praxis_metrics.answering import Answers
from praxis_metrics.api import kpi_router
from praxis_metrics.dashboard.routes import DashboardRoutes
from praxis_metrics.directory import Directory, DirectoryEvent
from praxis_metrics.facts import BATCH, StatementFacts
from praxis_metrics.findings import Finding
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.programme.freshness import DirectoryRead
from praxis_metrics.programme.pathways.routes import pathway_router
from praxis_metrics.programme.pilots.routes import pilot_router
from praxis_metrics.programme.record_routes import record_router
from praxis_metrics.programme.routes import ProgrammeRoutes
from praxis_metrics.programme.skill_routes import skill_router
from praxis_metrics.publisher import Publisher
from praxis_metrics.refresher import Refresher
from praxis_metrics.reporting_zone import declared_zone
from praxis_metrics.said import taking
from praxis_metrics.said.projection import Events
from praxis_metrics.series import Reporting
from praxis_metrics.statements import Taken
from praxis_metrics.watermark import watermark
from praxis_service.access.access import Access
from praxis_service.database import open_service
from praxis_service.service import Check, Context, Service, Worker


@asynccontextmanager
async def api(app: FastAPI, context: Context, access: Access) -> AsyncIterator[Check]:
    settings = context.settings
    database = await open_service(settings.database_url, "metrics")
    reporting = Reporting(settings.zone, settings.allowed_lateness)
    answers = Answers(database, reporting, context.clock)
    app.include_router(kpi_router(answers, access.authenticate))
    app.include_router(DashboardRoutes(answers, access.authenticate).router())
    app.include_router(ProgrammeRoutes(database.sessions, access.authenticate, reporting, context.clock).router())
    app.include_router(pathway_router(database.sessions, access.authenticate, reporting, context.clock))
    app.include_router(pilot_router(database.sessions, access.authenticate, reporting, context.clock))
    app.include_router(skill_router(database.sessions, access.authenticate, context.clock))
    directory = DirectoryRead(database.sessions, context.log, settings.read_wait)
    app.include_router(record_router(database, access, reporting, context.clock, directory))

    try:
        async with database.following():
            yield database.ready
    finally:
        await database.close()


@asynccontextmanager
async def workers(context: Context) -> AsyncIterator[list[Worker]]:
    database = await open_service(context.settings.database_url, "metrics", context.generation)
    sessions = database.sessions
    zone = await declared_zone(sessions, context.settings.zone)
    settings = context.settings
    publishing = sessions, zone, settings.suppression_threshold, settings.allowed_lateness, context.clock
    facts = StatementFacts(sessions, zone)
    try:
        yield [
            Runner[Taken](facts, context.log, sessions, context.clock, Tuning(batch=BATCH), group=database.schema),
            Runner[DirectoryEvent](Directory(zone), context.log, sessions, context.clock, group=database.schema),
            Runner[taking.Taken](Events(sessions, zone), context.log, sessions, context.clock, group=database.schema),
            Refresher(sessions, zone, context.clock),
            *(Publisher(*publishing, only=only) for only in (Kpi, Finding)),
        ]
    finally:
        statistics.close()
        await database.close()


SERVICE = Service("metrics", "praxis_metrics", api, workers, settled_through=watermark)
