"""Cross-skill mobility, day by day."""

from collections import defaultdict
from datetime import date

from tests.services.metrics.oracle import Learner
from tests.services.metrics.oracles.careers import DAY, EVERYBODY, Answer, Careers, Place


def answers(careers: Careers, first: date, last: date) -> dict[Place, Answer]:
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    here: defaultdict[Place, list[str]] = defaultdict(list)
    for day in days:
        for person in careers.headcount[day]:
            for place in careers.counted_at(person, day):
                here[place].append(person)
    halves: defaultdict[tuple[Place, str], set[str]] = defaultdict(set)
    for half, person, day in happened(careers):
        if first <= day <= last and careers.employed(("person", person), day):
            for place in careers.counted_at(person, day):
                if person in here[place]:
                    halves[place, half].add(person)
    strangers = {who for (who, _), day in careers.held.items() if who[0] == "unknown" and first <= day <= last}
    found: dict[Place, Answer] = {}
    for place in {*here, EVERYBODY}:
        gained, moved, unplaced = (halves[place, half] for half in ("gained", "moved", "unplaced"))
        mean, both = len(here[place]) / len(days), len(gained | moved)
        detail: dict[str, float | None] = {"gained": len(gained), "moved": len(moved), "unplaced": len(unplaced)}
        unmatched = len(strangers) if place == EVERYBODY else 0
        found[place] = Answer(both / mean if mean else None, both, mean, len(set(here[place])), unmatched, detail)
    return found


def happened(careers: Careers) -> list[tuple[str, str, date]]:
    gains = {key: gain(careers, *key, day) for key, day in careers.held.items()}
    found = [(gains[who, skill], who[1], day) for (who, skill), day in careers.held.items() if who[0] == "person"]
    told = {careers.day(each.data["effective_at"]) for each in careers.placement.events}
    news = {day + n * DAY for day in told for n in (0, 1)}
    for person in careers.persons:
        for day in news:
            before, after = (family(careers, careers.role(person, at)) for at in (day - DAY, day))
            year_ago = date(day.year - 1, day.month, day.day)
            if before and after and before != after and any(
                who == ("person", person) and gains[who, skill] == "gained" and year_ago <= when < day
                for (who, skill), when in careers.held.items()
            ):  # fmt: skip
                found.append(("moved", person, day))
    return found


def gain(careers: Careers, learner: Learner, skill: str, day: date) -> str:
    own = family(careers, careers.role(learner[1], day)) if learner[0] == "person" else None
    families = {each["family"] for role, each in careers.profiles.items() if skill in careers.required(role)}
    if not families:
        defined = {each["skill"]: each.get("family") for each in careers.fold.of("programme.skill-defined")}
        families = {defined.get(skill)} - {None}
    if own is None or not families:
        return "unplaced"
    return "own" if own in families else "gained"


def family(careers: Careers, role: str | None) -> str | None:
    return careers.profiles[role]["family"] if role in careers.profiles else None
