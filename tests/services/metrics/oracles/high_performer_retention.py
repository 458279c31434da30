"""Retention of high performers, one by one."""

from collections import defaultdict
from datetime import date, timedelta

from tests.services.metrics.oracle import read_time
from tests.services.metrics.oracles.careers import EVERYBODY, Answer, Careers, Place
from tests.services.metrics.oracles.survival import incidence, kaplan_meier


def answers(careers: Careers, first: date, last: date) -> dict[Place, Answer]:
    found: defaultdict[Place, list[tuple[int, int, bool]]] = defaultdict(list)
    unmatched = set[str]()
    for person, closed in cohort(careers, first, last).items():
        if not careers.is_known(person):
            unmatched.add(person)
        if careers.employed(("person", person), closed):
            for place in careers.counted_at(person, closed):
                found[place].append((*followed(careers, person, closed), is_learner(careers, person, closed)))
    return {at: answer(found[at], len(unmatched) if at == EVERYBODY else 0) for at in {*found, EVERYBODY}}


def cohort(careers: Careers, first: date, last: date) -> dict[str, date]:
    latest = {(each["person_id"], each["cycle"]): each for each in careers.of("performance-rated")}
    top = [each for each in latest.values() if each["is_top"] and first <= careers.day(each["cycle_closed_at"]) <= last]
    top.sort(key=lambda each: read_time(each["cycle_closed_at"]), reverse=True)
    return {each["person_id"]: careers.day(each["cycle_closed_at"]) for each in top}


def followed(careers: Careers, person: str, closed: date) -> tuple[int, int]:
    end = min(closed + timedelta(days=365), careers.through)
    gone = careers.gone_on(person, closed)
    if gone is None or gone > end:
        return (end - closed).days, 0
    return (gone - closed).days, {True: 1, False: 2, None: 3}[careers.was_voluntary(person, gone)]


def is_learner(careers: Careers, person: str, closed: date) -> bool:
    return any((("person", person), closed - timedelta(days=n)) in careers.active for n in range(1, 91))


def answer(found: list[tuple[int, int, bool]], unmatched: int) -> Answer:
    times = [each[:2] for each in found]
    learners, others = [each[:2] for each in found if each[2]], [each[:2] for each in found if not each[2]]
    value, ends = retention(times), [end for _, end in times]
    steps = [float(share) for at, share in kaplan_meier(times) if at <= 365]
    detail = {
        "kaplan_meier": None if value is None else [1.0, *steps][-1],
        "if_unknown_voluntary": retention([(time, 1 if end == 3 else end) for time, end in times]),
        "involuntary": ends.count(2), "unknown": ends.count(3),
        "waiting": sum(not end and time < 365 for time, end in times),
        "learners": len(learners), "learners_retention": retention(learners),
        "non_learners": len(others), "non_learners_retention": retention(others),
    }  # fmt: skip
    return Answer(value, len(times) - ends.count(1), len(times), len(times), unmatched, detail)


def retention(times: list[tuple[int, int]]) -> float | None:
    left = incidence(times, 1, 365)
    return None if left is None else float(1 - left)
