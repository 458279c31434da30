"""Drafts of policies: tried on what is there, and what no draft may ask. The policies that ship do what they say."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from praxis_events.contracts.programme import PolicyPublished
from tests.fixtures.installation import Installation
from tests.services.incentives.build import policy_data
from tests.services.incentives.test_api import apply_skill
from tests.services.incentives.test_casework_api import client, endorse, praxis  # noqa: F401 - fixtures

SHIPPED = sorted((Path(__file__).parents[3] / "docs" / "policies").glob("*.json"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_policy_that_ships_may_be_published(path: Path) -> None:
    event = json.loads(path.read_text())
    published = PolicyPublished.model_validate_json(json.dumps(event["data"]))
    assert event["type"] == "praxis.programme.policy-published.v1"
    assert event["id"] == f"{published.policy}/{published.version}"
    assert len(SHIPPED) == 3


@pytest.mark.parametrize(
    ("criteria", "field"),
    [
        ({"completions": 5}, "completions"),
        ({"statements": {"verb": "completed"}}, "statements"),
        ({"weights": {"course-completed": 1.0}}, "course-completed"),
        ({"weights": {"completed": 1.0}}, "completed"),
        ({"min_items": 1}, "min_items"),
        ({"min_items": 0}, "min_items"),
        ({"min_actors": 1}, "min_actors"),
        ({"min_artefacts": 1}, "min_artefacts"),
        ({"min_non_peer": 0}, "min_non_peer"),
        ({"threshold": 0}, "threshold"),
        ({"max_peer_weight": 0.6}, "max_peer_weight"),
        ({"per_endorser": {"times": 5}}, "times"),
    ],
)
def test_a_policy_that_asks_for_less_than_use_is_refused_by_name(criteria: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PolicyPublished.model_validate_json(json.dumps(policy_data(**criteria)))
    assert {each["loc"][-1] for each in refused.value.errors()} == {field}


async def test_a_draft_is_tried_and_leaves_nothing(praxis: Installation, client: httpx.AsyncClient) -> None:  # noqa: F811
    for number, learner in ((1, "p-1"), (2, "p-1"), (3, "p-2"), (4, "p-3")):
        await apply_skill(praxis, number, learner={"person_id": learner})
    await endorse(praxis, 5, "p-2", "p-3")
    await endorse(praxis, 6, "p-3", "p-2")
    answer = await client.post("/policies:simulate", json={"policy": policy_data(threshold=1.3), "days": 365})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["consistent"] is True
    assert found["outcomes"] == {"granted": 1, "held": 2}
    assert [(each["learner"], each["outcome"]) for each in found["cases"]] == [
        ("person:p-1", "granted"),
        ("person:p-2", "held"),
        ("person:p-3", "held"),
    ]
    stricter = await client.post(
        "/policies:simulate", json={"policy": policy_data(min_items=9), "limit": 1, "days": 365}
    )
    assert stricter.json()["outcomes"] == {"pending": 3}
    [case] = stricter.json()["cases"]
    assert "7 more items of evidence." in case["what_would_change_it"]
    none = await client.post("/policies:simulate", json={"policy": policy_data(), "days": 1})
    assert none.json()["outcomes"] == {}
    assert (await client.get("/decisions")).json()["decisions"] == []
    assert (await client.get("/policies")).json()["policies"] == []


async def test_a_wrong_draft_is_named(praxis: Installation, client: httpx.AsyncClient) -> None:  # noqa: F811
    wrong = {"policy": policy_data(completions=3), "days": 0}
    answer = await client.post("/policies:simulate", json=wrong)
    assert answer.status_code == 400
    assert sorted(each["pointer"] for each in answer.json()["errors"]) == ["/days", "/policy/criteria/completions"]
