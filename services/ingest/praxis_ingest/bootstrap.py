"""Ingest's composition root: the only place where its adapters are chosen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from praxis_events.runner import Runner
from praxis_ingest.consistency import CaughtUp
from praxis_ingest.events.door import EventDoor
from praxis_ingest.events.routes import events_router
from praxis_ingest.events.seen import EventsSeen
from praxis_ingest.identities.reading import IdentityReader
from praxis_ingest.identities.routes import IdentityRoutes
from praxis_ingest.scim.door import ScimDoor
from praxis_ingest.scim.routes import ScimRoutes
from praxis_ingest.sources.feeds import Feeds
from praxis_ingest.sources.keeping import Keeper
from praxis_ingest.sources.routes import SourceRoutes
from praxis_ingest.statements.consistency import StoreConsistency
from praxis_ingest.statements.door import StatementDoor, credential_authority
from praxis_ingest.statements.reading import StatementReader
from praxis_ingest.statements.routes import StatementRoutes
from praxis_ingest.statements.store import StatementStore
from praxis_ingest.versions import about_router
from praxis_service.access.access import Access
from praxis_service.database import open_service
from praxis_service.service import Check, Context, Service, Worker

NAME = "ingest"


@asynccontextmanager
async def api(app: FastAPI, context: Context, access: Access) -> AsyncIterator[Check]:
    settings = context.settings
    database = await open_service(settings.database_url, NAME)
    door = StatementDoor(context.log, database.reads, context.clock, credential_authority(settings.base_url))
    margin = settings.append_timeout + settings.clock_skew
    consistency = StoreConsistency(database, context.log, context.clock, settings.read_wait, margin)
    reader = StatementReader(database.reads)
    events = EventDoor(context.log, database.reads, context.clock)
    feeds = Feeds(context.clock)
    keeper = Keeper(feeds, database.reads)
    # Nearly all requests are for these: first, and not by way of an included router, which costs each of them more.
    app.router.routes[:0] = StatementRoutes(door, reader, consistency, feeds, access, settings).router().routes
    app.include_router(about_router())
    app.include_router(events_router(events, feeds, access, settings))
    leaves = settings.scim_deactivated == "left"
    scim = ScimDoor(context.log, database.sessions, context.clock, deactivated_leaves=leaves)
    app.include_router(ScimRoutes(scim, database.sessions, feeds, access, settings).router())
    topics = {each.name: each.topics for each in (StatementStore, EventsSeen)}
    caught_up = CaughtUp(database, context.log, settings.read_wait, topics)
    identities = IdentityReader(database.sessions)
    app.include_router(IdentityRoutes(database, identities, caught_up, access).router())
    app.include_router(SourceRoutes(keeper, access).router())
    try:
        async with database.following(), keeper.writing():
            yield database.ready
    finally:
        await database.close()


@asynccontextmanager
async def workers(context: Context) -> AsyncIterator[list[Worker]]:
    database = await open_service(context.settings.database_url, NAME, context.generation)
    try:
        yield [
            Runner(StatementStore(), context.log, database.sessions, context.clock, group=database.schema),
            Runner(EventsSeen(), context.log, database.sessions, context.clock, group=database.schema),
        ]
    finally:
        await database.close()


SERVICE = Service(name=NAME, package="praxis_ingest", api=api, workers=workers)
