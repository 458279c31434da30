"""The event door on a real log and a real database, without a network before it."""

import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from praxis_events.clock import system_clock
from praxis_events.envelope import Event
from praxis_events.log import EventLog, Positions, TopicPartition
from praxis_events.postgres_log import PostgresLog
from praxis_events.runner import Runner
from praxis_events.topics import TOPICS
from praxis_ingest.events.door import EventDoor
from praxis_ingest.events.modes import BATCHED, STRUCTURED
from praxis_ingest.events.routes import events_router
from praxis_ingest.events.seen import EventsSeen, SeenEvent
from praxis_ingest.sources.feeds import Feeds
from praxis_service import credentials, openapi, problem
from praxis_service.access.access import Access
from praxis_service.access.audit import Audit
from praxis_service.auth import Authenticator
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate, migrate_access
from praxis_service.settings import Settings

SECRET = "secret"
CREDENTIALS = {
    "admin": ["all"],
    "tracker": ["events/write"],
    "hr": ["events/write:praxis.people."],
    "spokesman": ["events/write", "act-as"],
    "reader": ["kpis/read"],
}


@dataclass(frozen=True, slots=True)
class Serving:
    app: FastAPI
    client: httpx.AsyncClient
    log: EventLog
    database: ServiceDatabase

    async def send(self, sent: Any, key: str = "admin", query: str = "") -> httpx.Response:
        """One event in structured mode, or a list of them as a batch."""
        media_type = BATCHED if isinstance(sent, list) else STRUCTURED
        return await self.post(json.dumps(sent).encode(), {"content-type": media_type}, key, query)

    async def post(self, body: bytes, headers: dict[str, str], key: str = "admin", query: str = "") -> httpx.Response:
        return await self.client.post(f"/events{query}", content=body, headers=headers, auth=(key, SECRET))

    async def on_log(self) -> list[Event]:
        """Every event on the log, by topic, in order."""
        ends = await self.log.end_positions([topic.name for topic in TOPICS])
        filled = {at for at, end in ends.items() if end > 0}
        found: list[Event] = []
        async with self.log.subscribe([at.topic for at in filled], "test", from_the_start) as reader:
            while any(reader.positions().get(at, 0) < ends[at] for at in filled):
                for _, records in sorted((await reader.fetch(1_000, 1.0)).items()):
                    found += [Event.from_record(record) for record in records]
        return found

    def runner(self) -> Runner[SeenEvent]:
        return Runner(EventsSeen(), self.log, self.database.sessions, system_clock)

    def restarted(self, settings: Settings) -> FastAPI:
        """Another replica: the same log and database, nothing remembered."""
        return app_of(self.log, self.database, settings)


async def from_the_start(partitions: Collection[TopicPartition]) -> Positions:
    return dict.fromkeys(partitions, 0)


def app_of(log: EventLog, database: ServiceDatabase, settings: Settings) -> FastAPI:
    app = FastAPI()
    problem.install(app)
    openapi.describe(app)
    door = EventDoor(log, database.engine, system_clock)
    access = Access(Authenticator(database.engine), Audit(database.engine, system_clock))
    app.include_router(events_router(door, Feeds(system_clock), access, settings))
    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Serving]:
    await migrate_access(settings.database_url)
    await migrate(settings.database_url, "ingest", "praxis_ingest")
    database = await open_service(settings.database_url, "ingest")
    for key, scopes in CREDENTIALS.items():
        await credentials.create(database.engine, scopes, key, SECRET)
    log = await PostgresLog.open(settings.database_url, append_timeout=settings.append_timeout)
    await log.ensure_topics(TOPICS)
    app = app_of(log, database, settings)
    try:
        async with client_of(app) as client:
            yield Serving(app, client, log, database)
    finally:
        await log.close()
        await database.close()
