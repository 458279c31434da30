"""One ledger, whatever is killed, redelivered or run twice."""

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events import checkpoint
from praxis_events.clock import system_clock
from praxis_events.contracts.recognition import DecisionData
from praxis_events.log import Record, TopicPartition
from praxis_events.runner import Runner, Tuning
from praxis_incentives.decider.facts import TOPICS, Fact, read_fact
from praxis_incentives.decider.projection import Decider
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
    written = await decider.raw_bodies()
    async with decider.database.engine.begin() as connection:
        for table in ("outbox", "ledger", "grants", "cases", "evidence", "subjects", "policies", "systems", "log_time"):
            await connection.exec_driver_sql(f"TRUNCATE {table} CASCADE")
        for table in ("identity_events", "identity_claims", "identity_rescinded", "evidence_rescinded"):
            await connection.exec_driver_sql(f"TRUNCATE {table}")
    await derive_again(decider, [DecisionData.model_validate_json(body) for body in written])
    assert await decider.raw_bodies() == written


async def derive_again(decider: Deciding, decisions: Sequence[DecisionData]) -> None:
    """Give a fresh decider, for each decision, just the facts before the positions that it names."""
    waiting = await facts(decider)
    for decision in decisions:
        known = {each.topic: each.next_offset for each in decision.known}
        taken = [fact for fact in waiting if fact.offset < known[fact.topic]]
        waiting = [fact for fact in waiting if fact not in taken]
        last = [fact for fact in taken if str(fact.event) == decision.trigger]
        async with decider.database.sessions.begin() as session:
            for fact in [*(each for each in taken if each not in last), *last]:
                await at(session, known)
                await Decider().apply(session, [fact])


async def at(session: AsyncSession, known: dict[str, int]) -> None:
    for topic, offset in known.items():
        await session.execute(
            checkpoint.CHECKPOINTS.update().where(checkpoint.CHECKPOINTS.c.topic == topic).values(next_offset=offset)
        )


async def facts(decider: Deciding) -> list[Fact]:
    """All of them in the order in which the decider takes what it reads together: by topic, then by place."""

    async def from_the_start(partitions: Any) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    records: list[Record] = []
    async with decider.log.subscribe(TOPICS, "facts", from_the_start) as reader:
        while batch := await reader.fetch(1_000, 0.2):
            records += [record for part in batch.values() for record in part]
    found = [fact for record in records if (fact := read_fact(record)) is not None]
    return sorted(found, key=lambda fact: (TOPICS.index(fact.topic), fact.place))


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
