"""Planted: of two pilots of 60 days one succeeds, and the other shows nothing.

``sprints-by-day`` treats ``support-day`` with a sprint of fifteen minutes a day, and compares it with
``support-night``. While it runs, the treated learn for fifteen minutes on four of five working days, their tasks take
0.65 of the time, and 90 % of these are accepted at once; before that 30 % were. ``boards-in-the-north`` treats
``sales-north``, compares it with ``sales-south``, and changes nothing. Both are said two weeks before they start, with
the same three metrics.

See it: ``/pilots/sprints-by-day`` and ``/pilots/boards-in-the-north``: of the first all three effects lie beyond their
thresholds. Verdicts are inconclusive all the same, since a log that is told of the past today has no registration from
before the start. In time: ``/kpis/productivity?unit=support-day&grain=quarter&compare=unit:support-night``. Left out
(``--without pilot``): the first changes nothing either, and is not scaled but stopped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from praxis_embedded.demo.learning import Attempt
from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import Json, Told, event, moment, person
from praxis_embedded.demo.scenario import DAY, Effect, Scenario

PACE = 0.65
ROUNDS = (90, 10, 0, 0)
"""How many of a hundred tasks take one round, two, three and four; elsewhere ``praxis_embedded.demo.work.ROUNDS``."""

DAYS = 60
SPRINT_COURSE, SPRINT_MINUTES, _SPRINTS = "daily-sprint", 15, 0.8
_BEGINS = 0.62

_METRICS = (
    {"kpi": "productivity", "direction": "up", "threshold": 0.1},
    {"kpi": "revision-cycles", "direction": "down", "threshold": 0.5},
    {"kpi": "learning-hours", "direction": "up", "threshold": 1.0},
)


@dataclass(frozen=True, slots=True)
class Pilot:
    name: str
    objective: str
    treated: str
    comparison: str
    starts_on: date
    is_working: bool

    @property
    def ends_on(self) -> date:
        return self.starts_on + (DAYS - 1) * DAY

    def treats(self, person: Person, day: date) -> bool:
        return self.is_working and self.starts_on <= day <= self.ends_on and person.on(day).unit == self.treated

    def pace(self, person: Person, day: date) -> float:
        return PACE if self.treats(person, day) else 1.0


def pilots(scenario: Scenario) -> tuple[Pilot, Pilot]:
    starts_on = scenario.at(_BEGINS)
    return (
        Pilot(
            "sprints-by-day", "Fifteen minutes of learning a day make better work by day", "support-day",
            "support-night", starts_on, scenario.has(Effect.PILOT),
        ),
        Pilot(
            "boards-in-the-north", "A board of open questions makes better offers in the north", "sales-north",
            "sales-south", starts_on, is_working=False,
        ),
    )  # fmt: skip


def attempts(organisation: Organisation, pilot: Pilot) -> Iterator[Attempt]:
    """The sprints: a registration a week, a session a day."""
    if not pilot.is_working:
        return
    scenario = organisation.scenario
    for each in (other for other in organisation.people if other.home.unit == pilot.treated):
        draws = scenario.draws("sprints", each.number)
        weeks: dict[date, list[date]] = {}
        for day in scenario.weekdays(pilot.starts_on, pilot.ends_on):
            if draws.random() < _SPRINTS and pilot.treats(each, day) and each.is_there(day):
                weeks.setdefault(day - day.weekday() * DAY, []).append(day)
        for number, days in enumerate(weeks.values()):
            starts = tuple(moment(day, 10, draws.randint(0, 59)) for day in days)
            yield Attempt(each, SPRINT_COURSE, 800 + number, starts, SPRINT_MINUTES, is_completed=False, is_timed=False)


def told(organisation: Organisation, pilot: Pilot) -> Iterator[Told]:
    scenario, lead = organisation.scenario, person(organisation.leads[pilot.treated].id)
    registered: Json = {
        "pilot": pilot.name, "objective": pilot.objective, "metrics": list(_METRICS), "owner": lead,
        "sponsor": person(organisation.people[0].id), "treated": {"unit": pilot.treated},
        "comparison": {"unit": pilot.comparison}, "success": "All three metrics move by their thresholds",
        "starts_on": pilot.starts_on.isoformat(), "ends_on": pilot.ends_on.isoformat(),
    }  # fmt: skip
    yield event(scenario, "programme.pilot-registered", moment(pilot.starts_on - 14 * DAY), registered)
    concluded: Json = {"pilot": pilot.name, "decided_by": person(organisation.people[0].id)}
    if pilot.is_working:
        concluded |= {"decision": "scale", "step": f"{pilot.name}-for-all", "step_owner": lead, "reason": "It helped"}
    else:
        concluded |= {"decision": "stop", "reason": "Nothing changed that had not changed elsewhere"}
    decided_on = pilot.ends_on + 5 * DAY
    if decided_on <= scenario.until:
        yield event(scenario, "programme.pilot-concluded", moment(decided_on), concluded)
