"""The composition root of incentives: the only place where its adapters are chosen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from praxis_events.runner import Runner
from praxis_incentives.consistency import DeciderConsistency
from praxis_incentives.decider.projection import Decider
from praxis_incentives.decisions.reading import DecisionReader
from praxis_incentives.decisions.routes import DecisionRoutes
from praxis_incentives.publications import PolicyRoutes
from praxis_incentives.relay import Relay
from praxis_service.auth import Authenticator
from praxis_service.database import open_service
from praxis_service.service import Check, Context, Service, Worker

NAME = "incentives"


@asynccontextmanager
async def api(app: FastAPI, context: Context) -> AsyncIterator[Check]:
    database = await open_service(context.settings.database_url, NAME)
    authenticate = Authenticator(database.engine)
    consistency = DeciderConsistency(database.sessions, context.log, context.clock, context.settings.read_wait)
    app.include_router(DecisionRoutes(DecisionReader(database.sessions), consistency, authenticate).router())
    app.include_router(PolicyRoutes(database.sessions, context.clock, consistency, authenticate).router())
    try:
        yield database.ready
    finally:
        await database.close()


@asynccontextmanager
async def workers(context: Context) -> AsyncIterator[list[Worker]]:
    database = await open_service(context.settings.database_url, NAME)
    try:
        yield [
            Runner(Decider(), context.log, database.sessions, context.clock),
            Relay(context.log, database.engine),
        ]
    finally:
        await database.close()


SERVICE = Service(name=NAME, package="praxis_incentives", api=api, workers=workers)
