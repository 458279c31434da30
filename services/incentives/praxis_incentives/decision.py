"""The decision itself: pure, from a policy version, a case, its evidence and a moment.

The same four give the same decision, whatever the order of the evidence. No learning statement is among them: what was
completed cannot change what is decided.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from praxis_events.contracts.recognition import Result
from praxis_incentives import appeals, reviews
from praxis_incentives.cases import Case, Grant, Review
from praxis_incentives.criteria import per_person
from praxis_incentives.evidence import Evidence
from praxis_incentives.exclusions import endorsement_ring, sift
from praxis_incentives.findings import Excluded, Finding
from praxis_incentives.judging import before, judge, look
from praxis_incentives.outcomes import Judgement, all_met, outcome_of, what_would_change
from praxis_incentives.policies import Policy
from praxis_incentives.standing import Standing, by_time

DECISIONS = uuid5(NAMESPACE_URL, "/incentives/decisions")

MOST_EXCLUDED = 100
"""So many items that do not count are named, the newest: a decision must not grow with a person's whole history."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``evidence`` is what counted; ``under_review`` the grant that was judged again, if it was not a new case.
    ``ring``: as in ``DecisionData``.
    """

    ledger_index: int
    policy: Policy
    learner: str
    outcome: Result
    at: datetime
    evidence: tuple[str, ...]
    excluded: tuple[Excluded, ...]
    findings: tuple[Finding, ...]
    what_would_change_it: tuple[str, ...]
    under_review: Grant | None
    earlier: tuple[str, ...]
    ring: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return str(uuid5(DECISIONS, f"{self.policy.id}\n{self.learner}\n{self.ledger_index}"))


def decide(policy: Policy, case: Case, evidence: Iterable[Evidence], now: datetime) -> Decision:
    """Judge a new case, or the grant under review, by this policy version.

    A new case is granted (proposed when the reward is linked to promotion), pending with what is missing, or refused
    when nothing counts or the person's cap is reached. A grant under review stands on whatever evidence still meets
    the version that granted it; else it is revoked when evidence was withdrawn, and held for a person when anything
    else came to light, never silently undone. What a person did about a held or proposed grant decides about it.
    """
    items = by_time(evidence)
    review = _review(policy, case, items, now)
    if review is not None and review.act == "released":
        case = _clearing(case, items)
    found = look(policy, case, items, now)
    outcome, ring = outcome_of(policy, case, found), case.cleared & {each.id for each in found.chosen}
    if review is not None and case.under_review is not None:
        outcome = reviews.outcome_of(policy, case.under_review, review.act)
        ring = case.under_review.ring if review.act == "upheld" else ring
        found = replace(found, findings=[*found.findings, reviews.finding(review.act)])
    elif case.appealed:
        outcome, ring = "held", case.under_review.ring if case.under_review is not None else ring
        found = replace(found, findings=[*found.findings, appeals.FINDING])
    elif (suspected := _suspected(policy, case, items, now, found)) is not None:
        outcome, (found, ring) = "held", suspected
    return Decision(
        ledger_index=case.place,
        policy=policy,
        learner=case.learner,
        outcome=outcome,
        at=now,
        evidence=tuple(item.id for item in found.chosen),
        excluded=_newest(items, found.excluded),
        findings=tuple(found.findings),
        what_would_change_it=what_would_change(outcome, found),
        under_review=case.under_review,
        earlier=case.earlier,
        ring=tuple(item.id for item in items if item.id in ring),
    )


def still_stands(policy: Policy, case: Case, evidence: Iterable[Evidence]) -> bool:
    """Whether all that the grant under review rests on still counts: then there is nothing to decide about it."""
    grant = case.under_review
    items = list(evidence)
    if grant is None or grant.state == "held" or _reviewed(case, items) is not None:
        return False
    if grant.state == "declined":
        return True
    usable, _ = sift(policy, case, items)
    standing = Standing((), *before(case, grant.at))
    return grant.evidence <= {item.id for item in usable} and per_person.judge(policy.criteria, standing).met


def lacking(policy: Policy, case: Case, evidence: Iterable[Evidence], now: datetime) -> tuple[str, ...]:
    """What is missing before the case under review can be released: a person lifts doubt, or the person's cap, and
    makes up for no evidence. What had been given before lacks nothing."""
    if case.under_review is None or case.under_review.was_given:
        return ()
    items = by_time(evidence)
    found = look(policy, _clearing(case, items), items, now)
    unmet = [each for each in found.findings if not each.met and each.criterion != per_person.NAME]
    return tuple(each.remedy or each.explanation for each in unmet)


def _review(policy: Policy, case: Case, items: Sequence[Evidence], now: datetime) -> Review | None:
    """The act that decides about the case, if there is one that can."""
    review = _reviewed(case, items)
    if review is not None and review.act == "released" and lacking(policy, case, items, now):
        return None
    return review


def _reviewed(case: Case, evidence: Collection[Evidence]) -> Review | None:
    grant = case.under_review
    return reviews.deciding(grant, case.learner, evidence) if grant is not None else None


def _clearing(case: Case, items: Iterable[Evidence]) -> Case:
    """The case when endorsements of a ring count."""
    return replace(case, cleared=case.cleared | {item.id for item in items if item.endorsed.in_ring})


def _suspected(
    policy: Policy, case: Case, items: Sequence[Evidence], now: datetime, found: Judgement
) -> tuple[Judgement, frozenset[str]] | None:
    """The case with its ring when all would be met with that and it would be part of what the case rests on; and the
    ring. The criteria are as found without it."""
    left_out = frozenset(each.evidence for each in found.excluded if each.reason == endorsement_ring.REASON)
    if not left_out:
        return None
    counting = look(policy, _clearing(case, items), items, now)
    ground = {item.id for item in counting.chosen} if case.under_review is None else case.under_review.evidence
    ring = left_out & ground
    if not (ring and all_met(counting.findings)):
        return None
    without = tuple(item for item in counting.chosen if item.id not in left_out)
    findings = [*judge(policy, case, without, now), endorsement_ring.finding(ring)]
    return replace(counting, findings=findings), ring


def _newest(items: Sequence[Evidence], excluded: Sequence[Excluded]) -> tuple[Excluded, ...]:
    by_id = {each.evidence: each for each in excluded}
    return tuple(by_id[item.id] for item in items if item.id in by_id)[-MOST_EXCLUDED:]
