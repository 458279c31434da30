"""Content quality, worked out by hand. Everything lies in the first months of 2026, whose 30 days are long over."""

from typing import Any

import pytest

from praxis_metrics.programme.activities import ACTIVITIES
from praxis_metrics.programme.activity_figures import Application, Feedback, Learning, figures
from tests.services.metrics.build import applied, did, fresh_id, linked, mail, said, staff, voids
from tests.services.metrics.careers import profile
from tests.services.metrics.programme.finding import feedback, found, mapped, tell
from tests.services.metrics.world import World

A, B = "https://lms.example/a", "https://lms.example/b"


def used(who: str, at: str, *, skill: str = "sql") -> Any:
    return said("evidence.skill-applied", applied(who, "lead", at, skill=skill))


async def test_from_beginning_to_application(world: World) -> None:
    # ann begins a on 1 March at 09:00 and completes it at 11:00; bob begins it by a lesson of it and takes 4 hours; cem
    # begins and never ends; dee only completes; zoe, whom nobody knows, begins. Began 5, completed 3, of whom employees
    # 4 and 3: 0.75. Hours: 1 minute (dee), 2, 4, and two who have not ended: the median is 4, by Kaplan and Meier 0.8,
    # 0.6, 0.4. sql: ann uses it in time, bob too late, dee never: 1 of 3. Feedback: 2, 1 and -1: 2/3.
    await tell(world, [
        *staff("ann", "bob", "cem", "dee"), mapped("a", "sql"), profile("clerk", "office", "sql"),
        did("ann", "initialized", "a", "2026-03-01T09:00:00Z"), did("ann", "completed", "a", "2026-03-01T11:00:00Z"),
        did("bob", "answered", "a/1", "2026-03-02T09:00:00Z", course="a"),
        did("bob", "completed", "a", "2026-03-02T13:00:00Z"),
        did("cem", "initialized", "a", "2026-03-03T09:00:00Z"),
        did("dee", "completed", "a", "2026-03-04T09:00:00Z"),
        did("zoe", "initialized", "a", "2026-03-04T09:00:00Z"),
        did("eli", "registered", "a", "2026-03-04T09:00:00Z"),
        used("ann", "2026-03-20T09:00:00Z"), used("bob", "2026-04-20T09:00:00Z"),
        feedback("a", 2, "2026-03-05T09:00:00Z", "ann"), feedback("a", 1, "2026-03-05T09:00:00Z", "bob"),
        feedback("a", -1, "2026-03-06T09:00:00Z"),
    ])  # fmt: skip
    all_found = await found(world, ACTIVITIES)
    assert set(all_found) == {A}  # nobody has completed the lesson, and no map names it
    a = all_found[A]
    assert (a["began"], a["completed"], a["unmatched"], a["suppressed"]) == (5, 3, 1, False)
    assert [a["completion"][name] for name in ("value", "numerator", "denominator")] == [0.75, 3, 4]
    assert a["drop_off"] == 0.25
    assert a["hours_to_complete"]["median"] == 4
    assert [a["application"][name] for name in ("value", "numerator", "denominator", "n", "waiting")] == [
        pytest.approx(1 / 3), 1, 3, 3, 0,
    ]  # fmt: skip
    assert a["application"]["interval"]["method"] == "wilson"
    assert [(each["skill"], each["numerator"], each["denominator"]) for each in a["applied"]] == [("sql", 1, 3)]
    assert a["feedback"] == {"suppressed": False, "responses": 3, "sentiment": pytest.approx(2 / 3)}
    assert (a["skills"], a["flags"]) == ([{"skill": "sql", "level": None}], [])


async def test_what_is_taught_and_never_applied_and_what_fits_no_role(world: World) -> None:
    # a teaches sql, which no role requires, and nobody uses it or says anything; b teaches nothing. Of c somebody says
    # something; nobody has begun it. ann's evidence is from before she learned.
    await tell(world, [
        *staff("ann", "bob"), mapped("a", "sql"), mapped("c", "python"), profile("clerk", "office", "python"),
        *[did(who, "completed", what, "2026-03-04T09:00:00Z") for who in ("ann", "bob") for what in ("a", "b")],
        used("ann", "2026-03-04T08:00:00Z"), feedback("c", 0, "2026-03-05T09:00:00Z", "ann"),
    ])  # fmt: skip
    all_found = await found(world, ACTIVITIES)
    assert {iri: each["flags"] for iri, each in all_found.items()} == {
        A: ["never-applied", "no-feedback", "not-required"],
        B: ["no-feedback", "teaches-no-skill"],
        "https://lms.example/c": [],
    }
    c = all_found["https://lms.example/c"]
    assert (c["began"], c["completion"]["value"], c["drop_off"], c["application"]["value"]) == (0, None, None, None)
    assert c["feedback"] == {"suppressed": False, "responses": 1, "sentiment": 0}


async def test_voids_links_and_maps_that_come_later(world: World) -> None:
    # ann begins under two names, first on the 1st: one learner once they are linked. Then that first statement is
    # voided, and she began on the 3rd; bob's only one too. A map for the past makes a teach sql.
    first, only = fresh_id(), fresh_id()
    await tell(world, [
        *staff("ann", "bob"),
        did("ann-2", "initialized", "a", "2026-03-01T09:00:00Z", id_=first),
        did("ann", "completed", "a", "2026-03-03T10:00:00Z"),
        did("bob", "initialized", "a", "2026-03-03T09:00:00Z", id_=only),
    ])  # fmt: skip
    before = (await found(world, ACTIVITIES))[A]
    assert (before["began"], before["unmatched"], before["flags"]) == (3, 1, ["no-feedback", "teaches-no-skill"])
    await tell(world, [linked("ann", mail("ann-2")), mapped("a", "sql"), used("ann", "2026-03-10T09:00:00Z")])
    after = (await found(world, ACTIVITIES))[A]
    assert (after["began"], after["completed"], after["unmatched"]) == (2, 1, 0)
    assert (after["hours_to_complete"]["median"], after["application"]["value"]) == (49, 1)
    await tell(world, [voids(first), voids(only)])
    last = (await found(world, ACTIVITIES))[A]
    assert (last["began"], last["completed"], last["hours_to_complete"]["median"]) == (1, 1, pytest.approx(1 / 60))


LEARNING = Learning(40, 20, 1, 18, 36, None, 2.0, None)


def test_few_people_are_hidden_part_by_part() -> None:
    """With k of 5: three gave feedback; two skills, of one of which three people are known."""
    some, few = Application(2, 9, 9, 3, None), Application(1, 3, 3, 0, None)
    body = figures(
        LEARNING, {None: Application(3, 12, 9, 6, None), "a": some, "b": few}, Feedback(8, 1.0, 3), 5,
        mapped=True, required=True,
    )  # fmt: skip
    assert (body["began"], body["drop_off"], body["flags"]) == (40, 0.5, [])
    assert body["feedback"] == {"suppressed": True, "responses": None, "sentiment": None}
    # 12 pairs of both less the 9 of the one would be the other's 3.
    assert [(each["skill"], each["suppressed"], each["n"]) for each in body["applied"]] == [
        ("a", True, None), ("b", True, None),
    ]  # fmt: skip
    assert (body["application"]["denominator"], body["application"]["waiting"]) == (12, 6)
    alone = figures(LEARNING, {None: some, "a": some}, None, 5, mapped=True, required=True)
    assert (alone["application"]["value"], alone["application"]["waiting"]) == (pytest.approx(2 / 9), None)
    assert alone["flags"] == ["no-feedback"]


def test_an_activity_of_few_shows_nothing_of_them() -> None:
    body = figures(
        Learning(4, 3, 0, 3, 4, None, 2.0, None), {None: Application(0, 4, 4, 0, None)}, None, 5,
        mapped=True, required=False,
    )  # fmt: skip
    assert body["suppressed"]
    assert {body[name] for name in ("began", "completed", "unmatched", "drop_off")} == {None}
    assert (body["application"]["suppressed"], body["application"]["numerator"]) == (True, None)
    assert body["flags"] == ["not-required"]
    part = figures(
        Learning(9, 3, 0, 3, 4, None, 2.0, None), {}, None, 5, mapped=False, required=False
    )  # of nine, four are employees who began long enough ago
    assert (part["began"], part["completion"], part["drop_off"]) == (9, None, None)
