"""Each planted truth is what the public API answers, and left out the answer is the other one."""

from typing import Any

import pytest

from praxis_embedded.demo.truths import ring
from tests.deploy.embedded.demo.installed import TEST_SECONDS, Installed

pytestmark = pytest.mark.timeout(TEST_SECONDS)

QUARTERS = {"grain": "quarter", "from": "2026-04-01", "to": "2026-09-30"}
SURVEYED = "2026-Q3"


async def rate(installed: Installed, skill: str) -> float:
    """The share of those who learned the skill who used it within 30 days."""
    points = await installed.kpi("application-rate", **QUARTERS, skill=skill)
    shown = [each for each in points if each["denominator"]]
    return float(sum(each["numerator"] for each in shown) / sum(each["denominator"] for each in shown))


async def test_a_pathway_works_and_the_other_does_not(planted: Installed, unplanted: Installed) -> None:
    assert await rate(planted, "data-analysis") > 0.35
    assert await rate(unplanted, "data-analysis") < 0.25
    assert await rate(planted, "presenting") == await rate(unplanted, "presenting")


async def is_ahead(installed: Installed, pathway: str) -> bool:
    """Whether the cohorts differ, and the one that is on the pathway is ahead of the one that waits for it."""
    found = await installed.read(f"/pathways/{pathway}/comparison")
    assert found["randomised"]
    on, waiting = (each["median"] for each in found["cohorts"])
    return found["result"] == "differ" and bool(on > waiting)


async def test_who_is_on_the_pathway_that_works_is_ahead(planted: Installed, unplanted: Installed) -> None:
    assert await is_ahead(planted, "data-in-daily-work")
    assert not await is_ahead(unplanted, "data-in-daily-work")
    for installed in (planted, unplanted):
        assert not await is_ahead(installed, "presenting-with-poise")


async def productivity(installed: Installed, unit: str) -> float:
    points = await installed.kpi("productivity", **QUARTERS, unit=unit)
    return float(points[-1]["value"])


async def test_a_pilot_succeeds_and_the_other_shows_nothing(planted: Installed, unplanted: Installed) -> None:
    assert await productivity(planted, "support-day") > 1.15 * await productivity(unplanted, "support-day")
    for unit in ("support-night", "sales-north", "sales-south"):
        assert await productivity(planted, unit) == await productivity(unplanted, unit)


def reaches(metric: dict[str, Any]) -> bool:
    """Whether all of the effect's interval is beyond the threshold that was said before."""
    interval = metric["effect"]["interval"]
    if interval is None:
        return False
    least = interval["low"] if metric["direction"] == "up" else -interval["high"]
    return bool(least >= metric["threshold"])


async def test_effects_reach_their_thresholds_where_the_pilot_works(planted: Installed, unplanted: Installed) -> None:
    """No verdict is more than inconclusive: of a past that is told today the log takes no registration in time."""
    found = await planted.read("/pilots/sprints-by-day")
    assert (found["pre_registered"], found["decision"]) == (False, "scale"), found
    assert [reaches(each) for each in found["metrics"]] == [True] * 3, found
    for installed, pilot in (
        (unplanted, "sprints-by-day"), (planted, "boards-in-the-north"), (unplanted, "boards-in-the-north"),
    ):  # fmt: skip
        found = await installed.read(f"/pilots/{pilot}")
        assert found["decision"] == "stop", found
        assert [reaches(each) for each in found["metrics"]] == [False] * 3, found


async def first_barrier(installed: Installed) -> str:
    audit = await installed.read(f"/audits/{SURVEYED}")
    return str(audit["barriers"][0]["barrier"])


async def test_a_barrier_comes_first_in_the_audit(planted: Installed, unplanted: Installed) -> None:
    assert await first_barrier(planted) == "time"
    assert await first_barrier(unplanted) == "relevance"


async def ring_outcomes(installed: Installed) -> list[str]:
    """What was decided last about each of the four who would be a ring."""
    found = []
    for each in ring.ring(installed.simulation.organisation):
        answer = await installed.read("/decisions", learner=each.id, policy="mentoring-in-practice")
        found.append(max(answer["decisions"], key=lambda decision: decision["ledger_index"])["outcome"])
    return found


async def test_a_ring_of_endorsers_is_held(planted: Installed, unplanted: Installed) -> None:
    assert await ring_outcomes(planted) == ["held"] * 4
    assert await ring_outcomes(unplanted) == ["pending"] * 4
