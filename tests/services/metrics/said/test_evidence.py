"""Evidence as it stands, and what is accepted of it: hand-made examples on a real database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from praxis_events.log import NewRecord
from tests.services.metrics.build import applied, linked, mail, said, takes_back
from tests.services.metrics.world import World

AT = "2026-03-02T10:00:00Z"
CREDENTIAL = {"account": {"homePage": "urn:praxis:credential", "name": "tool"}}


async def rows(world: World, query: str) -> list[dict[str, Any]]:
    async with world.database.sessions() as session:
        return [dict(row) for row in (await session.execute(text(query))).mappings()]


async def accepted(world: World) -> list[str]:
    """The skills of accepted evidence."""
    return sorted(row["skill"] for row in await rows(world, "SELECT skill FROM accepted_evidence"))


def evidence(who: str, by: str | None, *, id_: str | None = None, **others: Any) -> NewRecord:
    return said("evidence.skill-applied", applied(who, by, AT, **others), id_=id_)


async def test_a_row_has_typed_columns_and_present_learners(world: World) -> None:
    task = {"system": " JIRA ", "id": "X-1"}
    outcome = {"measure": "minutes", "before": 30.0, "after": 10.0, "source": "jira"}
    data = applied("ann", "bob", "2026-03-02T23:30:00-05:00", level="3", task=task, outcomes=[outcome])
    await world.takes([linked("p-ann", mail("ann")), said("evidence.skill-applied", data)])
    [row] = await rows(world, "SELECT e.*, l.person_id FROM evidence e JOIN learners l ON l.learner_id = e.learner_id")
    assert (row["person_id"], row["skill"], row["level"], row["kind"]) == ("p-ann", "sql", "3", "project-result")
    assert (row["at"], row["day"]) == (datetime(2026, 3, 3, 4, 30, tzinfo=UTC), date(2026, 3, 3))
    assert (row["task_system"], row["task_id"]) == ("jira", "x-1")
    assert (row["artefact_system"], row["artefact_id"]) == ("github", "acme/app#1")
    assert row["outcomes"] == [outcome]
    assert None not in (row["attester_id"], row["sender_id"])
    assert row["attester_id"] != row["learner_id"]


async def test_the_learner_vouches_or_sends_under_another_name(world: World) -> None:
    await world.takes([evidence("ann", "ann-private")])
    assert await accepted(world) == ["sql"]
    await world.takes([linked("p-ann", mail("ann"), mail("ann-private"))])
    assert await accepted(world) == []
    await world.takes([evidence("bob", "cem", skill="go"), linked("p-bob", mail("bob"))])
    assert await accepted(world) == ["go"]
    await world.takes([linked("p-bob", CREDENTIAL)])
    assert await accepted(world) == []


async def test_without_a_human_only_what_a_system_can_see_counts(world: World) -> None:
    await world.takes([
        evidence("ann", None, skill="a", kind="task-completed"),
        evidence("ann", None, skill="b", kind="project-result"),
        evidence("ann", None, skill="c", kind="manager-verification"),
        said("evidence.skill-applied", applied("ann", None, AT, skill="d", kind="task-completed"), principal=None),
    ])  # fmt: skip
    assert await accepted(world) == ["a", "b"]


async def test_an_artefact_or_a_task_in_a_learning_system_is_none_whenever_that_is_said(world: World) -> None:
    lms = {"system": "LMS", "id": "quiz-1"}
    await world.takes([
        said("programme.system-registered", {"system": "lms", "kind": "learning"}, id_="first"),
        evidence("ann", "bob", skill="a", artefact=lms),
        evidence("ann", "bob", skill="b", task=lms),
        evidence("ann", "bob", skill="c"),
    ])  # fmt: skip
    assert await accepted(world) == ["c"]
    await world.takes([said("programme.system-registered", {"system": "GitHub", "kind": "learning"}, id_="second")])
    assert await accepted(world) == []
    await world.takes([said("programme.system-registered", {"system": "lms", "kind": "work"})])
    assert await accepted(world) == ["a"]
    await world.takes([takes_back("programme", "second")])
    assert await accepted(world) == ["a", "b", "c"]


async def test_a_disputed_or_shared_identifier_vouches_for_nobody(world: World) -> None:
    await world.takes([evidence("ann", "team"), linked("p-1", mail("team"))])
    assert await accepted(world) == ["sql"]
    await world.takes([linked("p-2", mail("team"))])
    assert await accepted(world) == []
    await world.takes([evidence("bob", "info", skill="go"), linked("urn:praxis:shared", mail("info"))])
    assert await accepted(world) == []


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize(("area", "left"), [("evidence", []), ("work", ["sql"]), ("programme", ["sql"])])
async def test_a_rescission_of_its_topic_and_area_takes_it_back(
    world: World, early: bool, area: str, left: list[str]
) -> None:
    both = [evidence("ann", "bob", id_="gone"), takes_back(area, "gone")]
    for record in both[::-1] if early else both:
        await world.takes([record])
    assert await accepted(world) == left


async def test_the_first_copy_counts_and_a_rescission_is_not_rescinded(world: World) -> None:
    undo = {"event": {"source": "tools", "id": "one"}, "reason": "a mistake"}
    await world.takes([evidence("ann", "bob", id_="one", skill="a"), evidence("ann", "bob", id_="one", skill="b")])
    assert await accepted(world) == ["a"]
    await world.takes([said("evidence.rescinded", undo, id_="undo"), takes_back("evidence", "undo")])
    assert await accepted(world) == []


async def test_a_rescission_whose_id_was_taken_is_none(world: World) -> None:
    undo = {"event": {"source": "tools", "id": "one"}, "reason": "a mistake"}
    await world.takes([evidence("ann", "bob", id_="one"), evidence("ann", "bob", id_="two", skill="go")])
    await world.takes([said("evidence.rescinded", undo, id_="two")])
    assert await accepted(world) == ["go", "sql"]
