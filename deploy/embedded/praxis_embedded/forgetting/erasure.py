"""An erasure, step by step: the log, its disk, the read models, the credentials, the database's own leftovers.

Each step may be repeated; one that was interrupted goes on with the same pseudonym.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import asyncpg

from praxis_embedded.forgetting.journal import Journal
from praxis_embedded.forgetting.report import Report
from praxis_events import postgres_disk
from praxis_events.log import EventLog
from praxis_events.postgres_connection import dsn
from praxis_ingest.scim import erasing
from praxis_ingest.sources import store as feeds
from praxis_people.forgetting.looking import Look, append_replacements, look
from praxis_people.forgetting.redacting import Redactor
from praxis_service import credentials
from praxis_service.access import audit, sessions
from praxis_service.database import engine_for, open_service
from praxis_service.rebuilding import drop_generation, old_generations, rebuild
from praxis_service.service import Context, Service
from praxis_service.settings import Settings

ACCESS = ("access.credentials", "access.audit", "access.sessions")
"""All of the schema: whose rows are deleted or changed is on the disk until the table is written anew."""

MOST_ROUNDS = 10
"""So often what came in meanwhile is followed; more often, somebody keeps sending the person's data."""


class Steps(Protocol):
    """Shows how far each step has come."""

    def step(self, name: str) -> Callable[[int], None]: ...

    def of_total(self, name: str) -> Callable[[int, int], None]: ...


class StillComing(OSError):
    """New records that name the person keep coming in."""


class Erasure:
    def __init__(self, context: Context, services: Sequence[Service], journal: Journal, steps: Steps) -> None:
        self._context, self._services, self._journal, self._steps = context, services, journal, steps
        self._pseudonyms = journal.pseudonyms
        self._redactor = Redactor(self._pseudonyms)
        self.report = Report(self._pseudonyms.person, self._pseudonyms.too_short)

    async def run(self) -> None:
        """Raises ``LogError``, ``LookupError``, ``TimeoutError`` and ``StillComing``: the same call goes on from there.

        What somebody sends or decides by the old names, while this runs, is followed.
        """
        for _ in range(MOST_ROUNDS):
            await self._redact_log()
            await self._rebuild()
            await self._remove_credentials()
            await self._remove_kept()
            await self._clear_access()
            self.report.refused = await _release_disk(self._context.settings)
            if not (await self._look()).found:
                await audit.note_command(
                    self._context.settings.database_url, "person-forgotten", self._pseudonyms.token
                )
                self._journal.end()
                return
        raise StillComing("records that name the person keep coming in: stop who sends them, then go on")

    async def _redact_log(self) -> None:
        log: EventLog = self._context.log
        while (seen := await self._look()).found:
            self.report.add(seen)
            await append_replacements(log, seen.found, self._steps.step("replacing records"))
        await log.compact(seen.lingering, self._steps.step("compacting the log"))
        self.report.compacted += len(seen.lingering)

    async def _look(self) -> Look:
        return await look(self._context.log, self._redactor, self._steps.step("reading the log"))

    async def _rebuild(self) -> None:
        for service in self._services:
            await self._drop_others(service)  # one that was begun may have read what is no longer there
            fresh = await rebuild(service, self._context, self._steps.of_total(f"rebuilding {service.name}"))
            await self._drop_others(service)
            self.report.rebuilt[service.name] = fresh

    async def _drop_others(self, service: Service) -> None:
        url = self._context.settings.database_url
        for generation in await old_generations(url, service.name):
            await drop_generation(url, service.name, generation)

    async def _remove_credentials(self) -> None:
        engine = engine_for(self._context.settings.database_url, pool_size=1)
        try:
            for key in self._pseudonyms.person.credentials:
                self.report.credentials += await credentials.remove(engine, key)
        finally:
            await engine.dispose()

    async def _clear_access(self) -> None:
        """Late: what was read before is in the audit log by now. Sessions end, everybody's."""
        own = {key: self._pseudonyms.name(place) for key, place in self._pseudonyms.person.credentials.items()}
        engine = engine_for(self._context.settings.database_url, pool_size=1)
        try:
            await sessions.end_all(engine)
            self.report.audit += await audit.pseudonymise(engine, self._pseudonyms.exact, own)
        finally:
            await engine.dispose()

    async def _remove_kept(self) -> None:
        """What identity providers keep by SCIM, and what feeds were seen."""
        database = await open_service(self._context.settings.database_url, "ingest", pool_size=1)
        try:
            async with database.sessions.begin() as session:
                self.report.accounts += await erasing.erase(session, self._pseudonyms)
                await feeds.erase(session, self._pseudonyms)
        finally:
            await database.close()


async def _release_disk(settings: Settings) -> list[str]:
    connection = await asyncpg.connect(dsn(settings.database_url))
    try:
        return await postgres_disk.release(connection, *ACCESS, erasing.TABLE, feeds.TABLE)
    finally:
        await connection.close()
