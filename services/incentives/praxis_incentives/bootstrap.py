"""The composition root of incentives: the only place where its adapters are chosen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from praxis_events import checkpoint
from praxis_events.checkpoint import CheckpointConflict
from praxis_events.runner import Runner
from praxis_incentives.casework.acting import Casework
from praxis_incentives.casework.routes import CaseRoutes
from praxis_incentives.consistency import Consistency
from praxis_incentives.decider.folding import Folding
from praxis_incentives.decider.projection import Decider
from praxis_incentives.decider.worker import DeciderWorker
from praxis_incentives.decisions.reading import DecisionReader
from praxis_incentives.decisions.routes import DecisionRoutes
from praxis_incentives.publications import PolicyRoutes
from praxis_incentives.relay import Relay
from praxis_incentives.reporting import Reporting
from praxis_incentives.simulating.routes import SimulationRoutes
from praxis_service.access.access import Access
from praxis_service.database import open_service
from praxis_service.service import Check, Context, Service, Worker

NAME = "incentives"
HANDED_OVER = "handed over to the next generation"


@asynccontextmanager
async def api(app: FastAPI, context: Context, access: Access) -> AsyncIterator[Check]:
    database = await open_service(context.settings.database_url, NAME)
    consistency = Consistency(database, context.log, context.clock, context.settings.read_wait)
    reader = DecisionReader(database.sessions)
    casework = Casework(database.sessions, context.log, context.clock)
    app.include_router(DecisionRoutes(reader, consistency, access, context.clock).router())
    app.include_router(CaseRoutes(casework, reader, consistency, access).router())
    app.include_router(SimulationRoutes(database.sessions, consistency, access).router())
    app.include_router(PolicyRoutes(database.sessions, context.clock, consistency, access.authenticate).router())
    try:
        async with database.following():
            yield database.ready
    finally:
        await database.close()


@asynccontextmanager
async def workers(context: Context) -> AsyncIterator[list[Worker]]:
    database = await open_service(context.settings.database_url, NAME, context.generation)
    log, sessions, group = context.log, database.sessions, database.schema
    folding = Folding(log, sessions, group)
    reporting = Runner(Reporting(), log, sessions, context.clock, group=group)
    try:
        if context.rebuilt:
            yield [folding, reporting]
        else:
            runner = Runner(Decider(), log, sessions, context.clock, group=group)
            yield [DeciderWorker(folding, runner), Relay(log, database.engine, clock=context.clock), reporting]
    finally:
        await database.close()


async def hand_over(context: Context) -> None:
    """The generation decides no more, and all that it decided is on the log."""
    database = await open_service(context.settings.database_url, NAME, context.generation)
    try:
        async with database.sessions.begin() as session:
            for partition, at in (await checkpoint.lock_all(session, Decider.name)).items():
                with suppress(CheckpointConflict):  # stopped already, by a rebuild that did not come to its end
                    await checkpoint.stop(session, Decider.name, partition, at, HANDED_OVER)
        await Relay(context.log, database.engine).drain()
    finally:
        await database.close()


SERVICE = Service(name=NAME, package="praxis_incentives", api=api, workers=workers, hand_over=hand_over)
