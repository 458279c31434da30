"""What a policy can ask: one module a criterion. Each only grows with more evidence, so none depends on its order."""

from typing import Protocol

from praxis_events.contracts.programme import Criteria
from praxis_incentives.criteria import actors, artefacts, items, non_peer, per_person, threshold, window
from praxis_incentives.findings import Finding
from praxis_incentives.standing import Standing


class Criterion(Protocol):
    def asks(self, criteria: Criteria) -> str:
        """The criterion in plain words."""
        ...

    def judge(self, criteria: Criteria, standing: Standing) -> Finding: ...


CRITERIA: tuple[Criterion, ...] = (threshold, items, actors, artefacts, non_peer, window, per_person)


def in_plain_words(criteria: Criteria) -> list[str]:
    """The whole of a policy's criteria, for people."""
    return [criterion.asks(criteria) for criterion in CRITERIA]
