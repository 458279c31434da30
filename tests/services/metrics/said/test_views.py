"""The views of the programme and of people, by hand: what is latest, what is first, what is in force when."""

from datetime import date
from typing import Any

from sqlalchemy import text

from praxis_metrics.directory import Directory
from praxis_metrics.facts import StatementFacts
from praxis_metrics.said.projection import Events
from praxis_metrics.watermark import READ
from tests.services.metrics.build import linked, mail, said, takes_back
from tests.services.metrics.world import World

AT = "2026-03-02T10:00:00Z"
OWNER = {"person_id": "owner"}
COURSE = "https://lms.example/a"


async def rows(world: World, query: str) -> list[tuple[Any, ...]]:
    async with world.database.sessions() as session:
        return [tuple(row) for row in await session.execute(text(query))]


def mapped(skill: str, starts: str | None, ends: str | None, **ids: Any) -> Any:
    span = {name: f"{day}T00:00:00Z" for name, day in (("from", starts), ("until", ends)) if day is not None}
    data = {"activity": COURSE, "skills": [{"skill": skill, "level": "2"}], "confirmed_by": OWNER, **span}
    return said("programme.activity-mapped", data, **ids)


async def test_of_maps_that_hold_at_one_moment_the_last_is_in_force(world: World) -> None:
    await world.takes([mapped("sql", None, None), mapped("go", "2026-02-01", "2026-04-01", id_="go")])
    query = (
        "SELECT skill, from_at = '-infinity', until_at = 'infinity', CAST(from_at AT TIME ZONE 'UTC' AS date), "
        "CAST(until_at AT TIME ZONE 'UTC' AS date) FROM activity_skills WHERE activity = "
        f"'{COURSE}' AND level = '2' ORDER BY from_at"
    )
    found = await rows(world, query)
    assert [row[:3] for row in found] == [("sql", True, False), ("go", False, False), ("sql", False, True)]
    assert found[1][3:] == (date(2026, 2, 1), date(2026, 4, 1))
    await world.takes([takes_back("programme", "go")])
    assert [row[:3] for row in await rows(world, query)] == [("sql", True, True)]


async def test_the_latest_says_what_is_and_a_pilot_never_changes(world: World) -> None:
    goal = {"goal": "g", "kpi": "application-rate", "baseline": 0.1, "due_on": "2026-12-31", "owner": OWNER}
    pilot = {
        "pilot": "p", "owner": OWNER, "success": "x", "starts_on": "2026-03-01", "ends_on": "2026-04-15",
        "treated": {"unit": "a"}, "comparison": {"unit": "b"},
        "metrics": [
            {"kpi": kpi, "direction": "up", "threshold": 0.1}
            for kpi in ("application-rate", "participation", "completions")
        ],
    }  # fmt: skip
    await world.takes([
        said("programme.goal-set", {**goal, "target": 0.2, "interventions": []}),
        said("programme.goal-set", {**goal, "target": 0.3, "interventions": [{"pilot": "p"}]}, id_="last"),
        said("programme.pilot-registered", {**pilot, "objective": "first"}),
        said("programme.pilot-registered", {**pilot, "objective": "second"}),
    ])  # fmt: skip
    assert await rows(world, "SELECT target, interventions FROM goals") == [(0.3, [{"pilot": "p"}])]
    assert await rows(world, "SELECT objective, starts_on FROM pilots") == [("first", date(2026, 3, 1))]
    await world.takes([takes_back("programme", "last")])
    assert await rows(world, "SELECT target FROM goals") == [(0.2,)]


async def test_a_role_requires_what_its_last_profile_says(world: World) -> None:
    def profile(*skills: str) -> Any:
        required = [{"skill": skill} for skill in skills]
        return said("programme.role-profiled", {"role": "r", "family": "f", "required": required, "owner": OWNER})

    await world.takes([profile("sql"), profile("go", "css")])
    assert await rows(world, "SELECT family, skill FROM role_profiles ORDER BY skill") == [("f", "css"), ("f", "go")]


async def test_how_people_are_seen(world: World) -> None:
    rated = {"person_id": "ann", "cycle": "2025", "cycle_closed_at": AT, "rating": "B", "is_top": False}
    graded = {"from_grade": "3", "to_grade": "4", "decided_at": AT, "effective_at": "2026-04-01T00:00:00Z"}
    reviewed = {"reviewer_id": "bob", "completed_at": AT, "cited_evidence": ["e-1"], "discussed_learning": True}
    await world.takes([
        said("people.performance-rated", rated),
        said("people.performance-rated", {**rated, "rating": "A", "is_top": True}),
        said("people.review-completed", {"person_id": "ann", **reviewed}),
        said("people.promoted", {"person_id": "ann", **graded}),
    ])  # fmt: skip
    of_ann = "JOIN learners l USING (learner_id) WHERE l.person_id = 'ann'"
    assert await rows(world, f"SELECT cycle, rating, is_top, closed_on FROM ratings {of_ann}") == [
        ("2025", "A", True, date(2026, 3, 2))
    ]
    assert await rows(world, f"SELECT cited_evidence, discussed_learning FROM reviews {of_ann}") == [(["e-1"], True)]
    assert await rows(world, f"SELECT to_grade, day FROM promotions {of_ann}") == [("4", date(2026, 3, 2))]


async def test_a_leaders_act_is_what_others_saw(world: World) -> None:
    def act(**others: Any) -> Any:
        return said("programme.leader-acted", {"person": mail("ann"), "behaviour": "models", "at": AT, **others})

    await world.takes([act(reported_by=mail("bob")), act(reported_by=mail("ann-private")), act()])
    assert len(await rows(world, "SELECT event FROM leader_acts")) == 3
    credential = {"account": {"homePage": "urn:praxis:credential", "name": "tool"}}
    await world.takes([linked("p-ann", mail("ann"), mail("ann-private"), credential)])
    assert len(await rows(world, "SELECT event FROM leader_acts")) == 1


async def test_the_watermark_waits_for_all_that_the_projections_read(world: World) -> None:
    sessions, zone = world.database.sessions, world.zone
    projections = (StatementFacts(sessions, zone), Directory(zone), Events(sessions, zone))
    assert {each.name: each.topics for each in projections} == {
        name: tuple(topic.name for topic in topics) for name, topics in READ.items()
    }
