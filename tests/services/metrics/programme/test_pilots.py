"""Pilots, worked out by hand: whom they compare, what they find, and what they say of it."""

import pytest

from praxis_events.log import NewRecord
from tests.services.metrics.build import hired, leave, left, linked, mail, moved, said, staff, takes_back
from tests.services.metrics.programme.trials import (
    BEFORE,
    DURING,
    EARLIER,
    KPIS,
    concluded,
    found,
    given,
    learned,
    metric,
    pilot,
    team,
)
from tests.services.metrics.world import World


def steady(unit: str, count: int, earlier: int, before: int, during: int) -> list[NewRecord]:
    """``unit``-0, …, each with so many days of learning in each period."""
    return [
        record
        for number in range(count)
        for first, days in ((EARLIER, earlier), (BEFORE, before), (DURING, during))
        for record in learned(f"{unit}-{number}", first, days)
    ]


async def test_one_that_meets_one_that_does_not_and_one_that_cannot_tell(world: World) -> None:
    # Each of four in the north learns on 1 day of the earlier 30, on 1 before, and on 3 in the pilot; in the south on
    # 2, 2 and 3. Differences in differences: (3 - 1) - (3 - 2) = 1, everybody alike, so that every draw has it; the
    # trend: (1 - 1) - (2 - 2) = 0. Wanted: half an hour, a day and a completion more: met. Three hours more: not
    # met. Fewer: not met. In the last, half of the north learns on 5 days, half on 1: again 3 each, but by chance.
    mixed = {"unit": "mixed"}
    await given(world, [
        *team("north", 4), *team("south", 4), *team("mixed", 4),
        *steady("north", 4, 1, 1, 3), *steady("south", 4, 2, 2, 3),
        *steady("mixed", 2, 1, 1, 5),
        *[record for number in (2, 3) for first in (EARLIER, BEFORE, DURING)
          for record in learned(f"mixed-{number}", first, 1)],
        pilot("good", metric("learning-hours", 0.5), metric("active-days", 1), metric("completions", -1)),
        pilot("bad", metric("learning-hours", 3), metric("active-days", 1), metric("completions", 0.5, "down")),
        pilot("open", *[metric(kpi, 0.5) for kpi in KPIS], treated=mixed),
    ])  # fmt: skip
    answers = await found(world, threshold=4)
    good = answers["good"]
    assert (good["verdict"], good["recommendation"], good["state"]) == ("met", "scale", "to-be-concluded")
    assert good["periods"]["before"] == {"from": "2026-01-31", "to": "2026-03-01"}
    assert good["periods"]["earlier"] == {"from": "2026-01-01", "to": "2026-01-30"}
    hours = good["metrics"][0]
    assert hours["treated"] == {"earlier": 1, "before": 1, "during": 3, "n": 4}
    assert hours["comparison"] == {"earlier": 2, "before": 2, "during": 3, "n": 4}
    assert hours["effect"] == {
        "value": 1, "interval": {"low": 1, "high": 1, "level": 0.95, "method": "bootstrap of people"}
    }  # fmt: skip
    assert (hours["trend"]["value"], hours["suppressed"], hours["definition_version"]) == (0, False, 2)
    assert [each["verdict"] for each in good["metrics"]] == ["met", "met", "met"]
    assert good["treated"] == {"filters": {"unit": "north"}, "people": 4}
    assert (good["randomised"], good["association_only"], good["in_both"]) == (False, True, 0)
    bad = answers["bad"]
    assert (bad["verdict"], bad["recommendation"]) == ("not met", "stop")
    assert [each["verdict"] for each in bad["metrics"]] == ["not met", "met", "not met"]
    open_ = answers["open"]
    assert (open_["verdict"], open_["recommendation"]) == ("inconclusive", "extend")
    effect = open_["metrics"][0]["effect"]
    assert effect["value"] == 1
    assert effect["interval"]["low"] < 0.5 < effect["interval"]["high"]
    assert open_["metrics"][0]["reasons"] == ["the interval of the effect spans the threshold, a change of 0.5 up"]


async def test_nothing_is_seen_before_it_is_over(world: World) -> None:
    # application-rate waits 30 days for evidence after the last of March.
    await given(world, [
        *team("north", 4), *team("south", 4), *steady("north", 4, 1, 1, 3),
        pilot("p", metric("learning-hours", 1), metric("active-days", 1), metric("application-rate", 0.1)),
    ])  # fmt: skip
    states = {}
    for through in ("2026-02-20", "2026-03-01", "2026-03-30", "2026-03-31"):
        body = (await found(world, through))["p"]
        states[through] = body["state"]
        assert (body["verdict"], body["recommendation"]) == ("inconclusive", None)
        seen = body["metrics"][0]["treated"]["during"]
        assert seen == (3 if through == "2026-03-31" else None)
    assert states == {
        "2026-02-20": "registered", "2026-03-01": "running", "2026-03-30": "running", "2026-03-31": "to-be-concluded",
    }  # fmt: skip
    body = (await found(world, "2026-04-29"))["p"]
    assert body["metrics"][2]["reasons"] == ["not yet over: its figures can be seen once 2026-04-30 has passed"]
    assert "2026-03-31" in body["reminder"]
    body = (await found(world, "2026-04-30"))["p"]
    assert body["metrics"][2]["reasons"] == [
        "too few people with data in the treated group", "too few people with data in the comparison group"
    ]  # fmt: skip
    assert body["recommendation"] == "extend"


async def test_what_was_registered_after_its_start_decides_nothing(world: World) -> None:
    records = [
        *team("north", 4), *team("south", 4), *steady("north", 4, 1, 1, 3),
        pilot("p", *[metric(kpi, 1) for kpi in KPIS]),
        # What is told of it later changes nothing: the first registration stands.
        pilot("p", *[metric(kpi, 9) for kpi in KPIS]),
    ]  # fmt: skip
    await given(world, records, registered="2026-03-03")
    body = (await found(world))["p"]
    assert (body["pre_registered"], body["verdict"], body["registered_on"]) == (False, "inconclusive", "2026-03-03")
    assert "not pre-registered" in body["reasons"][0]
    assert [each["threshold"] for each in body["metrics"]] == [1, 1, 1]
    assert body["metrics"][0]["effect"]["value"] == 2
    assert all("not pre-registered" in each["reasons"][0] for each in body["metrics"])


async def test_groups_that_moved_apart_before_are_no_comparison(world: World) -> None:
    # The north had begun to learn more already: 1, 2, 4; the south stays at 1.
    await given(world, [
        *team("north", 4), *team("south", 4),
        *steady("north", 4, 1, 2, 4), *steady("south", 4, 1, 1, 1),
        pilot("p", *[metric(kpi, 1) for kpi in KPIS]),
    ])  # fmt: skip
    hours = (await found(world))["p"]["metrics"][0]
    assert (hours["effect"]["value"], hours["trend"]["value"], hours["verdict"]) == (2, 1, "inconclusive")
    assert "moved apart before" in hours["reasons"][0]


async def test_who_is_in_which_group(world: World) -> None:
    # On 2 March: ann and bob in the north; cem came to it on the 10th, too late; dee is a contractor; eli left before.
    # fay is in the south as a clerk, gil as a smith; hal, in the south, leaves on the 17th and stays in the group.
    # By role, both groups have clerks: those of the north are clerks too, so they are in both, and in neither.
    names = ("ann", "bob", "cem", "eli", "fay", "gil", "hal")
    await given(world, [
        *[record for who in names for record in (
            hired(who, "2020-01-01T00:00:00Z", unit="north" if who in ("ann", "bob", "eli") else "south",
                  role="smith" if who == "gil" else "clerk"), linked(who, mail(who)))],
        hired("dee", "2020-01-01T00:00:00Z", unit="north", worker_type="contractor"), linked("dee", mail("dee")),
        moved("cem", "2026-03-10T00:00:00Z", unit="north"), left("eli", "2026-02-01T00:00:00Z"),
        left("hal", "2026-03-17T00:00:00Z"),
        pilot("units", *[metric(kpi, 1) for kpi in KPIS]),
        pilot("roles", *[metric(kpi, 1) for kpi in KPIS], comparison={"role": "clerk"}),
        pilot("filtered", *[metric(kpi, 1, filters={"role": "smith"}) for kpi in KPIS]),
        # hal learns 8 hours in the first half of March: at work on 16 of 30 days, with a last one that touches it.
        *learned("hal", "2026-03-02", 8), *learned("ann", DURING, 3), *learned("cem", "2026-03-11", 9),
    ])  # fmt: skip
    answers = await found(world)
    units = answers["units"]
    assert (units["treated"]["people"], units["comparison"]["people"], units["in_both"]) == (2, 4, 0)
    during = units["metrics"][0]
    # North: 3 hours by 2 people. South: cem's 9 and hal's 8 by cem, fay, gil and, for 15 of 30 days, hal.
    assert (during["treated"]["during"], during["comparison"]["during"]) == (1.5, pytest.approx(17 / 3.5, rel=1e-2))
    roles = answers["roles"]
    assert (roles["treated"]["people"], roles["comparison"]["people"], roles["in_both"]) == (0, 3, 2)
    assert roles["metrics"][0]["reasons"] == ["too few people in the treated group"]
    assert answers["filtered"]["metrics"][0]["reasons"] == ["too few people in the treated group"]


async def test_cohorts_withdrawn_or_not_and_at_random(world: World) -> None:
    # Two cohorts of two, at random; n-1 withdraws and stays. n-2 is enrolled after the start. They were hired a day
    # before, and with so little log there is no earlier period to see: at random it needs none.
    def at_random(who: str, cohort: str, at: str) -> NewRecord:
        data = {"pathway": "data", "cohort": cohort, "learner": mail(who), "at": at, "assigned": "randomised"}
        return said("programme.learner-enrolled", data)

    people = [hired(f"n-{n}", "2026-01-31T00:00:00Z") for n in range(5)]
    withdrawn = {"pathway": "data", "cohort": "a", "learner": mail("n-1"), "at": "2026-03-05T09:00:00Z"}
    await given(world, [
        *people, *[linked(f"n-{n}", mail(f"n-{n}")) for n in range(5)],
        at_random("n-0", "a", "2026-03-01T09:00:00Z"), at_random("n-1", "a", "2026-03-02T09:00:00Z"),
        at_random("n-2", "a", "2026-03-03T09:00:00Z"),
        at_random("n-3", "b", "2026-03-01T09:00:00Z"), at_random("n-4", "b", "2026-03-01T09:00:00Z"),
        said("programme.learner-withdrawn", withdrawn),
        *learned("n-0", DURING, 2), *learned("n-1", DURING, 2), *learned("n-2", DURING, 9),
        pilot("p", *[metric(kpi, 1) for kpi in KPIS], treated={"cohort": "a", "pathway": "data"},
              comparison={"cohort": "b"}),
        pilot("chosen", *[metric(kpi, 1) for kpi in KPIS], treated={"cohort": "a"}, comparison={"unit": "sales"}),
    ])  # fmt: skip
    answers = await found(world)
    body = answers["p"]
    assert (body["treated"]["people"], body["comparison"]["people"], body["randomised"]) == (2, 2, True)
    hours = body["metrics"][0]
    assert (hours["treated"]["during"], hours["treated"]["earlier"], hours["verdict"]) == (2, None, "met")
    assert answers["chosen"]["randomised"] is False
    assert answers["chosen"]["in_both"] == 2


async def test_few_people_are_hidden_with_all_that_is_of_them(world: World) -> None:
    # Five and five, k is 5; but only three of the north have learned anything before: three people's sum is theirs.
    # In "few" the comparison group is of four; of those in both there are two, too few to tell.
    await given(world, [
        *team("north", 5), *team("south", 5, role="smith"), *team("west", 4), *team("east", 7),
        *[moved(f"east-{n}", "2026-01-01T00:00:00Z", role="guard") for n in (0, 1)],
        *steady("north", 3, 1, 1, 3), *learned("north-3", DURING, 1), *learned("north-4", DURING, 1),
        *steady("south", 5, 1, 1, 1),
        pilot("p", *[metric(kpi, 1) for kpi in KPIS]),
        pilot("few", *[metric(kpi, 1) for kpi in KPIS], comparison={"unit": "west"}),
        pilot("both", *[metric(kpi, 1) for kpi in KPIS], treated={"unit": "east"}, comparison={"role": "guard"}),
    ])  # fmt: skip
    answers = await found(world, threshold=5)
    for hours in answers["p"]["metrics"]:
        nothing = {"earlier": None, "before": None, "during": None, "n": None}
        assert (hours["suppressed"], hours["treated"], hours["comparison"]) == (True, nothing, nothing)
        assert (hours["effect"], hours["trend"]) == ({"value": None, "interval": None},) * 2
        assert (hours["verdict"], hours["reasons"]) == (
            "inconclusive",
            ["too few people with data in the treated group"],
        )
    few = answers["few"]
    assert (few["treated"]["people"], few["comparison"]["people"]) == (5, None)
    assert (few["metrics"][0]["suppressed"], few["metrics"][0]["effect"]["value"]) == (True, None)
    assert answers["both"]["in_both"] is None
    assert (await found(world, threshold=3))["p"]["metrics"][0]["suppressed"] is False


async def test_what_was_decided_stands_beside_what_was_recommended(world: World) -> None:
    gone = "cost-gone"
    step = {"step": "roll-out", "stage": "embed", "owner": {"person_id": "ann"}, "success": "used by all",
            "starts_on": "2026-05-01", "ends_on": "2026-06-30"}  # fmt: skip

    def cost(amount: float, id_: str | None = None) -> NewRecord:
        data = {"about": {"pilot": "p"}, "amount": amount, "currency": "EUR",
                "period": {"from": "2026-03-02", "to": "2026-03-31"}}  # fmt: skip
        return said("programme.cost-recorded", data, id_=id_)

    await given(world, [
        *staff("boss", "ann"), pilot("p", *[metric(kpi, 1) for kpi in KPIS], sponsor=mail("ceo")),
        pilot("q", *[metric(kpi, 1) for kpi in KPIS]),
        concluded("p", "scale", step="roll-out", step_owner={"person_id": "ann"}),
        concluded("q", "extend", extension="p"),
        said("programme.step-planned", step),
        said("programme.step-concluded", {"step": "roll-out", "concluded_on": "2026-06-15", "met": True}),
        cost(1_000), cost(500), cost(1e308), cost(9_000, gone), takes_back("programme", gone),
    ])  # fmt: skip
    body = (await found(world))["p"]
    assert (body["state"], body["decision"], body["recommendation"], body["reminder"]) == (
        "concluded", "scale", "extend", None,
    )  # fmt: skip
    assert (body["owner"], body["sponsor"]) == ({"person_id": "lead"}, mail("ceo"))
    assert body["conclusion"]["decided_by"] == {"person_id": "boss"}
    assert body["roll_out"] == {
        "step": "roll-out", "owner": {"person_id": "ann"}, "stage": "embed", "success": "used by all",
        "starts_on": "2026-05-01", "ends_on": "2026-06-30", "concluded_on": "2026-06-15", "met": True,
        "state": "concluded", "note": None,
    }  # fmt: skip
    assert body["costs"] == [{"currency": "EUR", "amount": 1_500}]
    assert body["extends"] == "q"
    assert (body["conclusion"]["step"], body["conclusion"]["step_owner"]) == ("roll-out", {"person_id": "ann"})


async def test_what_no_person_has_by_themselves_cannot_be_compared(world: World) -> None:
    # Nor can what was at no time; neither stops the others.
    await given(world, [
        pilot("first", *[metric(kpi, 1) for kpi in KPIS], starts_on="0001-01-01", ends_on="0001-02-01"),
        pilot("last", *[metric(kpi, 1e308) for kpi in KPIS], starts_on="9999-11-01", ends_on="9999-12-31"),
        *team("north", 2), *team("south", 2),
        pilot("p", metric("return-on-investment", 1), metric("time-saved", 1, filters={"skill": "sql"}),
              metric("learning-hours", 1)),
    ])  # fmt: skip
    answers = await found(world)
    first, second, third = answers["p"]["metrics"]
    assert (answers["first"]["verdict"], answers["last"]["state"]) == ("inconclusive", "registered")
    assert "not comparable by person: return-on-investment" in first["reasons"][0]
    assert answers["p"]["final_on"] == "2026-03-31"
    assert "cannot be filtered by skill" in second["reasons"][0]
    # Nobody learned: that is a figure.
    assert (third["treated"]["during"], third["effect"]["value"]) == (0, 0)


async def test_on_leave_or_hired_on_the_way_counts_by_days_at_work(world: World) -> None:
    # north-0 is on leave from 17 March on: at work on 15 of 30 days, when they learn 3 hours. north-1, on leave all
    # through, learns 4 hours, and counts in nothing: 3 hours by half a person.
    await given(world, [
        *team("north", 2), *team("south", 1),
        leave("started", "north-0", "2026-03-17T00:00:00Z"), leave("started", "north-1", "2025-12-01T00:00:00Z"),
        *learned("north-0", DURING, 3), *learned("north-1", DURING, 4),
        pilot("p", *[metric(kpi, 1) for kpi in KPIS]),
    ])  # fmt: skip
    hours = (await found(world))["p"]["metrics"][0]
    assert (hours["treated"]["during"], hours["treated"]["n"]) == (6, 1)


async def test_a_linked_alias_moves_what_was_observed(world: World) -> None:
    await given(world, [
        *team("north", 2), *team("south", 2), *learned("alias", DURING, 4),
        pilot("p", *[metric(kpi, 1) for kpi in KPIS]),
    ])  # fmt: skip
    assert (await found(world))["p"]["metrics"][0]["treated"]["during"] == 0
    await world.takes([linked("north-0", mail("alias"))], publishers=0)
    assert (await found(world))["p"]["metrics"][0]["treated"]["during"] == 2
