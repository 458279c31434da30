"""Somebody was forgotten: the ledger comes back as it was, for everybody else byte for byte, and nothing is decided."""

import asyncio
import json
from typing import Any

import pytest

from praxis_events import checkpoint
from praxis_events.log import EventLog, TopicPartition
from praxis_events.topics import EVIDENCE
from praxis_incentives.decider import folding as folding_module
from praxis_incentives.decider.folding import Folding
from praxis_incentives.decider.projection import Decider
from praxis_people.forgetting.looking import append_replacements, look, person_in
from praxis_people.forgetting.pseudonyms import Pseudonyms
from praxis_people.forgetting.redacting import Redactor
from tests.fixtures.installation import running
from tests.services.incentives.decider.test_exactly_once import assert_sound
from tests.services.incentives.decider.test_folding import Fresh, fresh, relay_all, tables, worker
from tests.services.incentives.deciding import APPLIED, Deciding

__all__ = ["fresh"]

TOKEN = "forgotten-0123456789abcdef"


def quiet(_: int) -> None:
    """No progress is shown."""


async def forget(log: EventLog, asked: str, token: str = TOKEN) -> None:
    person = await person_in(log, asked, [], quiet)
    redactor = Redactor(Pseudonyms(person, token))
    while (seen := await look(log, redactor, quiet)).found:
        await append_replacements(log, seen.found, quiet)
    await log.compact(seen.lingering)


@pytest.fixture
async def told(decider: Deciding) -> Deciding:
    """Learners who vouch for one another, under ids and addresses; withdrawn evidence; somebody's own credential."""
    decider.batch = 3
    await decider.publish()
    await decider.link("p-0", "zero@example.org")
    credential = {"account": {"homePage": "urn:praxis:credential", "name": "key-zero"}}
    await decider.send("praxis.people.identity-linked.v1", {"person_id": "p-0", "identifiers": [credential]})
    for learner in range(4):
        for other in range(4):
            by = {"mbox": "mailto:zero@example.org"} if other == 0 else {"person_id": f"p-{other}"}
            me = {"mbox": "mailto:zero@example.org"} if learner == 0 and other % 2 else {"person_id": f"p-{learner}"}
            principal = "key-zero" if other == 3 else "work"
            number = learner * 4 + other + 1
            data = {
                "learner": me,
                "skill": "python",
                "kind": "manager-verification",
                "attested_by": by,
                "artefact": {"system": "github", "id": f"acme/app#{number}"},
                "occurred_at": f"2026-03-{number:02}T10:00:00Z",
            }
            sent = await decider.send(APPLIED, data, principal=principal)
            if learner == 2 and other == 1:
                await decider.rescind(sent)
        await decider.decide()
    await decider.send("praxis.programme.system-registered.v1", {"system": "elsewhere", "kind": "learning"})
    await decider.decide()
    await relay_all(decider)
    return decider


def _renamed(ledger: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows as they must be: the learner and the body say the pseudonym, everything else stands."""
    named = {"person:p-0": f"person:{TOKEN}", "mbox:zero@example.org": f"account:urn:praxis:forgotten|{TOKEN}-1"}
    found = []
    for index, decision, policy, learner, outcome, at, body, leaf in ledger:
        after = json.dumps(named[learner]).encode() if learner in named else b""
        rewritten = bytes(body).replace(json.dumps(learner).encode(), after) if learner in named else bytes(body)
        found.append((index, decision, policy, named.get(learner, learner), outcome, at, rewritten, bytes(leaf)))
    return found


@pytest.mark.parametrize("batch", [1, 2, 200])
async def test_the_ledger_comes_back(told: Deciding, fresh: Fresh, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(folding_module, "BATCH", batch)
    before = await tables(told)
    assert {row[4] for row in before["ledger"]} >= {"granted", "pending"}
    await forget(told.log, "p-0")
    again = await fresh()
    async with running([worker(again)]):
        await again.until_caught_up()
    after = await tables(again)
    assert after["ledger"] == _renamed(before["ledger"])
    assert after["log_time"] == before["log_time"]
    assert [row[0] for row in after["grants"]] == [row[0] for row in before["grants"]]
    assert [row[0] for row in after["evidence"]] == [row[0] for row in before["evidence"]]
    assert "zero" not in str(after)


async def test_a_decider_that_goes_on_takes_nothing_twice(told: Deciding) -> None:
    before = await tables(told)
    await forget(told.log, "p-0")
    assert await told.decide() == []
    after = await tables(told)
    for table in ("ledger", "grants", "evidence", "claims"):
        assert after[table] == before[table]


async def test_a_stopped_decider_comes_up_after_its_decisions_were_redacted(told: Deciding) -> None:
    """What is in its ledger already needs no facts, of which a stopped partition would bring none."""
    await forget(told.log, "p-0")
    async with told.database.sessions.begin() as session:
        positions = await checkpoint.lock_all(session, Decider.name)
        evidence = TopicPartition(EVIDENCE.name, 0)
        await checkpoint.stop(session, Decider.name, evidence, positions[evidence], "25 records in a row")
    async with asyncio.timeout(30):
        await Folding(told.log, told.database.sessions, "stopped").to_end()


async def test_one_after_the_other_and_it_goes_on_from_there(told: Deciding, fresh: Fresh) -> None:
    before = await tables(told)
    await forget(told.log, "p-0")
    await forget(told.log, "p-3", "forgotten-fedcba9876543210")
    again = await fresh()
    async with running([worker(again)]):
        await again.until_caught_up()
        assert [row[:3] for row in (await tables(again))["ledger"]] == [row[:3] for row in before["ledger"]]
        await again.apply_skill(25, learner={"person_id": "p-1"}, attested_by={"person_id": "m-1"})
        await again.apply_skill(26, learner={"person_id": "p-9"}, attested_by={"person_id": "m-1"})
        await again.until_caught_up()
    assert (await again.bodies())[-1]["learner"] == "person:p-9"
    leaves = [row[7] for row in (await tables(again))["ledger"]]
    assert leaves[: len(before["ledger"])] == [row[7] for row in before["ledger"]]


async def test_redacted_and_not_compacted_yet(told: Deciding, fresh: Fresh) -> None:
    """As after an erasure that was interrupted: originals and replacements side by side."""
    before = await tables(told)
    redactor = Redactor(Pseudonyms(await person_in(told.log, "p-0", [], quiet), TOKEN))
    await append_replacements(told.log, (await look(told.log, redactor, quiet)).found, quiet)
    again = await fresh()
    async with running([worker(again)]):
        await again.until_caught_up()
    assert (await tables(again))["ledger"] == _renamed(before["ledger"])


async def test_what_was_redacted_before_it_was_decided_on(decider: Deciding, fresh: Fresh) -> None:
    await decider.publish()
    for number in (1, 2):
        await decider.apply_skill(number, learner={"person_id": "person-1"}, attested_by={"person_id": f"p-{number}"})
    await forget(decider.log, "person-1")
    assert "granted" in await decider.decide()
    await relay_all(decider)
    again = await fresh()
    async with running([worker(again)]):
        await again.until_caught_up()
    assert await tables(again) == await tables(decider)
    await assert_sound(again)
