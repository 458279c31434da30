"""End to end, on one machine and apart on Kafka: learning is counted, and only evidence is recognised."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.events import applied, event, hired, linked, policy
from tests.e2e.recomputation import Figures, Month, active_learners, learning_hours, moment, month_of, name_of
from tests.fixtures.processes import Deployment
from tests.fixtures.real_statements import FILE

RECOMPUTE = {"monthly-active-learners": active_learners, "learning-hours": learning_hours}


async def kpi(praxis: Deployment, name: str, month: Month) -> dict[str, Any]:
    """The month's figures, when everything acknowledged up to now is in them."""
    day, now = f"{month[0]}-{month[1]:02}-01", datetime.now(UTC)
    async with asyncio.timeout(120):
        while True:
            answer = await praxis.get(f"/kpis/{name}", **{"from": day, "to": day})
            assert answer.status_code == 200, answer.text
            body = answer.json()
            if body["watermark"] and datetime.fromisoformat(body["watermark"]) > now:
                found: dict[str, Any] = body["points"][0]
                return found
            await asyncio.sleep(0.2)


async def test_a_week_of_real_statements_gives_what_a_recomputation_gives(
    praxis: Deployment, real_statements: list[bytes]
) -> None:
    statements = [json.loads(line) for line in real_statements]
    names = sorted({name_of(each) for each in statements})
    employed = {name for number, name in enumerate(names) if number % 5}
    homes = {each["actor"]["account"]["homePage"] for each in statements}
    assert len(homes) == 1
    home = homes.pop()
    roster = [
        event
        for name in sorted(employed)
        for event in (
            hired(f"staff-{name}", "2020-01-01T00:00:00Z"),
            linked(f"staff-{name}", {"account": {"homePage": home, "name": name}}),
        )
    ]
    address = praxis.url("/xapi/statements").removesuffix("/xapi/statements")

    async def bring_in() -> None:
        printed = await praxis.praxis("import", "statements", str(FILE), "--url", address)
        assert f"{len(statements):,} statements are stored, 0 were refused" in printed

    async def all_figures() -> dict[tuple[str, Month], dict[str, Any]]:
        months = sorted({month_of(moment(each)) for each in statements})
        return {(name, month): await kpi(praxis, name, month) for name in RECOMPUTE for month in months}

    await praxis.send(*roster[: len(roster) // 2])
    await bring_in()
    await praxis.send(*roster[len(roster) // 2 :])
    first = await all_figures()
    for (name, month), found in first.items():
        figures: Figures = RECOMPUTE[name](statements, month, employed)
        assert found["value"] == pytest.approx(figures.value, rel=1e-9), (name, month)
        assert found["numerator"] == pytest.approx(figures.numerator, rel=1e-9), (name, month)
        assert (found["denominator"], found["unmatched"]) == (len(employed), figures.unmatched), (name, month)
        assert figures.value > figures.numerator > 0
    await bring_in()
    assert await all_figures() == first


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


async def unmatched(praxis: Deployment, keys: set[str]) -> set[str]:
    """Those of ``keys`` that no person claims, among all that were seen."""
    found, more = set[str](), dict[str, str]()
    while True:
        page = (await praxis.get("/identities/unmatched", state="unmatched", limit=500, **more)).json()
        assert page["consistent"] is True
        found |= {each["key"] for each in page["identifiers"]} & keys
        if page["next"] is None:
            return found
        more = {"after": page["next"]}


async def test_what_is_said_of_people_who_are_not_known_yet_waits_for_them(praxis: Deployment, skill: str) -> None:
    people = {f"p-{name}": f"{name}@example.org" for name in (uuid4().hex[:8] for _ in range(5))}
    month, learned, keys = (2024, 2), "2024-02-10T10:00:00Z", {f"mbox:{mail}" for mail in people.values()}
    ann, mail = next(iter(people.items()))
    by_mail: dict[str, Any] = {"mbox": f"mailto:{mail}"}

    said = {"verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "object": {"id": "https://lms.example/waiting"}}
    statements = [{"actor": {"mbox": f"mailto:{each}"}, "timestamp": learned, **said} for each in people.values()]
    assert (await praxis.post("/xapi/statements", statements)).status_code == 200
    await praxis.send(
        applied(by_mail, skill, "app#1", "project-result", {"person_id": "client"}),
        event("people.unit-changed", {"person_id": ann, "unit": "support", "effective_at": "2024-02-01T00:00:00Z"}),
        applied(by_mail, skill, "app#2", "manager-verification", {"person_id": "manager"}),
    )
    waiting = await kpi(praxis, "monthly-active-learners", month)
    assert (waiting["value"], waiting["unmatched"]) == (5, 5)
    assert await decisions(praxis, ann) == []
    assert await unmatched(praxis, keys) == keys

    for person, address in people.items():
        await praxis.send(linked(person, {"mbox": f"mailto:{address}"}), hired(person, "2024-01-01T00:00:00Z"))
    known = await kpi(praxis, "monthly-active-learners", month)
    assert (known["value"], known["numerator"], known["unmatched"]) == (5, 5, 0)
    [granted, *_] = await decisions(praxis, ann)
    assert (granted["outcome"], len(granted["evidence"])) == ("granted", 2)
    assert await unmatched(praxis, keys) == set()
    accepted = {each["source"]: each["accepted"] for each in (await praxis.get("/sources")).json()["sources"]}
    assert accepted["/e2e"] >= 3 + 2 * len(people)
    assert accepted["/xapi/statements"] >= len(people)
