"""A decision as it stands in the ledger and on the log: canonical bytes."""

from collections.abc import Sequence

from praxis_events.contracts.base import canonical
from praxis_events.contracts.recognition import CriterionResult, DecisionData, ExcludedItem, KnownPosition
from praxis_incentives import canonical_json
from praxis_incentives.decision import Decision
from praxis_incentives.evaluation import OPENS


def ledger_body(data: DecisionData) -> bytes:
    """The same decision is the same bytes (RFC 8785)."""
    return canonical_json.encode(canonical(data))


def ledger_entry(decision: Decision, known: Sequence[KnownPosition], trigger: str) -> DecisionData:
    """``trigger`` is the key of the event that led to the evaluation; ``known`` the next offsets after it."""
    criteria, excluded = as_stated(decision)
    given = {"ring": list(decision.ring)} if decision.ring else {}
    return DecisionData(
        decision=decision.id,
        ledger_index=decision.ledger_index,
        policy=decision.policy.id,
        policy_version=decision.policy.version,
        policy_hash=decision.policy.hash,
        learner=decision.learner,
        outcome=decision.outcome,
        decided_at=decision.at,
        evidence=list(decision.evidence),
        excluded=excluded,
        criteria=criteria,
        what_would_change_it=list(decision.what_would_change_it),
        reward=canonical(decision.policy.published.reward) if decision.outcome in ("granted", "proposed") else None,
        grant=grant_of(decision),
        earlier=list(decision.earlier),
        known=list(known),
        trigger=trigger,
        **given,
    )


def as_stated(decision: Decision) -> tuple[list[CriterionResult], list[ExcludedItem]]:
    """Each criterion as found, and each item that does not count."""
    criteria = [
        CriterionResult(
            criterion=each.criterion,
            met=each.met,
            required=each.required,
            actual=each.actual,
            explanation=each.explanation,
        )
        for each in decision.findings
    ]
    excluded = [
        ExcludedItem(evidence=each.evidence, reason=each.reason, explanation=each.explanation)
        for each in decision.excluded
    ]
    return criteria, excluded


def grant_of(decision: Decision) -> str | None:
    """A new grant, or case that a person has to look at, is called by the decision that opens it; later decisions about
    it name that one."""
    if decision.under_review is not None:
        return decision.under_review.id
    return decision.id if decision.outcome in OPENS else None
