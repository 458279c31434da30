"""Skills coverage and content quality, person by person, from raw events."""

from collections import defaultdict
from datetime import timedelta

from tests.services.metrics.oracle import Learner, read_time
from tests.services.metrics.oracles.careers import LAST, Careers, Place
from tests.services.metrics.said.histories import Data

Done = tuple[Data, str, str, str]
"""Who, the verb (initialized or completed), of what, and when."""


def coverage(careers: Careers) -> dict[str, dict[Place, tuple[int, int]]]:
    """By skill and group: of how many people it is required, and how many of them hold it."""
    found: defaultdict[str, dict[Place, tuple[int, int]]] = defaultdict(dict)
    for person in careers.headcount[LAST]:
        for skill in careers.required(careers.role(person, LAST)):
            holds = (("person", person), skill) in careers.held
            for place in careers.counted_at(person, LAST):
                people, held = found[skill].get(place, (0, 0))
                found[skill][place] = (people + 1, held + holds)
    return dict(found)


def applied(careers: Careers, done: list[Done], maps: list[tuple[str, list[str]]]) -> dict[str, tuple[int, ...]]:
    """By activity: who began and who completed it, employees who began and completed it; pairs, pairs that were used,
    and people in these. Of ``maps`` the last of an activity holds, for all time."""
    found: dict[str, tuple[int, ...]] = {}
    for what in {activity for _, _, activity, _ in done} | {activity for activity, _ in maps}:
        acts = [(careers.fold.who(who), verb, at) for who, verb, activity, at in done if activity == what]
        began = {learner for learner, _, _ in acts if learner}
        completed = {learner for learner, verb, _ in acts if learner and verb == "completed"}
        skills = dict(maps).get(what, [])
        if not skills and not completed:
            continue
        early = {learner for learner in began if careers.employed(learner, careers.day(first(acts, learner)))}
        learned = {
            learner: at
            for learner in completed
            if careers.employed(learner, careers.day(at := first([a for a in acts if a[1] == "completed"], learner)))
        }
        pairs = [(learner, at, skill) for learner, at in learned.items() for skill in skills]
        used = sum(_is_used(careers, *pair) for pair in pairs)
        people = len(learned) if skills else 0
        found[what] = (
            len(began), len(completed), len(early), len(early & completed), len(pairs), used, people,
        )  # fmt: skip
    return found


def first(acts: list[tuple[Learner | None, str, str]], learner: Learner) -> str:
    return min((at for who, _, at in acts if who == learner), key=read_time)


def _is_used(careers: Careers, learner: Learner, at: str, skill: str) -> bool:
    learned = read_time(at)
    return any(
        each.learner == learner and each.skill == skill and learned < each.at <= learned + timedelta(days=30)
        for each in careers.shown
    )
