"""All that the systems of the simulated organisation tell, in the order in which they would."""

from collections.abc import Iterable
from dataclasses import dataclass

from praxis_embedded.demo import (
    careers,
    directory,
    habits,
    leadership,
    learning,
    programme,
    skills,
    statements,
    voices,
    work,
)
from praxis_embedded.demo.applying import applying
from praxis_embedded.demo.people import Organisation
from praxis_embedded.demo.saying import Told, event, moment, person
from praxis_embedded.demo.scenario import Scenario
from praxis_embedded.demo.staffing import organisation as staffed
from praxis_embedded.demo.truths import pathways, pilots, ring

MARK = "lantern-works-demo"
"""The id of the first event, whatever the scenario: an installation takes one of them."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """``mark`` goes first; ``events`` and ``statements`` are in the order of their times."""

    organisation: Organisation
    mark: Told
    events: tuple[Told, ...]
    statements: tuple[Told, ...]


def simulate(scenario: Scenario) -> Simulation:
    found = staffed(scenario)
    planned, piloted = pathways.pathways(found), pilots.pilots(scenario)
    attempts = [
        *learning.usual_learning(found),
        *(each for pathway in (planned.working, planned.idle) for each in pathways.attempts(scenario, pathway)),
        *(each for pilot in piloted for each in pilots.attempts(found, pilot)),
    ]
    applied = [*applying(found, attempts, planned.applied), *ring.told(found)]
    shown = careers.shown(applied)
    events = [
        *directory.directory(found), *skills.design(found), *programme.programme(found),
        *(each for pathway in (planned.working, planned.idle) for each in pathways.told(found, pathway)),
        *(each for pilot in piloted for each in pilots.told(found, pilot)),
        *applied, *work.work(found, planned, piloted), *habits.habits(found), *habits.protected_hours(found),
        *habits.coaching(found), *careers.careers(found, shown), *leadership.leadership(found),
        *voices.surveys(found), *voices.feedback(found),
    ]  # fmt: skip
    said = [told for each in attempts for told in statements.statements_of(scenario, each)]
    return Simulation(found, _mark(found), _ordered(events), _ordered([*said, *statements.strays(found)]))


def _ordered(told: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda each: (each.at, each.id)))


def _mark(organisation: Organisation) -> Told:
    """Says what is simulated, so that another simulation in the same installation is refused (409)."""
    scenario = organisation.scenario
    said = (
        f"An organisation that does not exist: {scenario.people} people, {scenario.months} months up to "
        f"{scenario.until}, seed {scenario.seed}, without {', '.join(sorted(scenario.without)) or 'nothing'}."
    )
    playbook = {"id": MARK, "about": MARK, "text": said, "owner": person(organisation.people[0].id)}
    told = event(scenario, "programme.playbook-published", moment(scenario.first, 0), playbook)
    return Told(told.at, MARK, told.body | {"id": MARK})
