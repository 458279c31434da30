"""A lost ledger comes back from the log: the same ids, order and bytes, and nothing is decided a second time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.topics import DECISIONS
from praxis_incentives.decider import folding as folding_module
from praxis_incentives.decider.folding import Folding, LedgerGap
from praxis_incentives.decider.recorded import Recorded
from praxis_incentives.decider.recording import Entry
from praxis_incentives.decider.worker import DeciderWorker
from praxis_incentives.relay import Relay
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate_generation
from tests.fixtures.installation import running
from tests.services.incentives.decider.test_exactly_once import assert_sound, busy
from tests.services.incentives.decider.test_reviewing import REVIEWER, casework, held
from tests.services.incentives.deciding import Deciding

TABLES = {
    "ledger": "SELECT ledger_index, decision, policy, learner, outcome, decided_at, body, leaf FROM ledger ORDER BY 1",
    "outbox": "SELECT ledger_index, log_offset FROM outbox ORDER BY 1",
    "grants": "SELECT * FROM grants ORDER BY decision",
    "cases": "SELECT * FROM cases ORDER BY policy, learner",
    "evidence": "SELECT * FROM evidence ORDER BY event",
    "policies": "SELECT * FROM policies ORDER BY policy, version",
    "claims": "SELECT * FROM identity_claims ORDER BY person_id, identifier, key",
    "reviews": "SELECT * FROM reviews ORDER BY event",
    "log_time": "SELECT * FROM log_time",
    "checkpoints": "SELECT topic, next_offset FROM checkpoints WHERE projection = 'decider' ORDER BY topic",
}

Fresh = Callable[[], Awaitable[Deciding]]


@pytest.fixture
async def fresh(decider: Deciding, database_url: str) -> AsyncIterator[Fresh]:
    """Makes deciders on the same log whose tables are empty, as after the loss of the whole database."""
    opened: list[ServiceDatabase] = []

    async def make() -> Deciding:
        generation = len(opened) + 2
        await migrate_generation(database_url, "incentives", "praxis_incentives", generation)
        opened.append(await open_service(database_url, "incentives", generation))
        return replace(decider, database=opened[-1], batch=decider.batch)

    yield make
    for database in opened:
        await database.close()


async def relay_all(decider: Deciding) -> None:
    await Relay(decider.log, decider.database.engine).drain()


async def tables(decider: Deciding) -> dict[str, list[tuple[Any, ...]]]:
    return {name: [tuple(row) for row in await decider.query(sql)] for name, sql in TABLES.items()}


def folding_of(decider: Deciding) -> Folding:
    return Folding(decider.log, decider.database.sessions, decider.database.schema)


def worker(decider: Deciding) -> DeciderWorker:
    return DeciderWorker(folding_of(decider), decider.runner())


@asynccontextmanager
async def decided(decider: Deciding, batch: int) -> AsyncIterator[None]:
    decider.batch = batch
    await busy(decider)
    await decider.decide()
    await relay_all(decider)
    yield


@pytest.mark.parametrize("batch", [1, 4, 2_000])
async def test_the_ledger_comes_back_as_it_was(decider: Deciding, fresh: Fresh, batch: int) -> None:
    async with decided(decider, batch):
        again = await fresh()
        async with running([worker(again)]):
            await again.until_caught_up()
        assert await tables(again) == await tables(decider)
        await assert_sound(again)


async def test_what_people_did_comes_back_too(decider: Deciding, fresh: Fresh) -> None:
    case = await held(decider)
    await casework(decider).act(case, "released", REVIEWER, "I asked both.", "key")
    assert await decider.decide() == ["granted"]
    await relay_all(decider)
    again = await fresh()
    async with running([worker(again)]):
        await again.until_caught_up()
    assert await tables(again) == await tables(decider)


async def test_it_goes_on_from_there(decider: Deciding, fresh: Fresh) -> None:
    async with decided(decider, 5):
        again = await fresh()
        async with running([worker(again)]):
            await again.until_caught_up()
            before = await again.ledger_size()
            await again.apply_skill(25, learner={"person_id": "p-6"})
            await again.until_caught_up()
        bodies = await again.bodies()
        assert [body["ledger_index"] for body in bodies[before:]] == [before]
        assert bodies[-1]["learner"] == "person:p-6"


async def test_facts_that_led_to_no_decision_yet_are_decided_on_afterwards(decider: Deciding, fresh: Fresh) -> None:
    async with decided(decider, 5):
        await decider.apply_skill(25, learner={"person_id": "p-9"})
        again = await fresh()
        async with running([worker(again)]):
            await again.until_caught_up()
        assert (await again.bodies())[-1]["learner"] == "person:p-9"
        assert await again.ledger_size() == await decider.ledger_size() + 1


class Interrupted(Folding):
    """Fails after its rows were written and before they are committed, as a process that is killed there does."""

    times = 5

    async def _take(self, session: AsyncSession, recorded: Recorded, entry: Entry) -> None:
        await super()._take(session, recorded, entry)
        self.times -= 1
        if self.times > 0:
            raise ConnectionError("killed before the commit")


async def test_killed_before_a_commit_it_goes_on(
    decider: Deciding, fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding_module, "BATCH", 2)
    monkeypatch.setattr(folding_module, "BACKOFF_FIRST", 0.001)
    async with decided(decider, 4):
        again = await fresh()
        await Interrupted(again.log, again.database.sessions, "test").to_end()
        assert (await tables(again))["ledger"] == (await tables(decider))["ledger"]


async def test_deciders_that_take_over_side_by_side_write_each_decision_once(
    decider: Deciding, fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding_module, "BATCH", 1)
    async with decided(decider, 4):
        again = await fresh()
        async with running([worker(again) for _ in range(3)]):
            await again.until_caught_up()
        assert await tables(again) == await tables(decider)


async def test_a_ledger_from_an_older_backup_takes_over_what_it_lacks(decider: Deciding, fresh: Fresh) -> None:
    async with decided(decider, 4):
        again = await fresh()
        await folding_of(again).to_end()
        await decider.apply_skill(25, learner={"person_id": "p-9"})
        await decider.decide()
        await relay_all(decider)
        async with running([worker(again)]):
            await again.until_caught_up()
        assert await tables(again) == await tables(decider)


async def test_a_missing_decision_stops_it(decider: Deciding, fresh: Fresh) -> None:
    async with decided(decider, 4):
        async with decider.database.engine.begin() as connection:
            await connection.execute(
                text(
                    "DELETE FROM log.records r USING log.heads h "
                    'WHERE h.id = r.head AND h.topic = :topic AND "offset" = 3'
                ),
                {"topic": DECISIONS.name},
            )
        again = await fresh()
        with pytest.raises(LedgerGap, match="lacks 3"):
            await folding_of(again).to_end()
        assert await again.ledger_size() == 0
