"""Why an item does not count: one module a reason. The first that applies is given."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.exclusions import (
    already_counted,
    declined,
    disputed_identity,
    endorsement_ring,
    endorser_limit,
    learning_system,
    no_attester,
    not_their_manager,
    other_kind,
    other_learner,
    other_skill,
    self_attested,
    withdrawn,
)
from praxis_incentives.findings import Excluded
from praxis_incentives.policies import Policy


class Exclusion(Protocol):
    @property
    def REASON(self) -> str: ...  # noqa: N802 - a module's constant

    @property
    def EXPLANATION(self) -> str: ...  # noqa: N802

    @property
    def REMEDY(self) -> str | None: ...  # noqa: N802

    def excludes(self, policy: Policy, case: Case, item: Evidence) -> bool: ...


EXCLUSIONS: tuple[Exclusion, ...] = (
    withdrawn,
    other_learner,
    other_skill,
    learning_system,
    disputed_identity,
    self_attested,
    no_attester,
    other_kind,
    not_their_manager,
    declined,
    already_counted,
    endorser_limit,
    endorsement_ring,
)
"""The ring comes last: what is left out for it would count otherwise, and a person may let it."""


def sift(policy: Policy, case: Case, evidence: Iterable[Evidence]) -> tuple[list[Evidence], list[Excluded]]:
    """The items that count, and those that do not with the reason of each."""
    usable: list[Evidence] = []
    excluded: list[Excluded] = []
    for item in evidence:
        reason = next((each for each in EXCLUSIONS if each.excludes(policy, case, item)), None)
        if reason is None:
            usable.append(item)
        else:
            excluded.append(Excluded(item.id, reason.REASON, reason.EXPLANATION, reason.REMEDY))
    return usable, excluded


def left_over(usable: Sequence[Evidence], chosen: Sequence[Evidence]) -> list[Excluded]:
    """The items that count by themselves and yet are not among those chosen to stand together."""
    counting = {item.id for item in chosen}
    vouched = {(item.actor, item.artefact, item.kind) for item in chosen}
    return [
        Excluded(item.id, "repeated", "The same was already vouched for by the same.")
        if (item.actor, item.artefact, item.kind) in vouched
        else Excluded(item.id, "outside-window", "Too long before or after the other evidence to stand with it.")
        for item in usable
        if item.id not in counting
    ]
