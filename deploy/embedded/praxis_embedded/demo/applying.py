"""From learning to work: who uses what they completed, in which tasks, and who vouches for it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from praxis_embedded.demo.evidence import Evidence, evidence
from praxis_embedded.demo.learning import Attempt
from praxis_embedded.demo.outcomes import outcomes
from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import Told, event, moment, person
from praxis_embedded.demo.scenario import DAY, Scenario
from praxis_embedded.demo.skills import LEARNING_SYSTEM, SKILL_OF, WORK_SYSTEM, assessors
from praxis_events.times import format_time

USUAL = 0.35
"""The share of those who learned a skill who use it within 30 days where nothing is planted."""

FURTHER = (
    ("project-result", 0.5, 4, 20), ("peer-endorsement", 0.5, 4, 25), ("manager-verification", 0.45, 4, 30),
    ("assessor-validation", 0.8, 20, 60),
)  # fmt: skip
"""What else those tell who saw it: the kind, how often, and between which days after its first use."""

_ASSESSED, _ASSESSED_AFTER = 0.5, (35, 110)
"""The share of the others whom an assessor validates, and when: too late for the rate at which learning is applied."""

_QUIZ = 0.03
"""The share of completions whose quiz is posted as work, in vain: it lies in the LMS."""

Applied = Callable[[Person, str], float | None]


def applying(organisation: Organisation, attempts: Iterable[Attempt], applied: Applied) -> Iterator[Told]:
    """``applied``: the share of those like a person who use a skill; ``None`` where it is as usual."""
    first: dict[tuple[str, str], Attempt] = {}
    for each in sorted(attempts, key=lambda each: each.ended_at):
        if each.is_completed and each.course in SKILL_OF:
            first.setdefault((each.person.id, SKILL_OF[each.course]), each)
    for (_, skill), attempt in first.items():
        yield from _after(organisation, attempt.person, skill, attempt.ended_at, applied)


def _after(organisation: Organisation, who: Person, skill: str, at: datetime, applied: Applied) -> Iterator[Told]:
    scenario = organisation.scenario
    draws = scenario.draws("applying", skill, who.number)
    used_on, due_on = at.date() + DAY * draws.randint(2, 26), at.date() + DAY * draws.randint(1, 2)
    share, chance, quiz = applied(who, skill), draws.random(), draws.random()
    task = f"{skill}-{who.id}"
    if due_on <= scenario.until and who.is_there(due_on):
        for number in range(2):
            yield event(scenario, "work.task-eligible", moment(due_on), {
                "task": {"system": WORK_SYSTEM, "id": f"{task}-{number}"}, "skill": skill, "person": person(who.id),
                "from": format_time(moment(due_on)), "due_at": format_time(moment(due_on + 60 * DAY, 17)),
            })  # fmt: skip
    if quiz < _QUIZ:
        at_once = at + timedelta(minutes=5)
        quiz_told = Evidence(who, skill, "task-completed", at_once, f"quiz-{task}", None, system=LEARNING_SYSTEM)
        yield evidence(scenario, quiz_told)
    if chance < (USUAL if share is None else share) and _may(scenario, who, used_on):
        yield from _used(organisation, who, skill, used_on, draws)
    elif share is None:
        yield from _assessed(organisation, who, skill, at.date(), draws)


def _used(organisation: Organisation, who: Person, skill: str, day: date, draws: Random) -> Iterator[Told]:
    scenario, task = organisation.scenario, f"{skill}-{who.id}"
    for number in range(draws.choice((1, 2, 2))):
        at = moment(day + DAY * 2 * number, draws.randint(9, 16), draws.randint(0, 59))
        if _may(scenario, who, at.date()):
            by = who.on(day).manager if draws.random() < 0.5 else None
            found = outcomes(who.on(day).role, draws)
            named = f"{task}-{number}"
            yield evidence(scenario, Evidence(who, skill, "task-completed", at, named, by, named, found))
    for kind, share, least, most in FURTHER:
        is_told, on = draws.random() < share, day + DAY * draws.randint(least, most)
        by = _witness(organisation, who, skill, kind, on, draws)
        if is_told and by is not None and _may(scenario, who, on):
            found = outcomes(who.on(on).role, draws) if kind == "project-result" else []
            at = moment(on, draws.randint(9, 17), draws.randint(0, 59))
            yield evidence(scenario, Evidence(who, skill, kind, at, f"{task}-{kind}", by, outcomes=found))


def _assessed(organisation: Organisation, who: Person, skill: str, day: date, draws: Random) -> Iterator[Told]:
    is_told, on = draws.random() < _ASSESSED, day + DAY * draws.randint(*_ASSESSED_AFTER)
    by = _witness(organisation, who, skill, "assessor-validation", on, draws)
    if is_told and _may(organisation.scenario, who, on):
        seen = Evidence(who, skill, "assessor-validation", moment(on, 15), f"{skill}-{who.id}-assessed", by)
        yield evidence(organisation.scenario, seen)


def _may(scenario: Scenario, who: Person, day: date) -> bool:
    return day <= scenario.until and who.is_there(day)


def _witness(organisation: Organisation, who: Person, skill: str, kind: str, day: date, draws: Random) -> str | None:
    """Of peers only those with a lower number endorse, so that nobody is in a ring who is not meant to be."""
    manager = who.on(day).manager
    if kind == "manager-verification":
        return manager
    if kind == "assessor-validation":
        return next((each for each in assessors(organisation, skill) if each != who.id), None)
    others = [each for each in organisation.people[1:] if each.number < who.number and each.is_there(day)]
    near = [each for each in others if each.on(day).unit == who.on(day).unit and each.id != manager]
    found = near if kind == "peer-endorsement" and draws.random() < 0.6 and near else others
    return draws.choice(found).id if found else None
