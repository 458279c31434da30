"""What an appeal leads to: a person's look. Pure, and through the log, and over HTTP."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from praxis_events.clock import system_clock
from praxis_events.contracts.base import PersonRef
from praxis_incentives import appeals
from praxis_incentives.cases import Act, Appeal, Grant, Review
from praxis_incentives.casework.acting import Casework
from praxis_incentives.decider import appealing
from praxis_incentives.decision import Decision
from praxis_incentives.evaluation import Dossier, evaluate, new_grant, revised
from praxis_incentives.evidence import Evidence
from praxis_service.problem import Conflict, Forbidden
from tests.fixtures.installation import Installation, make_credential
from tests.services.incentives.build import LEARNER, NOW, grant, item, policy
from tests.services.incentives.deciding import Deciding
from tests.services.incentives.test_api import apply_skill, decisions, publish, send
from tests.services.incentives.test_casework_api import client, praxis  # noqa: F401 - fixtures

MANAGER, CLIENT = item("1"), item("2", "project-result", "person:c-1")
LEARNER_REF = PersonRef(person_id="p-1")


def judged(
    evidence: tuple[Evidence, ...], *grants: Grant, appeal: Appeal | None = None, **asked: Any
) -> list[Decision]:
    version = policy(**asked)
    contested = (appeal,) if appeal else ()
    dossier = Dossier("p", LEARNER, version, {1: version}, grants, (), evidence, contested)
    return evaluate(dossier, NOW, 9, appeal.id if appeal else None)


def reviewed(act: Act, held: Grant) -> Grant:
    return replace(held, reviews=(Review(act, "person:reviewer"),))


def held_on_appeal(evidence: tuple[Evidence, ...], *grants: Grant, **asked: Any) -> Grant:
    [decision] = judged(evidence, *grants, appeal=Appeal("a", "d", 1), **asked)
    assert decision.outcome == "held"
    assert [each.met for each in decision.findings if each.criterion == "appeal"] == [False]
    contested = decision.under_review
    found = revised(contested, decision) if contested else new_grant(decision)
    assert found is not None
    return found


def test_an_appeal_is_held_and_a_person_may_lift_the_cap() -> None:
    before = grant("g", "x", "y")
    evidence = (item("x"), item("y"), MANAGER, CLIENT)
    assert [each.outcome for each in judged(evidence, before)] == ["refused"]
    held = held_on_appeal(evidence, before)
    assert [each.outcome for each in judged(evidence, before, reviewed("released", held))] == ["granted"]
    assert [each.outcome for each in judged(evidence, before, reviewed("upheld", held))] == ["refused"]


def test_nobody_makes_up_for_missing_evidence() -> None:
    held = held_on_appeal((MANAGER,))
    assert [each.outcome for each in judged((MANAGER,), reviewed("released", held))] == ["held"]
    assert [each.outcome for each in judged((MANAGER, CLIENT), reviewed("released", held))] == ["granted"]


@pytest.mark.parametrize(
    ("act", "outcome", "state"), [("released", "proposed", "proposed"), ("upheld", "refused", "declined")]
)
def test_a_declined_proposal_may_be_contested(act: Act, outcome: str, state: str) -> None:
    declined = grant("g", "1", "2", state="declined", latest="d")
    held = held_on_appeal((MANAGER, CLIENT), declined, reward="promotion-linked")
    assert (held.id, held.declined) == ("g", True)
    assert [each.outcome for each in judged((MANAGER, CLIENT), held, reward="promotion-linked")] == ["held"]
    [decision] = judged((MANAGER, CLIENT), reviewed(act, held), reward="promotion-linked")
    after = revised(held, decision)
    assert after is not None
    assert (decision.outcome, after.state, after.evidence) == (outcome, state, frozenset({"1", "2"}))
    assert judged((MANAGER, CLIENT), after, reward="promotion-linked") == []


def test_only_in_time_the_newest_and_what_went_against_one() -> None:
    last = NOW + timedelta(days=30)
    assert appeals.refusal("revoked", NOW, last, newest=True) is None
    assert "ended" in str(appeals.refusal("revoked", NOW, last + timedelta(seconds=1), newest=True))
    assert "newer" in str(appeals.refusal("refused", NOW, NOW, newest=False))
    assert "pending" in str(appeals.refusal("pending", NOW, NOW, newest=True))


def casework(decider: Deciding) -> Casework:
    return Casework(decider.database.sessions, decider.log, system_clock)


async def revoked(decider: Deciding) -> UUID:
    await decider.publish()
    await decider.apply_skill(1)
    gone = await decider.apply_skill(2)
    await decider.rescind(gone)
    assert await decider.decide() == ["pending", "granted", "revoked"]
    return UUID((await decider.bodies())[-1]["decision"])


async def test_what_was_revoked_is_contested_once(decider: Deciding) -> None:
    case = await revoked(decider)
    with pytest.raises(Forbidden):
        await casework(decider).appeal(case, PersonRef(person_id="m-1"), "Unfair.", "key")
    await casework(decider).appeal(case, LEARNER_REF, "It was resent.", "key")
    await casework(decider).appeal(case, LEARNER_REF, "It was resent.", "key")
    assert await decider.decide() == ["held"]
    [held] = await casework(decider).waiting("held", None, 9)
    reviewer = PersonRef(person_id="reviewer")
    with pytest.raises(Conflict, match="missing evidence"):
        await casework(decider).act(held, "released", reviewer, "Fine.", "key")
    await decider.apply_skill(3)  # what suffices by itself waits for nobody
    assert await decider.decide() == ["granted"]
    with pytest.raises(Conflict, match="newer decision"):
        await casework(decider).appeal(case, LEARNER_REF, "Again.", "key")


async def test_an_appeal_by_somebody_else_that_got_onto_the_log_counts_for_nothing(decider: Deciding) -> None:
    case = await revoked(decider)
    by = {"decision": str(case), "by": {"person_id": "m-1"}, "reason": "Unfair."}
    await decider.send("praxis.review.decision-appealed.v1", by)
    assert await decider.decide() == []
    assert appealing.NOT_THEIRS


async def test_a_learner_contests_over_http(praxis: Installation, client: httpx.AsyncClient) -> None:  # noqa: F811
    await publish(praxis)
    await apply_skill(praxis, 1, attested_by={"person_id": "p-1"})
    [refused] = await decisions(client)
    assert (refused["outcome"], refused["appeal_until"] > refused["decided_at"]) == ("refused", True)
    await make_credential(praxis.context.settings.database_url, ["own/read"], "anns", "secret")
    await make_credential(praxis.context.settings.database_url, ["own/read"], "bobs", "secret")
    for person, key in (("p-1", "anns"), ("p-2", "bobs")):
        account = {"account": {"homePage": "urn:praxis:credential", "name": key}}
        await send(praxis, "people.identity-linked", {"person_id": person, "identifiers": [account]})
    path = f"/decisions/{refused['decision']}/appeal"
    assert (await client.post(path, json={"reason": "No."}, auth=("bobs", "secret"))).status_code == 403
    assert (await client.post(path, json={}, auth=("anns", "secret"))).status_code == 400
    answer = await client.post(path, json={"reason": "I was not the one."}, auth=("anns", "secret"))
    assert answer.status_code == 200, answer.text
    assert [each["outcome"] for each in answer.json()["decisions"]] == ["held"]
    [case] = (await client.get("/cases")).json()["cases"]
    assert case["learner"] == "person:p-1"
    again = await client.post(path, json={"reason": "Still."}, auth=("anns", "secret"))
    assert again.status_code == 409
