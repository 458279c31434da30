"""Everybody's tasks, accepted by their managers: how long they took, in how many rounds, and with how many errors."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from random import Random

from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import Json, Told, event, moment, person, when
from praxis_embedded.demo.scenario import Scenario
from praxis_embedded.demo.skills import WORK_SYSTEM, main_skill
from praxis_embedded.demo.truths.pathways import Pathways
from praxis_embedded.demo.truths.pilots import ROUNDS as ROUNDS_IN_PILOT
from praxis_embedded.demo.truths.pilots import Pilot

ROUNDS = (30, 40, 20, 10)
"""How many of a hundred tasks are accepted in the first, second, third and fourth round."""

_A_DAY, _OF_ROLE = 0.075, {"agent": 0.15}
"""Tasks that are accepted of one person on a weekday: two in five weeks, and of those who do small ones four."""

_MINUTES = {"adviser": 110, "agent": 70, "engineer": 150, "operator": 90, "analyst": 130}
_ERRORS = {"agent": 0.05, "operator": 0.04}


def work(organisation: Organisation, pathways: Pathways, pilots: tuple[Pilot, ...]) -> Iterator[Told]:
    for each in organisation.members:
        yield from _tasks(organisation.scenario, each, pathways, pilots)
    yield from _of_units(organisation)


def _tasks(scenario: Scenario, who: Person, pathways: Pathways, pilots: tuple[Pilot, ...]) -> Iterator[Told]:
    draws = scenario.draws("work", who.number)
    usual = draws.lognormvariate(0, 0.2)
    for number, day in enumerate(scenario.weekdays()):
        if draws.random() < _OF_ROLE.get(who.on(day).role, _A_DAY) and who.is_there(day):
            own = scenario.draws("task", who.number, day)
            pace = usual * pathways.pace(who, day)
            for pilot in pilots:
                pace *= pilot.pace(who, day)
            rounds = ROUNDS_IN_PILOT if any(pilot.treats(who, day) for pilot in pilots) else ROUNDS
            yield _task(scenario, who, day, number, own, pace, rounds)


def _task(
    scenario: Scenario, who: Person, day: date, number: int, draws: Random, pace: float, rounds: tuple[int, ...]
) -> Told:
    placement = who.on(day)
    minutes = _MINUTES.get(placement.role, 100) * pace * draws.lognormvariate(0, 0.3)
    done: Json = {
        "task": {"system": WORK_SYSTEM, "id": f"{who.id}-{number}"}, "person": person(who.id),
        "skills": [main_skill(placement.role)], "rounds": draws.choices((1, 2, 3, 4), rounds)[0],
        "accepted_at": when(day, draws.randint(9, 17), draws.randint(0, 59)), "worked_minutes": round(minutes, 1),
    }  # fmt: skip
    if placement.manager is not None:
        done["accepted_by"] = person(placement.manager)
    if placement.role in _ERRORS:
        opportunities = draws.randint(20, 60)
        chance = _ERRORS[placement.role]
        errors = sum(draws.random() < chance for _ in range(opportunities))
        done |= {"opportunities": opportunities, "errors": errors}
    return event(scenario, "work.task-accepted", moment(day, 18), done)


def _of_units(organisation: Organisation) -> Iterator[Told]:
    """What is measured of a whole unit each month."""
    scenario, months = organisation.scenario, list(organisation.scenario.month_starts())
    for unit in ("operations-dock", "operations-mill"):
        for first, after in pairwise(months):
            measured = {
                "unit": unit, "measure": "output", "from": when(first, 0), "to": when(after, 0), "per": "shift",
                "value": scenario.draws("output", unit, first).randint(400, 600), "source": "lantern-tracker",
            }  # fmt: skip
            yield event(scenario, "work.outcome-measured", moment(after, 6), measured)
