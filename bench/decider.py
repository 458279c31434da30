"""Decisions against ``executemany`` of the ledger rows that they are, encoding included."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from bench.comparison import Result, compare
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.contracts.recognition import DecisionData, leaf_hash
from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_events.topics import EVIDENCE, PROGRAMME
from praxis_incentives.decider.facts import Fact, read_fact
from praxis_incentives.decider.projection import Decider
from praxis_incentives.ledger import ledger_body
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate

LEARNERS, ITEMS = 40, 4
"""A round's new learners and the evidence of each: every item is decided on, the second is enough for a badge."""

APPENDED_MS = 1_774_000_000_000
POLICY = {
    "policy": "python-in-practice",
    "version": 1,
    "owner": {"person_id": "owner"},
    "skills": ["python"],
    "reward": {"type": "badge", "name": "Python in practice"},
    "effective_from": "2026-01-01T00:00:00Z",
}
_INSERT = (
    "INSERT INTO bare (ledger_index, decision, policy, learner, outcome, decided_at, body, leaf) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
)


class Decisions:
    """Product: one transaction of evidence through the decider. Ceiling: one transaction of the ledger rows that the
    round before gave, encoded and written into a table like the ledger."""

    title, unit = "decider", "decisions"
    target: float | None = None

    def __init__(self, database: ServiceDatabase, bare: asyncpg.Connection) -> None:
        self._database, self._bare = database, bare
        self._decider = Decider()
        self._learners, self._offsets = count(1), count()
        self._facts: list[Fact] = []
        self._decisions: list[DecisionData] = []
        self._decided = 0

    async def begin(self) -> None:
        """Publish the policy and decide a round, so that the first ceiling has its rows."""
        await self._apply([_fact(PROGRAMME.name, 0, "praxis.programme.policy-published.v1", POLICY)])
        await self._apply(self._evidence())

    async def prepare(self) -> None:
        bodies = await self._bare.fetch(
            "SELECT body FROM ledger WHERE ledger_index >= $1 ORDER BY ledger_index", self._decided
        )
        self._decided += len(bodies)
        self._decisions = [DecisionData.model_validate_json(row["body"]) for row in bodies]
        self._facts = self._evidence()

    async def product(self) -> int:
        await self._apply(self._facts)
        return int(await self._bare.fetchval("SELECT max(ledger_index) + 1 FROM ledger")) - self._decided

    async def ceiling(self) -> int:
        async with self._bare.transaction():
            await self._bare.executemany(_INSERT, [_row(each) for each in self._decisions])
        return len(self._decisions)

    def _evidence(self) -> list[Fact]:
        learners = [next(self._learners) for _ in range(LEARNERS)]
        return [
            _fact(EVIDENCE.name, next(self._offsets), "praxis.evidence.skill-applied.v1", _applied(learner, item))
            for item in range(ITEMS)
            for learner in learners
        ]

    async def _apply(self, facts: list[Fact]) -> None:
        async with self._database.sessions.begin() as session:
            await self._decider.apply(session, facts)


async def decisions(folder: Path) -> list[Result]:
    async with _database(folder) as (database, bare):
        subject = Decisions(database, bare)
        await subject.begin()
        return [await compare(subject)]


@asynccontextmanager
async def _database(folder: Path) -> AsyncIterator[tuple[ServiceDatabase, asyncpg.Connection]]:
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    try:
        await postgres.ensure_database("incentives")
        await migrate(postgres.url("incentives"), "incentives", "praxis_incentives")
        database = await open_service(postgres.url("incentives"), "incentives")
        bare: asyncpg.Connection = await postgres.connect("incentives")
        await bare.execute(f"SET search_path TO {database.schema}")
        await bare.execute("CREATE TABLE bare (LIKE ledger INCLUDING ALL)")
        yield database, bare
        await bare.close()
        await database.close()
    finally:
        await postgres.stop()


def _row(data: DecisionData) -> tuple[Any, ...]:
    body = ledger_body(data)
    identity = (data.ledger_index, data.decision, data.policy, data.learner, data.outcome, data.decided_at)
    return (*identity, body, leaf_hash(body))


def _fact(topic: str, offset: int, type_: str, data: dict[str, Any]) -> Fact:
    event = Event(id=f"{topic}-{offset}", source="/bench", type=type_, data=msgspec.json.encode(data), principal="work")
    made = event.to_record(topic)
    found = read_fact(Record(topic, 0, offset, made.key, made.value, made.headers, APPENDED_MS))
    assert found is not None
    return found


def _applied(learner: int, item: int) -> dict[str, Any]:
    return {
        "learner": {"person_id": f"learner-{learner}"},
        "skill": "python",
        "kind": "manager-verification",
        "attested_by": {"person_id": f"manager-{item}"},
        "artefact": {"system": "github", "id": f"acme/app#{learner}-{item}"},
        "occurred_at": "2026-03-10T10:00:00Z",
    }
