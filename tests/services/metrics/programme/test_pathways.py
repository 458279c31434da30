"""Cohorts of a pathway, worked out by hand: who is in which, what came of it, and whether that differs."""

import pytest

from praxis_events.log import NewRecord
from tests.services.metrics.build import left, staff
from tests.services.metrics.careers import assessor, validated
from tests.services.metrics.programme.trials import compared, gave_up, joined, learned, pathway
from tests.services.metrics.world import World

JANUARY = "2026-01-10T09:00:00Z"
AFTER = "2026-01-11"
"""The first of the ninety days that count; the last is 10 April."""


def cohort(name: str, *hours: int, on_: str = "data", **others: str) -> list[NewRecord]:
    """A person for each number of hours learned, an hour a day, from the day after the enrolment on."""
    names = [f"{on_}-{name}-{number}" for number in range(len(hours))]
    return [
        *staff(*names),
        *[joined(who, name, JANUARY, on_=on_, **others) for who in names],
        *[record for who, days in zip(names, hours, strict=True) for record in learned(who, AFTER, days)],
    ]


async def test_cohorts_that_differ_that_do_not_and_too_few(world: World) -> None:
    # differ: everybody of b has more than everybody of a: U is 0 of 25, as extreme as 1 of the 252 ways to rank: twice
    # that is p. alike: a and b have the same hours. few: one cohort of two with k = 3, so the next larger goes too.
    # The first of differ's a gives up, and stays; half of its modules (one of two) is a's for all who learned.
    await world.takes([
        *[pathway(name, "learning-hours", "a", "b") for name in ("differ", "alike", "few")],
        *cohort("a", 1, 2, 3, 4, 5, on_="differ", assigned="randomised"),
        *cohort("b", 6, 7, 8, 9, 10, on_="differ", assigned="randomised"),
        gave_up("differ-a-0", "a", "2026-01-20T09:00:00Z", on_="differ"),
        *cohort("a", 1, 2, 3, 4, on_="alike"), *cohort("b", 4, 3, 2, 1, on_="alike", assigned="randomised"),
        *cohort("a", 1, 2, on_="few"), *cohort("b", 1, 2, 3, on_="few"), *cohort("c", 1, 2, 3, 4, on_="few"),
    ], publishers=0)  # fmt: skip
    answers = await compared(world, threshold=3)
    differ = answers["differ"]
    assert differ["test"] == {
        "cohorts": ["a", "b"], "method": "Mann-Whitney U", "statistic": 0, "p_value": pytest.approx(2 / 252, rel=1e-2),
        "adjusted_p_value": None, "effect": {"name": "rank-biserial correlation", "value": -1},
    }  # fmt: skip
    assert (differ["result"], differ["randomised"], differ["association_only"]) == ("differ", True, False)
    a, b = differ["cohorts"]
    assert (a["people"], a["n"], a["median"], b["median"]) == (5, 5, 3, 8)
    assert a["interval"]["low"] <= 3 <= a["interval"]["high"]
    assert (a["withdrawn"], b["withdrawn"], a["modules"], a["completed"]) == (None, 0, 0.5, 0)
    assert (a["first_enrolled_on"], a["final_on"]) == ("2026-01-10", "2026-04-10")
    assert differ["outcome"]["window_days"] == 90
    assert (await compared(world))["differ"]["cohorts"][0]["withdrawn"] == 1
    alike = answers["alike"]
    assert (alike["result"], alike["test"]["p_value"], alike["test"]["effect"]["value"]) == (
        "no difference found",
        1,
        0,
    )
    assert (alike["randomised"], alike["association_only"]) == (False, True)
    few = answers["few"]
    assert (few["result"], few["test"], few["pairs"]) == ("inconclusive", None, [])
    assert [each["suppressed"] for each in few["cohorts"]] == [True, True, False]
    for hidden in few["cohorts"][:2]:
        told = {name: value for name, value in hidden.items() if value is not None}
        assert told == {"cohort": hidden["cohort"], "suppressed": True, "reasons": ["too few people"]}


async def test_three_cohorts_and_each_pair_of_them(world: World) -> None:
    # Ranks: a 1, 2, 3 and b 4, 5, 6 and c 7, 8, 9: H = 12 / (9 * 10) * (36 + 225 + 576) / 3 - 3 * 10 = 7.2;
    # epsilon squared 7.2 / 8. Each pair is as far apart as can be: 2 of 20 ways; three pairs, so 0.3 by Holm.
    await world.takes([
        pathway("data", "active-days"), *cohort("a", 1, 2, 3), *cohort("b", 4, 5, 6), *cohort("c", 7, 8, 9),
    ], publishers=0)  # fmt: skip
    body = (await compared(world))["data"]
    assert (body["test"]["method"], body["test"]["statistic"], body["result"]) == ("Kruskal-Wallis H", 7.2, "differ")
    assert body["test"]["effect"] == {"name": "epsilon squared", "value": 0.9}
    assert [pair["cohorts"] for pair in body["pairs"]] == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert [(pair["p_value"], pair["adjusted_p_value"]) for pair in body["pairs"]] == [(0.1, 0.3)] * 3


async def test_times_are_compared_with_those_still_on_the_way(world: World) -> None:
    # From 10 January. a: validated after 10, 20 and 30 days. b: ann after 40, bob leaves after 15, cem is on the way.
    # Log-rank of a, by day, events less what was expected of 3 and 3 on the way; bob gone, of 2 and 2; of 1 and 2:
    # 3 - (1/2 + 1/2 + 1/3) with variance 1/4 + 1/4 + 2/9; on day 40 nobody of a is left.
    people = ("a-0", "a-1", "a-2", "ann", "bob", "cem")
    await world.takes([
        *staff("asa", *people), assessor("asa", "sql"), pathway("data", "time-to-competency"),
        *[joined(who, "a" if who[0] == "a" and who != "ann" else "b", JANUARY) for who in people],
        *[validated(f"a-{n}", "asa", "sql", at) for n, at in enumerate((
            "2026-01-20T09:00:00Z", "2026-01-30T09:00:00Z", "2026-02-09T09:00:00Z"))],
        validated("ann", "asa", "sql", "2026-02-19T09:00:00Z"), left("bob", "2026-01-25T00:00:00Z"),
    ], publishers=0)  # fmt: skip
    body = (await compared(world))["data"]
    statistic = (3 - 4 / 3) ** 2 / (1 / 4 + 1 / 4 + 2 / 9)
    assert (body["test"]["method"], body["test"]["effect"]) == ("log-rank", None)
    assert body["test"]["statistic"] == pytest.approx(statistic, rel=1e-2)
    a, b = body["cohorts"]
    assert (a["median"], a["reached"], a["n"], a["p75"]) == (20, 3, 3, 30)
    assert (b["median"], b["reached"], b["n"]) == (40, 1, 3)
    assert body["outcome"]["window_days"] == 730


async def test_the_first_enrolment_fixes_the_cohort(world: World) -> None:
    # ann joins a, later b: she is a's. zoe, unknown, is in none; dee left before. bob's day of enrolment itself does
    # not count, and what he learns from 11 April on comes too late. One completed both modules, with what came later.
    await world.takes([
        pathway("data", "learning-hours", "x"), pathway("data", "learning-hours", "a", "b", version=2),
        *staff("ann", "bob", "dee"), left("dee", "2025-12-01T00:00:00Z"),
        joined("ann", "b", "2026-01-12T09:00:00Z"), joined("ann", "a", JANUARY),
        joined("bob", "b", JANUARY), joined("zoe", "b", JANUARY), joined("dee", "b", JANUARY),
        *learned("ann", AFTER, 2), *learned("bob", "2026-01-10", 3), *learned("bob", "2026-04-10", 3),
    ], publishers=0)  # fmt: skip
    body = (await compared(world))["data"]
    assert [(each["cohort"], each["people"], each["median"]) for each in body["cohorts"]] == [("a", 1, 2), ("b", 1, 3)]
    assert (body["unmatched"], body["version"], body["modules"]) == (1, 2, 2)
    early = (await compared(world, "2026-04-09"))["data"]
    assert early["cohorts"][0]["reasons"] == ["not yet over: its figures can be seen once 2026-04-10 has passed"]
    assert (early["cohorts"][0]["people"], early["cohorts"][0]["median"], early["result"]) == (1, None, "inconclusive")


async def test_an_outcome_of_few_is_hidden_though_its_cohort_is_not(world: World) -> None:
    # k is 3. Of a's four, two learned at all, so its hours are two people's; b's are hidden beside them.
    await world.takes([
        pathway("data", "learning-hours"), *cohort("a", 1, 2, 0, 0), *cohort("b", 1, 2, 3), *cohort("c", 1, 2, 3, 4),
        pathway("none", "return-on-investment"), *cohort("a", 1, on_="none"),
    ], publishers=0)  # fmt: skip
    body = (await compared(world, threshold=3))["data"]
    assert [each["people"] for each in body["cohorts"]] == [4, 3, 4]
    assert [each["median"] for each in body["cohorts"]] == [None, None, 2.5]
    assert [each["n"] for each in body["cohorts"]] == [None, None, 4]
    assert body["cohorts"][0]["reasons"] == ["too few people with an outcome"]
    none = (await compared(world))["none"]["cohorts"][0]
    assert "return-on-investment is not made of" in none["reasons"][0]
