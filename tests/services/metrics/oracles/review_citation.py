"""Review citation, review by review."""

from collections import defaultdict
from datetime import date

from tests.services.metrics.oracle import read_time
from tests.services.metrics.oracles.careers import EVERYBODY, Answer, Careers, Place


def answers(careers: Careers, first: date, last: date) -> dict[Place, Answer]:
    cited: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for each in careers.of("review-completed"):
        cited[each["person_id"], each["reviewer_id"], each["completed_at"]] |= set(each["cited_evidence"])
    found: defaultdict[Place, list[tuple[str, bool, bool]]] = defaultdict(list)
    unmatched = set[str]()
    for (person, _, at), ids in cited.items():
        day = careers.day(at)
        if not first <= day <= last:
            continue
        if not careers.is_known(person):
            unmatched.add(person)
        if careers.employed(("person", person), day):
            accepted = any(
                e.id in ids and e.learner == ("person", person) and e.at <= read_time(at) for e in careers.shown
            )
            for place in careers.counted_at(person, day):
                found[place].append((person, accepted, bool(ids)))
    return {at: answer(found[at], len(unmatched) if at == EVERYBODY else 0) for at in {*found, EVERYBODY}}


def answer(found: list[tuple[str, bool, bool]], unmatched: int) -> Answer:
    numerator = sum(accepted for _, accepted, _ in found)
    detail: dict[str, float | None] = {"not_accepted": sum(cites and not accepted for _, accepted, cites in found)}
    value = numerator / len(found) if found else None
    return Answer(value, numerator, len(found), len({person for person, _, _ in found}), unmatched, detail)
