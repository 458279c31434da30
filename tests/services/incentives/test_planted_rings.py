"""A ring that was arranged is held and not paid, and few honest people wait for it: organisations drawn by chance."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from praxis_incentives.decision import decide
from praxis_incentives.endorsements import Endorsement, Endorsements
from praxis_incentives.evidence import ArtefactKey, Endorsed, Evidence
from praxis_incentives.policies import Policy
from tests.services.incentives.build import NOW, case, day, item, policy

PEOPLE, TEAM, DAYS = 80, 8, 90
"""A quarter of a company in which one skill is endorsed."""

MOST_GIVEN = 3
"""Endorsements by each in the quarter, none to so many; one in three in the own team, where favours are returned."""

SEEDS = 200


@dataclass(frozen=True, slots=True)
class Company:
    ring: frozenset[str]
    said: Endorsements
    all: tuple[Endorsement, ...]

    @classmethod
    def drawn(cls, chance: Random) -> "Company":
        people = [f"person:{number}" for number in range(PEOPLE)]
        ring = chance.sample(people, chance.choice([2, 3, 4]))
        honest = list(_honest(chance, people))
        start = chance.randrange(DAYS - 14)
        arranged = [
            (endorser, learner, start + chance.randrange(14))
            for endorser, learner in zip(ring, (*ring[1:], ring[0]), strict=True)
        ]
        every = tuple(
            _said(place, *each) for place, each in enumerate(sorted([*honest, *arranged], key=lambda e: e[2]))
        )
        return cls(frozenset(ring), Endorsements.of(every), every)

    def outcome(self, asked: Policy, person: str) -> str:
        """Each has their manager's word, and lacks a peer's."""
        own = item("m", learner=person, attester="person:manager", on=45)
        return decide(asked, case(learner=person), [own, *self._peers(person)], NOW).outcome

    def _peers(self, person: str) -> list[Evidence]:
        return [
            item(
                each.id,
                "peer-endorsement",
                each.endorser,
                learner=person,
                on=(each.occurred_at - day(0)).days,
                endorsed=Endorsed(
                    in_ring=any(True for _ in self.said.rings(each)),
                    of_pair=self.said.of_pair(each),
                    by_endorser=self.said.by_endorser(each),
                ),
            )
            for each in self.all
            if each.learner == person
        ]


def _honest(chance: Random, people: list[str]) -> Iterator[tuple[str, str, int]]:
    for number, endorser in enumerate(people):
        team = people[number - number % TEAM : number - number % TEAM + TEAM]
        for _ in range(chance.randrange(MOST_GIVEN + 1)):
            others = [each for each in (team if chance.random() < 1 / 3 else people) if each != endorser]
            yield endorser, chance.choice(others), chance.randrange(DAYS)


def _said(place: int, endorser: str, learner: str, on: int) -> Endorsement:
    about = ArtefactKey.of("github", str(place))
    return Endorsement(place, str(place), endorser, learner, "python", about, day(on))


def test_the_planted_ring_is_held_and_few_others_are() -> None:
    asked = policy(threshold=1.3)  # the manager's word and one peer's
    held = {True: 0, False: 0}
    seen = {True: 0, False: 0}
    for seed in range(SEEDS):
        company = Company.drawn(Random(seed))
        for number in range(PEOPLE):
            person = f"person:{number}"
            planted = person in company.ring
            outcome = company.outcome(asked, person)
            assert outcome in ("granted", "held", "pending")
            seen[planted] += 1
            held[planted] += outcome == "held"
    assert held[True] / seen[True] >= 0.9
    assert held[False] / seen[False] <= 0.07
