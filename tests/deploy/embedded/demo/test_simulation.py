"""What is simulated, as data: always the same, all of it valid, and only the effect that is left out is missing."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_embedded.demo.saying import Told
from praxis_embedded.demo.scenario import LEAST_MONTHS, LEAST_PEOPLE, Effect, Scenario
from praxis_embedded.demo.simulation import MARK, Simulation, simulate
from praxis_embedded.demo.truths import barrier, pathways, pilots, ring
from praxis_events.contracts import contract_for
from praxis_ingest.statements.decode import decode_batch

UNTIL = date(2026, 11, 27)
SMALL = Scenario(UNTIL, LEAST_PEOPLE, LEAST_MONTHS)


@pytest.fixture(scope="module")
def whole() -> Simulation:
    return simulate(SMALL)


def bodies(told: Iterable[Told]) -> dict[str, dict[str, Any]]:
    return {each.id: each.body for each in told}


def digest(simulation: Simulation) -> str:
    return hashlib.sha256(msgspec.json.encode([simulation.mark, simulation.events, simulation.statements])).hexdigest()


def checked(simulation: Simulation) -> None:
    """Everything passes its contract, is told once, and in time."""
    scenario = simulation.organisation.scenario
    told = [simulation.mark, *simulation.events]
    for each in told:
        contract = contract_for(each.body["type"])
        assert contract is not None
        contract.model.model_validate_json(json.dumps(each.body["data"]), strict=True)
    for start in range(0, len(simulation.statements), 500):
        part = [each.body for each in simulation.statements[start : start + 500]]
        assert len(decode_batch(msgspec.json.encode(part), max_batch=500)) == len(part)
    everything = [*told, *simulation.statements]
    assert len({each.id for each in everything}) == len(everything)
    assert max(each.at.date() for each in everything) <= scenario.until
    assert scenario.first <= min(each.at.date() for each in simulation.statements)


def test_all_of_it_is_valid_and_told_once(whole: Simulation) -> None:
    checked(whole)


@settings(max_examples=3, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(LEAST_PEOPLE, 90), st.integers(LEAST_MONTHS, 8),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sets(st.sampled_from(list(Effect))),
)  # fmt: skip
def test_whatever_the_scenario(seed: int, people: int, months: int, until: date, without: set[Effect]) -> None:
    checked(simulate(Scenario(until, people, months, seed, frozenset(without))))


def test_the_same_seed_gives_the_same_bytes_in_any_process(whole: Simulation) -> None:
    program = (
        "from datetime import date; from tests.deploy.embedded.demo.test_simulation import SMALL, digest;"
        "from praxis_embedded.demo.simulation import simulate; print(digest(simulate(SMALL)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "5"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == digest(whole)
    another = simulate(Scenario(UNTIL, LEAST_PEOPLE, LEAST_MONTHS, seed=2))
    assert not bodies(another.events).keys() & bodies(whole.events).keys()


def test_the_mark_says_what_is_simulated(whole: Simulation) -> None:
    assert whole.mark.id == whole.mark.body["id"] == MARK
    assert "60 people, 6 months up to 2026-11-27, seed 1, without nothing" in whole.mark.body["data"]["text"]
    other = simulate(Scenario(UNTIL, LEAST_PEOPLE, LEAST_MONTHS, without=frozenset({Effect.RING})))
    assert other.mark.id == MARK
    assert other.mark.body["data"]["text"].endswith("without ring.")


def changed_without(whole: Simulation, effect: Effect) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What is told only with the effect, and only without it."""
    less = simulate(Scenario(UNTIL, LEAST_PEOPLE, LEAST_MONTHS, without=frozenset({effect})))
    assert less.organisation.people == whole.organisation.people
    there = bodies([*whole.events, *whole.statements])
    left = bodies([*less.events, *less.statements])
    gone = [body for id_, body in there.items() if id_ not in left]
    come = [body for id_, body in left.items() if id_ not in there]
    assert gone or come
    return gone, come


def types(events: Iterable[dict[str, Any]]) -> set[str]:
    return {each.get("type", "statement").removeprefix("praxis.").removesuffix(".v1") for each in events}


def test_without_the_ring_four_endorsements_are_not_told(whole: Simulation) -> None:
    gone, come = changed_without(whole, Effect.RING)
    assert come == []
    members = [each.id for each in ring.ring(whole.organisation)]
    edges = [(each["data"]["attested_by"]["person_id"], each["data"]["learner"]["person_id"]) for each in gone]
    assert sorted(edges) == sorted(zip(members, [*members[1:], members[0]], strict=True))
    assert {each["data"]["kind"] for each in gone} == {"peer-endorsement"}
    days = sorted(date.fromisoformat(each["data"]["occurred_at"][:10]) for each in gone)
    assert days[-1] - days[0] < timedelta(days=14)


def test_nobody_else_endorses_in_a_ring(whole: Simulation) -> None:
    """By number everybody endorses upwards only, so nothing comes round."""
    members = {each.id for each in ring.ring(whole.organisation)}
    for each in whole.events:
        data = each.body["data"]
        if data.get("kind") == "peer-endorsement" and data["skill"] != "mentoring":
            assert data["attested_by"]["person_id"] < data["learner"]["person_id"]
        elif data.get("kind") == "peer-endorsement":
            assert {data["attested_by"]["person_id"], data["learner"]["person_id"]} <= members


def test_without_the_barrier_one_unit_answers_otherwise_in_one_quarter(whole: Simulation) -> None:
    gone, come = changed_without(whole, Effect.BARRIER)
    reported = [each["data"] for each in gone if types([each]) == {"programme.barrier-reported"}]
    assert types(gone) | types(come) <= {f"programme.barrier-{each}" for each in ("reported", "assigned", "updated")}
    assert {(each["unit"], each["barrier"], each["severity"]) for each in reported} == {("operations-dock", "time", 5)}
    assert {each["unit"] for each in (body["data"] for body in come) if "unit" in each} <= {barrier.UNIT}
    assert len({each["survey"] for each in reported}) == 1


def test_time_weighs_most_in_that_quarter_and_least_otherwise(whole: Simulation) -> None:
    def weights(simulation: Simulation) -> Counter[str]:
        found: Counter[str] = Counter()
        said = [each.body["data"] for each in simulation.events if types([each.body]) == {"programme.barrier-reported"}]
        for each in said:
            if each["survey"] == max(other["survey"] for other in said):
                found[each["barrier"]] += each["severity"]
        return found

    assert weights(whole).most_common(1)[0][0] == "time"
    less = weights(simulate(Scenario(UNTIL, LEAST_PEOPLE, LEAST_MONTHS, without=frozenset({Effect.BARRIER}))))
    assert less.most_common(1)[0][0] == "relevance"
    assert less["time"] < less["relevance"] / 3


def test_without_the_pilot_the_treated_learn_and_work_as_usual(whole: Simulation) -> None:
    gone, come = changed_without(whole, Effect.PILOT)
    assert types(gone) == {"work.task-accepted", "programme.pilot-concluded", "statement"}
    assert types(come) == {"work.task-accepted", "programme.pilot-concluded"}
    treated = {each.id for each in whole.organisation.people if each.home.unit == "support-day"}
    assert {each["data"]["person"]["person_id"] for each in gone if "person" in each.get("data", {})} <= treated
    said = json.dumps([each for each in gone if "verb" in each])
    assert said.count(f'/courses/{pilots.SPRINT_COURSE}"') >= said.count('"verb"')
    assert [each["data"]["decision"] for each in come if "decision" in each["data"]] == ["stop"]


def test_without_the_pathway_those_who_were_on_it_use_it_as_little_as_those_who_wait(whole: Simulation) -> None:
    gone, come = changed_without(whole, Effect.PATHWAY)
    on = {each.id for each in pathways.pathways(whole.organisation).working.on}
    assert types(gone) == {"evidence.skill-applied", "work.task-accepted"}
    assert types(come) == {"work.task-accepted"}
    assert {(each["data"].get("learner") or each["data"]["person"])["person_id"] for each in (*gone, *come)} <= on
    assert {each["data"]["skill"] for each in gone if "learner" in each["data"]} == {"data-analysis"}


def test_a_team_is_too_small_to_be_shown(whole: Simulation) -> None:
    assert Counter(each.home.unit for each in whole.organisation.people)["legal"] == 3
