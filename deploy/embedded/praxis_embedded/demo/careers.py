"""How people are seen: ratings and reviews twice a year, and promotions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from random import Random

from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import Json, Told, event, key_of, moment, when
from praxis_embedded.demo.scenario import DAY
from praxis_embedded.demo.skills import PLANTED_SKILLS
from praxis_embedded.demo.staffing import GRADES

_TOP = 0.2
_CITES = 0.55
_DISCUSSED = 0.5
_PROMOTED, _PROMOTED_WITH_EVIDENCE = 0.05, 0.11
"""Shares a half-year."""

Shown = Mapping[str, Sequence[tuple[datetime, str]]]


def shown(told: Iterable[Told]) -> Shown:
    """By learner: when each piece of evidence was told, and the id that decisions give it. Of the skills of planted
    effects nobody takes notice, so that these have no further ones."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    for each in sorted(told, key=lambda each: each.at):
        data = each.body["data"]
        if each.body["type"] == "praxis.evidence.skill-applied.v1" and data["skill"] not in PLANTED_SKILLS:
            found.setdefault(data["learner"]["person_id"], []).append((each.at, key_of(each)))
    return found


def careers(organisation: Organisation, evidence: Shown) -> Iterator[Told]:
    for each in organisation.people:
        if not each.is_contractor and each.home.manager is not None:
            yield from _career(organisation, each, evidence.get(each.id, ()))


def _career(organisation: Organisation, each: Person, evidence: Sequence[tuple[datetime, str]]) -> Iterator[Told]:
    """A rating and a review at each close, and a promotion once at most."""
    is_promoted = each.grade == GRADES[-1]
    for closes_on in _closes(organisation):
        if each.is_there(closes_on):
            draws = organisation.scenario.draws("careers", closes_on, each.number)
            before = [key for at, key in evidence if at < moment(closes_on, 0)]
            yield _rated(organisation, each, closes_on, draws)
            yield _reviewed(organisation, each, closes_on, before, draws)
            if not is_promoted and draws.random() < (_PROMOTED_WITH_EVIDENCE if before else _PROMOTED):
                is_promoted = True
                yield _promoted(organisation, each, closes_on)


def _closes(organisation: Organisation) -> list[date]:
    """Cycles close in the middle and at the end of each year of the simulation."""
    scenario = organisation.scenario
    return [day for half in range(1, 20) if (day := scenario.first + half * 178 * DAY) <= scenario.until]


def _rated(organisation: Organisation, each: Person, closes_on: date, draws: Random) -> Told:
    is_top = draws.random() < _TOP
    rating: Json = {
        "person_id": each.id, "cycle": f"to-{closes_on}", "cycle_closed_at": when(closes_on, 17),
        "rating": "bright" if is_top else "steady", "is_top": is_top,
    }  # fmt: skip
    return event(organisation.scenario, "people.performance-rated", moment(closes_on, 17), rating)


def _reviewed(organisation: Organisation, each: Person, closes_on: date, before: Sequence[str], draws: Random) -> Told:
    review: Json = {
        "person_id": each.id, "reviewer_id": each.on(closes_on).manager,
        "completed_at": when(closes_on, draws.randint(9, 16)),
        "cited_evidence": list(before[-2:]) if draws.random() < _CITES else [],
        "discussed_learning": draws.random() < _DISCUSSED,
    }  # fmt: skip
    return event(organisation.scenario, "people.review-completed", moment(closes_on, 16), review)


def _promoted(organisation: Organisation, each: Person, closes_on: date) -> Told:
    promoted: Json = {
        "person_id": each.id, "from_grade": each.grade, "to_grade": GRADES[GRADES.index(each.grade) + 1],
        "decided_at": when(closes_on, 18), "effective_at": when(closes_on + 10 * DAY, 0),
    }  # fmt: skip
    return event(organisation.scenario, "people.promoted", moment(closes_on, 18), promoted)
