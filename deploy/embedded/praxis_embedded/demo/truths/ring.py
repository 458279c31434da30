"""Planted: four people from four teams endorse one another for one skill, in a ring, inside 14 days.

Each of them has two tasks for ``mentoring`` besides, which weigh 1.2 where 1.4 is asked for; the endorsement would make
it 1.5. It is held for a person to decide. Three honest people with a project result and their manager's word get
the same recognition.

See it: ``GET /cases?state=held`` and ``GET /decisions?outcome=held``, with the policy ``mentoring-in-practice``. Left
out (``--without ring``): the four do not endorse one another, and their cases are pending.
"""

from collections.abc import Iterator

from praxis_embedded.demo.evidence import Evidence, evidence
from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import Told, moment
from praxis_embedded.demo.scenario import DAY, Effect
from praxis_embedded.demo.skills import RING_SKILL

TEAMS = ("sales-north", "support-night", "engineering-looms", "operations-mill")
_HONEST = ("sales-south", "support-day", "engineering-lamps")
_BEGINS = 0.8


def ring(organisation: Organisation) -> tuple[Person, ...]:
    """In the order in which each endorses the next."""
    return tuple(_steady(organisation, unit) for unit in TEAMS)


def told(organisation: Organisation) -> Iterator[Told]:
    scenario, day = organisation.scenario, organisation.scenario.at(_BEGINS)
    people = ring(organisation)
    for place, each in enumerate(people):
        for number, by in enumerate((each.on(day).manager, organisation.leads["learning"].id)):
            at = moment(day, 10, 10 * place + number)
            done = Evidence(each, RING_SKILL, "task-completed", at, f"mentoring-{each.id}-{number}", by)
            yield evidence(scenario, done)
    if scenario.has(Effect.RING):
        for place, each in enumerate(people):
            endorsed = people[(place + 1) % len(people)]
            at, artefact = moment(day + (2 + 2 * place) * DAY, 16), f"mentoring-{endorsed.id}-note"
            yield evidence(scenario, Evidence(endorsed, RING_SKILL, "peer-endorsement", at, artefact, each.id))
    for unit in _HONEST:
        yield from _honest(organisation, _steady(organisation, unit))


def _honest(organisation: Organisation, each: Person) -> Iterator[Told]:
    scenario, day = organisation.scenario, organisation.scenario.at(_BEGINS - 0.1)
    client = organisation.leads["finance" if each.home.unit == "sales-south" else "sales-south"]
    for days, kind, by in ((0, "project-result", client.id), (9, "manager-verification", each.on(day).manager)):
        at, artefact = moment(day + days * DAY, 11), f"mentoring-{each.id}-{kind}"
        yield evidence(scenario, Evidence(each, RING_SKILL, kind, at, artefact, by))


def _steady(organisation: Organisation, unit: str) -> Person:
    """Somebody of the team who is there all the time, if there is one."""
    first = organisation.scenario.first

    def changes(each: Person) -> bool:
        return each.hired_on >= first or bool(each.left_on or each.leave) or len(each.placements) > 1

    return min(organisation.of(unit), key=lambda each: (changes(each), each.number))
