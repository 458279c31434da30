"""A log, a migrated database and a decider that is run by hand, until it has passed the log's end."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import text

from praxis_events.clock import system_clock
from praxis_events.contracts import contract_for
from praxis_events.envelope import Event
from praxis_events.log import EventLog
from praxis_events.postgres_log import PostgresLog
from praxis_events.runner import Runner, Tuning
from praxis_events.topics import TOPICS
from praxis_incentives.consistency import Consistency
from praxis_incentives.decider.facts import Fact
from praxis_incentives.decider.projection import Decider
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate
from tests.fixtures.installation import running
from tests.services.incentives.build import policy_data

POLICY = "praxis.programme.policy-published.v1"
SYSTEM = "praxis.programme.system-registered.v1"
APPLIED = "praxis.evidence.skill-applied.v1"
LINKED, UNLINKED = "praxis.people.identity-linked.v1", "praxis.people.identity-unlinked.v1"
SOURCE = "/tests"

_numbers = count(1)


@dataclass(slots=True)
class Deciding:
    log: EventLog
    database: ServiceDatabase
    batch: int = 2_000
    sent: list[Event] = field(default_factory=list)

    async def send(self, type_: str, data: dict[str, Any], **changes: Any) -> Event:
        """Put an event on its topic; not yet decided on."""
        known = {"id": f"e-{next(_numbers)}", "source": SOURCE, "principal": "work"} | changes
        event = Event(type=type_, data=msgspec.json.encode(data), **known)
        await self.append(event)
        return event

    async def append(self, event: Event) -> None:
        contract = contract_for(event.type)
        assert contract is not None
        contract.model.model_validate_json(event.data)
        await self.log.append([event.to_record(contract.topic.name)])
        self.sent.append(event)

    async def publish(self, version: int = 1, effective_from: str = "2026-01-01T00:00:00Z", **asked: Any) -> Event:
        return await self.send(POLICY, policy_data(version, **asked) | {"effective_from": effective_from})

    async def apply_skill(self, number: int, kind: str = "manager-verification", **changes: Any) -> Event:
        """Evidence for ``p-1`` about an artefact of its own, vouched for by somebody of its own."""
        data: dict[str, Any] = {
            "learner": {"person_id": "p-1"},
            "skill": "python",
            "kind": kind,
            "attested_by": {"person_id": f"m-{number}"},
            "artefact": {"system": "github", "id": f"acme/app#{number}"},
            "occurred_at": f"2026-03-{number:02}T10:00:00Z",
        }
        given = {name: value for name, value in (data | changes).items() if value is not None}
        return await self.send(APPLIED, given)

    async def rescind(self, event: Event, area: str = "evidence") -> Event:
        undone = {"event": {"source": event.source, "id": event.id}, "reason": "sent by mistake"}
        return await self.send(f"praxis.{area}.rescinded.v1", undone)

    async def link(self, person_id: str, mbox: str, type_: str = LINKED) -> Event:
        return await self.send(type_, {"person_id": person_id, "identifiers": [{"mbox": f"mailto:{mbox}"}]})

    async def decide(self) -> list[str]:
        """Run the decider to the end of the log; the outcomes that this added to the ledger, oldest first."""
        before = await self.ledger_size()
        async with running([self.runner()]):
            await self.until_caught_up()
        return [body["outcome"] for body in await self.bodies()][before:]

    def runner(self) -> Runner[Fact]:
        tuning = Tuning(batch=self.batch, idle_seconds=0.02)
        return Runner(Decider(), self.log, self.database.sessions, system_clock, tuning)

    async def until_caught_up(self) -> None:
        freshness = await Consistency(self.database, self.log, system_clock, 60).wait()
        assert freshness.consistent

    async def bodies(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(body) for body in await self.raw_bodies()]

    async def raw_bodies(self) -> list[bytes]:
        return [bytes(row.body) for row in await self.query("SELECT body FROM ledger ORDER BY ledger_index")]

    async def ledger_size(self) -> int:
        return len(await self.raw_bodies())

    async def query(self, sql: str) -> Sequence[Any]:
        async with self.database.engine.connect() as connection:
            return (await connection.execute(text(sql))).all()


@asynccontextmanager
async def deciding(database_url: str) -> AsyncIterator[Deciding]:
    await migrate(database_url, "incentives", "praxis_incentives")
    log = await PostgresLog.open(database_url, append_timeout=5.0)
    await log.ensure_topics(TOPICS)
    database = await open_service(database_url, "incentives")
    try:
        yield Deciding(log, database)
    finally:
        await database.close()
        await log.close()
