"""Recognition, from the policy to the decision: only evidence of application counts."""

from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.events import applied, linked, policy
from tests.fixtures.processes import Deployment


async def decisions(praxis: Deployment, learner: str) -> list[dict[str, Any]]:
    """Newest first; everything acknowledged before has been judged."""
    answer = await praxis.get("/decisions", learner=learner)
    assert answer.status_code == 200, answer.text
    assert answer.json()["consistent"] is True
    found: list[dict[str, Any]] = answer.json()["decisions"]
    return found


def completion(person: str, number: int) -> dict[str, Any]:
    return {
        "actor": {"account": {"homePage": "https://lms.example", "name": person}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": f"https://lms.example/courses/{number}"},
        "result": {"completion": True, "success": True, "score": {"scaled": 1}},
    }


@pytest.fixture
async def skill(praxis: Deployment) -> str:
    """A skill with a policy of its own."""
    name = f"skill-{uuid4().hex[:8]}"
    await praxis.send(policy(f"policy-{name}", name))
    return name


async def test_two_independent_items_are_granted_and_completions_change_nothing(praxis: Deployment, skill: str) -> None:
    person = f"p-{uuid4().hex[:8]}"
    await praxis.send(linked(person, {"account": {"homePage": "https://lms.example", "name": person}}))
    learner = {"person_id": person}

    async def complete_everything() -> None:
        for start in range(0, 1_000, 500):
            batch = [completion(person, number) for number in range(start, start + 500)]
            assert (await praxis.post("/xapi/statements", batch)).status_code == 200

    await complete_everything()
    assert await decisions(praxis, person) == []

    await praxis.send(applied(learner, skill, "app#1", "project-result", {"person_id": "client"}))
    [pending] = await decisions(praxis, person)
    assert pending["outcome"] == "pending"
    assert any("1 more item" in wish for wish in pending["what_would_change_it"])
    assert {c["criterion"] for c in pending["criteria"] if not c["met"]} >= {"min_items", "min_actors", "threshold"}

    await praxis.send(applied(learner, skill, "app#2", "manager-verification", {"person_id": "manager"}))
    granted, *_ = await decisions(praxis, person)
    assert granted["outcome"] == "granted"
    assert all(criterion["met"] for criterion in granted["criteria"])
    assert len(granted["evidence"]) == 2

    await complete_everything()
    assert (await decisions(praxis, person))[0] == granted


async def test_nobody_vouches_for_themselves_not_even_by_an_alias_that_is_linked_later(
    praxis: Deployment, skill: str
) -> None:
    person, alias = f"p-{uuid4().hex[:8]}", f"mailto:{uuid4().hex[:8]}@example.org"
    await praxis.send(linked(person, {"mbox": alias}))
    learner = {"person_id": person}
    await praxis.send(
        applied(learner, skill, "app#1", "manager-verification", {"mbox": alias}),
        applied(learner, skill, "app#2", "manager-verification", {"person_id": "manager"}),
    )
    newest, *_ = await decisions(praxis, person)
    assert newest["outcome"] == "pending"
    assert [item["reason"] for item in newest["excluded"]] == ["self-attested"]

    other, late_alias = f"p-{uuid4().hex[:8]}", f"mailto:{uuid4().hex[:8]}@example.org"
    learner = {"person_id": other}
    await praxis.send(
        applied(learner, skill, "app#3", "manager-verification", {"mbox": late_alias}),
        linked(other, {"mbox": late_alias}),
        applied(learner, skill, "app#4", "manager-verification", {"person_id": "manager"}),
    )
    assert "granted" not in {each["outcome"] for each in await decisions(praxis, other)}
