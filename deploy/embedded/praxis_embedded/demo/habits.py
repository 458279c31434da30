"""Small habits, hours kept free for learning, and coaching."""

from collections.abc import Iterator
from datetime import date

from praxis_embedded.demo.learning import PROTECTED_UNIT
from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import Json, Told, event, moment, person, when
from praxis_embedded.demo.scenario import DAY, Scenario
from praxis_embedded.demo.skills import main_skill

HABITS = (
    ("capture-the-day", "capture", "the last hour of the day", "the evening bell", "engineering-looms", 0.5),
    ("friday-find", "share", "Friday", "the weekly meeting", "sales", 0.6),
    ("morning-sprint", "sprint", "before the first call", "the kettle", "support-night", 0.35),
)
"""Name, kind, time, trigger, for whom, and the share of the times when somebody keeps it."""

_DESIGNED = 0.6
_COACHED_A_DAY = 0.012
_BY_MANAGER = 0.35


def habits(organisation: Organisation) -> Iterator[Told]:
    scenario, since = organisation.scenario, organisation.scenario.at(_DESIGNED)
    owner = person(organisation.leads["learning"].id)
    for habit, kind, time, trigger, unit, share in HABITS:
        designed = {
            "habit": habit, "kind": kind, "time": time, "trigger": trigger, "unit": unit, "owner": owner,
            "reward": "a lit lantern on your page",
        }  # fmt: skip
        yield event(scenario, "programme.habit-designed", moment(since, 7), designed)
        for each in organisation.people:
            yield from _kept(scenario, each, habit, kind, unit, share, since)


def _kept(
    scenario: Scenario, who: Person, habit: str, kind: str, unit: str, share: float, since: date
) -> Iterator[Told]:
    if not who.home.unit.startswith(unit):
        return
    draws = scenario.draws("habit", habit, who.number)
    for day in scenario.weekdays(since):
        is_due = kind != "share" or day.weekday() == 4
        if is_due and draws.random() < share and who.is_there(day):
            hour = {"capture": 15, "share": 11, "sprint": 8}[kind]
            done: Json = {"person": person(who.id), "habit": habit, "at": when(day, hour, draws.randint(0, 59))}
            if kind == "sprint":
                done["minutes"] = draws.randint(10, 20)
            yield event(scenario, "work.habit-done", moment(day, 17), done)


def protected_hours(organisation: Organisation) -> Iterator[Told]:
    """Friday mornings, but for one that was needed for something else."""
    scenario = organisation.scenario
    friday = scenario.first + DAY * ((4 - scenario.first.weekday()) % 7)
    block: Json = {"unit": PROTECTED_UNIT, "time_zone": "UTC"}
    series = {"starts_at": when(friday, 9), "ends_at": when(friday, 10), "recurrence": "FREQ=WEEKLY;BYDAY=FR"}
    yield event(scenario, "programme.protected-hours-booked", moment(scenario.first), block | series)
    missed = friday + 14 * DAY
    once = {"starts_at": when(missed, 9), "ends_at": when(missed, 10)}
    yield event(scenario, "programme.protected-hours-cancelled", moment(missed, 8), block | once)


def coaching(organisation: Organisation) -> Iterator[Told]:
    """By managers, and by colleagues with a lower number; some conversations are told by both sides."""
    scenario = organisation.scenario
    for each in organisation.members:
        draws = scenario.draws("coaching", each.number)
        for day in scenario.weekdays():
            if draws.random() < _COACHED_A_DAY and each.is_there(day):
                near = [other for other in organisation.of(each.on(day).unit) if other.number < each.number]
                near = [other for other in near if other.is_there(day)]
                is_managed = draws.random() < _BY_MANAGER or not near
                coach = each.on(day).manager if is_managed else draws.choice(near).id
                held: Json = {
                    "coach": person(coach or ""), "learner": person(each.id), "minutes": draws.choice((15, 30, 45)),
                    "at": when(day, draws.randint(9, 16), draws.randint(0, 59)), "skill": main_skill(each.on(day).role),
                }  # fmt: skip
                yield event(scenario, "work.coaching-held", moment(day, 18), held)
