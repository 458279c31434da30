"""From what was found to what is decided, and to what would change it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from praxis_events.contracts.recognition import Result
from praxis_incentives.cases import Case, Grant
from praxis_incentives.criteria import per_person
from praxis_incentives.evidence import Evidence
from praxis_incentives.exclusions import already_counted, declined, endorsement_ring, withdrawn
from praxis_incentives.findings import Excluded, Finding
from praxis_incentives.policies import Policy

SPENT = (already_counted.REASON, declined.REASON)

A_PERSON_DECIDES = {
    "proposed": "An authorised person, neither the beneficiary nor the only one who vouched, approves or declines it.",
    "held": "A person releases or upholds this case and says why.",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The items that count, those of them that stand together, those that do not, and each criterion as found on what
    stands together."""

    usable: Sequence[Evidence]
    chosen: Sequence[Evidence]
    excluded: Sequence[Excluded]
    findings: Sequence[Finding]

    @property
    def empty(self) -> bool:
        """Nothing counts, and nothing could: who is in a ring is not refused for it."""
        return not self.usable and all(each.reason != endorsement_ring.REASON for each in self.excluded)

    @property
    def capped(self) -> Finding | None:
        """The finding that the person's cap is reached, if it is."""
        return next((each for each in self.findings if each.criterion == per_person.NAME and not each.met), None)


def all_met(findings: Iterable[Finding], ignoring: str | None = None) -> bool:
    return all(finding.met for finding in findings if finding.criterion != ignoring)


def outcome_of(policy: Policy, case: Case, judgement: Judgement) -> Result:
    """Without what a person did about it: that comes first (``reviews``)."""
    if case.under_review is not None:
        return _judged_again(policy, case.under_review, judgement)
    if all_met(judgement.findings):
        return policy.on_success
    return "refused" if judgement.capped or judgement.empty else "pending"


def _judged_again(policy: Policy, grant: Grant, judgement: Judgement) -> Result:
    """A held grant is released only by a person, or when all that it rested on counts again; what a person had
    declined, by a person only.
    """
    met = all_met(judgement.findings)
    whole = grant.evidence <= {item.id for item in judgement.usable} and not grant.declined
    if met and (whole or grant.state != "held"):
        return policy.on_success
    taken_back = any(each.reason == withdrawn.REASON and each.evidence in grant.evidence for each in judgement.excluded)
    return "revoked" if taken_back and not met else "held"


def what_would_change(outcome: Result, judgement: Judgement) -> tuple[str, ...]:
    """In plain words; nothing for what is granted."""
    if outcome == "granted":
        return ()
    if outcome in A_PERSON_DECIDES:
        return (A_PERSON_DECIDES[outcome],)
    capped = judgement.capped
    if capped is not None:
        return (capped.remedy,) if capped.remedy else ()
    barred = [each.remedy for each in judgement.excluded if each.reason not in SPENT]
    missing = [finding.remedy for finding in judgement.findings]
    wanted = (*missing, *([] if judgement.usable else barred))
    return tuple(dict.fromkeys(remedy for remedy in wanted if remedy))
