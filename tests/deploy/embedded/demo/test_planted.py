"""Each planted truth is what the public API answers, and left out the answer is the other one."""

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


async def productivity(installed: Installed, unit: str) -> float:
    points = await installed.kpi("productivity", **QUARTERS, unit=unit)
    return float(points[-1]["value"])


async def test_a_pilot_succeeds_and_the_other_shows_nothing(planted: Installed, unplanted: Installed) -> None:
    assert await productivity(planted, "support-day") > 1.15 * await productivity(unplanted, "support-day")
    for unit in ("support-night", "sales-north", "sales-south"):
        assert await productivity(planted, unit) == await productivity(unplanted, unit)


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


async def test_an_endorsement_round_decides(planted: Installed, unplanted: Installed) -> None:
    assert await ring_outcomes(planted) != ["pending"] * 4
    assert await ring_outcomes(unplanted) == ["pending"] * 4
