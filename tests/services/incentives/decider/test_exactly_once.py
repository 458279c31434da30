"""One ledger, whatever is killed, redelivered or run twice."""

import hashlib
from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.clock import system_clock
from praxis_events.contracts.recognition import DecisionData
from praxis_events.runner import Runner, Tuning
from praxis_incentives.decider.facts import Fact
from praxis_incentives.decider.projection import Decider
from praxis_incentives.relay import Relay
from praxis_incentives.verifying.ledger_check import verify
from tests.fixtures.installation import running
from tests.services.incentives.deciding import UNLINKED, Deciding

ALIAS = {"mbox": "mailto:ann@example.org"}


async def busy(decider: Deciding, people: int = 6) -> None:
    """Facts of every kind, for some people each."""
    await decider.publish()
    for number in range(1, people + 1):
        learner = {"person_id": f"p-{number}"}
        await decider.apply_skill(number, learner=learner)
        event = await decider.apply_skill(number + 10, "task-completed", learner=learner, attested_by=ALIAS)
        if number % 3 == 0:
            await decider.rescind(event)
    await decider.link("p-1", "ann@example.org")
    await decider.link("p-1", "ann@example.org", UNLINKED)


class Interrupted(Decider):
    """Fails after its rows were written and before they are committed, as a process that is killed there does."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def apply(self, session: AsyncSession, items: Sequence[Fact]) -> None:
        await super().apply(session, items)
        if self.times:
            self.times -= 1
            raise ConnectionError("killed before the commit")


async def test_killed_before_each_commit_every_decision_is_made_once(decider: Deciding) -> None:
    await busy(decider)
    tuning = Tuning(batch=3, idle_seconds=0.02, backoff_first=0.001)
    interrupted = Runner(Interrupted(times=4), decider.log, decider.database.sessions, system_clock, tuning)
    async with running([interrupted]):
        await decider.until_caught_up()
    await assert_sound(decider)


async def test_deciders_that_fight_write_each_place_once(decider: Deciding) -> None:
    decider.batch = 2
    async with running([decider.runner() for _ in range(3)]):
        await busy(decider, people=12)
        await decider.until_caught_up()
    await assert_sound(decider)


async def test_facts_in_any_batches_lead_to_the_same_grants(decider: Deciding) -> None:
    decider.batch = 1
    await busy(decider)
    await decider.decide()
    held = {body["learner"]: body["outcome"] for body in await decider.bodies()}
    assert held == {
        "person:p-1": "granted", "person:p-2": "granted", "person:p-3": "revoked",
        "person:p-4": "granted", "person:p-5": "granted", "person:p-6": "revoked",
    }  # fmt: skip


@pytest.mark.parametrize("batch", [1, 5, 2_000])
async def test_every_decision_is_derived_again_from_what_it_names(decider: Deciding, batch: int) -> None:
    decider.batch = batch
    await busy(decider)
    await decider.decide()
    await assert_derived_again(decider)


async def assert_derived_again(decider: Deciding) -> None:
    """By a decider that knows nothing but the facts before the positions that each decision names."""
    await Relay(decider.log, decider.database.engine).drain()
    found = await verify(decider.log, decider.database.url, lambda _done, _all: None)
    assert (found.faults, found.waiting) == ([], 0)
    assert found.compared == await decider.ledger_size() > 0


async def assert_sound(decider: Deciding) -> None:
    rows = await decider.query("SELECT ledger_index, decision, body, leaf FROM ledger ORDER BY ledger_index")
    assert [row.ledger_index for row in rows] == list(range(len(rows)))
    assert len({row.decision for row in rows}) == len(rows) > 0
    for row in rows:
        entry = DecisionData.model_validate_json(bytes(row.body))
        assert (entry.ledger_index, entry.decision) == (row.ledger_index, str(row.decision))
        assert bytes(row.leaf) == hashlib.sha256(b"\x00" + bytes(row.body)).digest()
    evaluated = [
        (row.learner, row.policy, row.trigger)
        for row in await decider.query(
            "SELECT learner, policy, convert_from(body, 'UTF8')::jsonb ->> 'trigger' AS trigger FROM ledger"
        )
    ]
    assert len(set(evaluated)) == len(evaluated)
    outbox = await decider.query("SELECT ledger_index FROM outbox ORDER BY ledger_index")
    assert [row.ledger_index for row in outbox] == list(range(len(rows)))
    granted = {body["learner"] for body in await decider.bodies() if body["outcome"] == "granted"}
    assert granted
