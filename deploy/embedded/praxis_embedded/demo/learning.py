"""Who takes which course when. An attempt is a few sessions, and ends with a completion or without."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import moment
from praxis_embedded.demo.scenario import DAY, Scenario
from praxis_embedded.demo.skills import ELECTIVES, RING_SKILL, ROLES, SKILLS, UNMAPPED_COURSE

PROTECTED_UNIT = "engineering"
"""Its Friday mornings from nine to ten are kept free for learning."""

_SESSIONS_A_MONTH = 1.5
_GIVES_UP = 0.15
_KEEPS_THE_HOURS = 0.6


@dataclass(frozen=True, slots=True)
class Attempt:
    """``starts``: when each session begins; ``minutes``: how long each takes. ``is_timed``: the LMS says in the end how
    long they took together; else time shows only in the gaps between statements."""

    person: Person
    course: str
    number: int
    starts: tuple[datetime, ...]
    minutes: int
    is_completed: bool
    is_timed: bool

    @property
    def ended_at(self) -> datetime:
        return self.starts[-1] + timedelta(minutes=self.minutes)


def usual_learning(organisation: Organisation) -> Iterator[Attempt]:
    """What everybody learns, apart from the planted pathways' courses."""
    for person in organisation.people:
        yield from _of(organisation.scenario, person)


def _of(scenario: Scenario, person: Person) -> Iterator[Attempt]:
    draws = scenario.draws("learning", person.number)
    keenness = draws.gammavariate(2, 0.5)
    sessions = sorted(_sessions(scenario, person, draws, keenness), reverse=True)
    courses = iter(_plan(draws, person))
    number = 0
    while sessions:
        slug = next(courses, UNMAPPED_COURSE)
        taken = [sessions.pop() for _ in range(min(len(sessions), draws.choices((1, 2, 3), (5, 3, 2))[0]))]
        gives_up = draws.random() < _GIVES_UP
        yield Attempt(person, slug, number, tuple(taken), draws.randint(12, 55), not gives_up, draws.random() < 0.5)
        number += 1


def _sessions(scenario: Scenario, person: Person, draws: Random, keenness: float) -> Iterator[datetime]:
    """On the days when somebody learns, which is one weekday in some."""
    chance = min(0.8, keenness * _SESSIONS_A_MONTH / 21)
    for day in scenario.weekdays(person.hired_on, person.left_on):
        if draws.random() < chance and person.is_there(day):
            yield _session(scenario, person, day, draws)


def _session(scenario: Scenario, person: Person, day: date, draws: Random) -> datetime:
    if person.on(day).unit.startswith(PROTECTED_UNIT) and draws.random() < _KEEPS_THE_HOURS:
        friday = day + DAY * (4 - day.weekday())
        if friday <= scenario.until and person.is_there(friday):
            return moment(friday, 9, draws.randint(0, 20), draws.randint(0, 59))
    return moment(day, draws.randint(8, 16), draws.randint(0, 59), draws.randint(0, 59))


def _plan(draws: Random, person: Person) -> list[str]:
    """Courses in the order in which they will be taken: first of one's role, then what one likes."""
    own = ROLES.get(person.home.role, ("", ()))[1]
    liked = [each for each in ELECTIVES if each not in own]
    draws.shuffle(liked)
    planned = [skill for skill in (*own, *liked) if skill != RING_SKILL]
    taught = {skill.name: skill.courses for skill in SKILLS}
    courses = [slug for skill in planned for slug in taught[skill] if not slug.endswith(("-basics", "-practice"))]
    place = min(len(courses), 2 + draws.randint(0, 3))
    return [*courses[:place], UNMAPPED_COURSE, *courses[place:]]
