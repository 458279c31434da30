"""Time to competency, from each start to what it is a start for."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from tests.services.metrics.oracle import Learner
from tests.services.metrics.oracles.careers import DAY, EVERYBODY, FIRST, LAST, Answer, Careers, Place
from tests.services.metrics.oracles.survival import incidence, quantile


class Start(NamedTuple):
    learner: Learner
    day: date
    role: str | None
    pathway: str | None
    skills: set[str]


def answers(careers: Careers, first: date, last: date) -> dict[Place, Answer]:
    times: defaultdict[Place, list[tuple[int, int]]] = defaultdict(list)
    people, already, unmatched = defaultdict[Place, set[str]](set), defaultdict[Place, int](int), set[Learner]()
    for start in starts(careers):
        if not first <= start.day <= last:
            continue
        if start.learner[0] == "unknown":
            unmatched.add(start.learner)
        if not careers.employed(start.learner, start.day):
            continue
        person = start.learner[1]
        goals = {at: start.skills for at in careers.counted_at(person, start.day) if start.role or at[0] != "role"}
        goals |= {("skill", skill): {skill} for skill in start.skills}
        if start.pathway:
            goals["pathway", start.pathway] = start.skills
        for place, skills in goals.items():
            days = [careers.held.get((start.learner, skill)) for skill in skills]
            met = None if None in days else max(day for day in days if day)
            if met is not None and met < start.day:
                already[place] += 1
            else:
                times[place].append(watched(careers, start, met))
                people[place].add(person)
    return {
        place: answer(sorted(times[place]), people[place], already[place], unmatched if place == EVERYBODY else set())
        for place in {*times, *already, EVERYBODY}
    }


def starts(careers: Careers) -> list[Start]:
    found: list[Start] = []
    newest: dict[str, tuple[int, list[str]]] = {}
    for person in careers.persons:
        day = FIRST
        while day <= LAST:
            role = careers.role(person, day)
            if role and role != careers.role(person, day - DAY if day > FIRST else day) and careers.required(role):
                found.append(Start(("person", person), day, role, None, careers.required(role)))
            day += DAY
    enrolled: dict[tuple[Learner | None, str], date] = {}
    for each in careers.fold.of("programme.learner-enrolled"):
        key = careers.fold.who(each["learner"]), each["pathway"]
        enrolled[key] = min(careers.day(each["at"]), enrolled.get(key, date.max))
    for each in careers.fold.of("programme.pathway-published"):  # of a version the first told
        if each["version"] > newest.get(each["pathway"], (0, []))[0]:
            newest[each["pathway"]] = (each["version"], each["skills"])
    for (learner, pathway), day in enrolled.items():
        if pathway in newest and learner is not None:
            found.append(Start(learner, day, None, pathway, set(newest[pathway][1])))
    return found


def watched(careers: Careers, start: Start, met: date | None) -> tuple[int, int]:
    person, day = start.learner[1], start.day
    while True:
        if met is not None and met <= day:
            return (day - start.day).days, 1
        tomorrow = day + DAY
        if tomorrow > careers.through or tomorrow > start.day + timedelta(days=730):
            return (day - start.day).days, 0
        if not careers.at_work(person, tomorrow):
            return (tomorrow - start.day).days, 2
        if start.role is not None and careers.role(person, tomorrow) != start.role:
            return (day - start.day).days, 0
        day = tomorrow


def answer(times: list[tuple[int, int]], people: set[str], already: int, unmatched: set[Learner]) -> Answer:
    reached, departed = incidence(times, 1, 180), incidence(times, 2, 180)
    detail = {
        "p75": quantile(times, Fraction(1, 4)), "departed": sum(end == 2 for _, end in times), "already": already,
        "reached_by_180": None if reached is None else float(reached),
        "departed_by_180": None if departed is None else float(departed),
    }  # fmt: skip
    numerator = sum(end == 1 for _, end in times)
    return Answer(quantile(times, Fraction(1, 2)), numerator, len(times), len(people), len(unmatched), detail)
