"""Planted: of two pathways with randomised cohorts one works, and the other does not.

``data-in-daily-work`` (for engineering, operations and finance) works. Nine in ten of either cohort complete the
basics within two weeks. Of those who are on the practice too 85 % use data analysis at work within 30 days, of those
who wait for it 12 %; and from the fourth week on their tasks take 0.7 of the time. ``presenting-with-poise`` (for sales
and learning) changes nothing: 30 % use it in either cohort, and tasks take as long as ever.

See it: ``/pathways/data-in-daily-work/comparison`` and ``/pathways/presenting-with-poise/comparison``; in time
``/kpis/application-rate?skill=data-analysis&grain=quarter``. Left out (``--without pathway``): the practice is taken,
and changes nothing, as with the other pathway.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from praxis_embedded.demo.learning import Attempt
from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import Json, Told, event, moment, person, when
from praxis_embedded.demo.scenario import DAY, Effect, Scenario
from praxis_embedded.demo.skills import IDLE_SKILL, PATHWAY_SKILL, course

APPLIED, NOT_APPLIED, EITHER_WAY = 0.85, 0.12, 0.30
"""Shares who use the skill within 30 days: on the pathway that works, waiting for it, on or waiting for the other."""

PACE = 0.7
"""Of the time that a task took before."""

PACE_AFTER = 21 * DAY
_BEGINS = 0.32
"""So early that of the shortest time the months in which cohorts are compared are over before it ends."""

_COMPLETES = 0.92
_COST_OF_ONE, _COST_DAYS = 1_200.0, 89


@dataclass(frozen=True, slots=True)
class Pathway:
    """``on``: the cohort that is on it from ``begins`` on; ``waiting``: the cohort that it is compared with."""

    name: str
    title: str
    skill: str
    begins: date
    on: frozenset[Person]
    waiting: frozenset[Person]

    @property
    def courses(self) -> tuple[str, str]:
        """For everybody, and for the cohort that is on it."""
        return f"{self.skill}-basics", f"{self.skill}-practice"


@dataclass(frozen=True, slots=True)
class Pathways:
    scenario: Scenario
    working: Pathway
    idle: Pathway

    def applied(self, person: Person, skill: str) -> float | None:
        """The share of those like ``person`` who use what they learned of a pathway's skill; of another ``None``."""
        if skill == IDLE_SKILL:
            return EITHER_WAY
        if skill != PATHWAY_SKILL:
            return None
        works = person in self.working.on and self.scenario.has(Effect.PATHWAY)
        return APPLIED if works else NOT_APPLIED

    def pace(self, person: Person, day: date) -> float:
        works = self.scenario.has(Effect.PATHWAY) and person in self.working.on
        return PACE if works and day >= self.working.begins + PACE_AFTER else 1.0


def pathways(organisation: Organisation) -> Pathways:
    engineers = ("engineering-looms", "engineering-lamps")
    working = (*engineers, "operations-dock", "operations-mill", "finance")
    idle = ("sales-north", "sales-south", "learning")
    return Pathways(
        organisation.scenario,
        _pathway(organisation, "data-in-daily-work", "Data in daily work", PATHWAY_SKILL, working),
        _pathway(organisation, "presenting-with-poise", "Presenting with poise", IDLE_SKILL, idle),
    )


def _pathway(organisation: Organisation, name: str, title: str, skill: str, units: tuple[str, ...]) -> Pathway:
    """Half of those who were there for a while, by lot."""
    scenario = organisation.scenario
    begins = scenario.at(_BEGINS)
    asked = [each for each in organisation.of(*units) if each.hired_on < begins - 60 * DAY and each.is_there(begins)]
    scenario.draws("cohorts", name).shuffle(asked)
    half = len(asked) // 2
    return Pathway(name, title, skill, begins, frozenset(asked[:half]), frozenset(asked[half:]))


def attempts(scenario: Scenario, pathway: Pathway) -> Iterator[Attempt]:
    for each in sorted(pathway.on | pathway.waiting, key=lambda each: each.number):
        for place, slug in enumerate(pathway.courses if each in pathway.on else pathway.courses[:1]):
            draws = scenario.draws("pathway", slug, each.number)
            day = pathway.begins + DAY * (draws.randint(1, 12) + 10 * place)
            if draws.random() < _COMPLETES and each.is_there(day) and day <= scenario.until:
                start = moment(day, draws.randint(9, 15), draws.randint(0, 59))
                yield Attempt(each, slug, 500 + place, (start,), 40, is_completed=True, is_timed=True)


def told(organisation: Organisation, pathway: Pathway) -> Iterator[Told]:
    scenario, at = organisation.scenario, moment(pathway.begins - 14 * DAY)
    published: Json = {
        "pathway": pathway.name, "version": 1, "name": pathway.title, "skills": [pathway.skill],
        "activities": [course(slug) for slug in pathway.courses], "outcome": "application-rate",
        "owner": person(organisation.leads["learning"].id),
    }  # fmt: skip
    yield event(scenario, "programme.pathway-published", at, published)
    for cohort, people in (("first", pathway.on), ("waiting", pathway.waiting)):
        for each in sorted(people, key=lambda each: each.number):
            enrolled = {
                "pathway": pathway.name, "cohort": f"{pathway.name}-{cohort}", "learner": person(each.id),
                "at": when(pathway.begins), "assigned": "randomised",
            }  # fmt: skip
            yield event(scenario, "programme.learner-enrolled", moment(pathway.begins), enrolled)
    cost = {
        "about": {"pathway": pathway.name}, "amount": round(_COST_OF_ONE * len(pathway.on), 2), "currency": "EUR",
        "period": {"from": pathway.begins.isoformat(), "to": (pathway.begins + _COST_DAYS * DAY).isoformat()},
    }  # fmt: skip
    yield event(scenario, "programme.cost-recorded", moment(pathway.begins), cost)
