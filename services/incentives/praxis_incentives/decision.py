"""The decision itself: pure, from a policy version, a case, its evidence and a moment.

The same four give the same decision, whatever the order of the evidence. No learning statement is among them: what was
completed cannot change what is decided.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from praxis_events.contracts.recognition import Result
from praxis_incentives import reviews
from praxis_incentives.cases import Case, Grant, Review
from praxis_incentives.criteria import CRITERIA, per_person
from praxis_incentives.evidence import Evidence
from praxis_incentives.exclusions import left_over, sift
from praxis_incentives.findings import Excluded, Finding
from praxis_incentives.outcomes import Judgement, all_met, outcome_of, what_would_change
from praxis_incentives.policies import Policy
from praxis_incentives.standing import Standing, by_time, once, windows

DECISIONS = uuid5(NAMESPACE_URL, "/incentives/decisions")

MOST_EXCLUDED = 100
"""So many items that do not count are named, the newest: a decision must not grow with a person's whole history."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``evidence`` is what counted; ``under_review`` the grant that was judged again, if it was not a new case."""

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
    usable, excluded = sift(policy, case, items)
    chosen, findings = _best(policy, case, usable, now)
    excluded += left_over(usable, chosen)
    judgement = Judgement(usable, excluded, findings)
    outcome = outcome_of(policy, case, judgement)
    if (review := _review(case, items)) is not None:
        outcome, findings = reviews.outcome_of(policy, review.act), (*findings, reviews.finding(review.act))
    return Decision(
        ledger_index=case.place,
        policy=policy,
        learner=case.learner,
        outcome=outcome,
        at=now,
        evidence=tuple(item.id for item in chosen),
        excluded=_newest(items, excluded),
        findings=findings,
        what_would_change_it=what_would_change(outcome, judgement),
        under_review=case.under_review,
        earlier=case.earlier,
    )


def still_stands(policy: Policy, case: Case, evidence: Iterable[Evidence]) -> bool:
    """Whether all that the grant under review rests on still counts: then there is nothing to decide about it."""
    grant = case.under_review
    items = list(evidence)
    if grant is None or grant.state == "held" or _review(case, items) is not None:
        return False
    if grant.state == "declined":
        return True
    usable, _ = sift(policy, case, items)
    standing = Standing((), *_before(case, grant.at))
    return grant.evidence <= {item.id for item in usable} and per_person.judge(policy.criteria, standing).met


def _review(case: Case, evidence: Collection[Evidence]) -> Review | None:
    grant = case.under_review
    return reviews.deciding(grant, case.learner, evidence) if grant is not None else None


def _best(
    policy: Policy, case: Case, usable: Sequence[Evidence], now: datetime
) -> tuple[tuple[Evidence, ...], tuple[Finding, ...]]:
    """The earliest window in which all is met, else the latest one: evidence to come can only join that.

    Every criterion only grows with more items: when all items together fail one, no window needs a look.
    """
    found = [once(items) for items in windows(usable, policy.criteria.window_days)] or [()]
    if not all_met(_judge(policy, case, once(usable), now), ignoring="window_days"):
        found = found[-1:]
    for chosen in found:
        findings = _judge(policy, case, chosen, now)
        if all_met(findings):
            break
    return chosen, findings


def _judge(policy: Policy, case: Case, items: tuple[Evidence, ...], now: datetime) -> tuple[Finding, ...]:
    standing = Standing(items, *_before(case, now))
    return tuple(criterion.judge(policy.criteria, standing) for criterion in CRITERIA)


def _before(case: Case, now: datetime) -> tuple[tuple[Grant, ...], datetime]:
    """The grants that came before, and when: for a grant under review, as of the moment that it was given."""
    grant = case.under_review
    given = tuple(each for each in case.grants if each.state != "declined")
    if grant is None:
        return given, now
    return tuple(each for each in given if each.ledger_index < grant.ledger_index), grant.at


def _newest(items: Sequence[Evidence], excluded: Sequence[Excluded]) -> tuple[Excluded, ...]:
    by_id = {each.evidence: each for each in excluded}
    return tuple(by_id[item.id] for item in items if item.id in by_id)[-MOST_EXCLUDED:]
