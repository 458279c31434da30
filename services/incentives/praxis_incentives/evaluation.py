"""Which decisions one evaluation of a case leads to: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from praxis_events.contracts.recognition import Result
from praxis_incentives.cases import GIVEN, Appeal, Case, Grant, State
from praxis_incentives.decision import Decision, decide, still_stands
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

SUCCESS = ("granted", "proposed")
OPENS = (*SUCCESS, "held")
"""Outcomes of a new case that there is something to keep of."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of one learner under one policy.

    ``current`` is the newest version in effect, ``None`` when there is none; ``versions`` those that ``grants`` were
    given under. ``elsewhere`` are grants to others that rest on evidence which is now this learner's.
    """

    policy: str
    learner: str
    current: Policy | None
    versions: Mapping[int, Policy]
    grants: tuple[Grant, ...]
    elsewhere: tuple[Grant, ...]
    evidence: tuple[Evidence, ...]
    appeals: tuple[Appeal, ...] = ()


def evaluate(dossier: Dossier, now: datetime, place: int, trigger: str | None = None) -> list[Decision]:
    """The decisions for the ledger from ``place`` on. ``trigger``: the key of the event that led to it; an appeal is
    answered by itself, and once.

    First every grant whose ground has moved, by the version that gave it; then, by the version in effect now, whether
    what is left leads to a new one. After a review only a new grant is worth a decision of its own: the review has
    already said what is missing.
    """
    appeal = next((each for each in dossier.appeals if each.id == trigger), None)
    if appeal is not None:
        return [_answer(dossier, appeal, now, place)]
    decisions: list[Decision] = []
    grants = dossier.grants
    for grant in dossier.grants:
        case = case_of(dossier, place + len(decisions), grants, grant)
        policy = dossier.versions[grant.version]
        if not still_stands(policy, case, dossier.evidence):
            decision = decide(policy, case, dossier.evidence, now)
            decisions.append(decision)
            grants = _revised(grants, grant, decision)
    fresh = _fresh(dossier, place + len(decisions), grants, now)
    if fresh is None or (decisions and fresh.outcome not in OPENS):
        return decisions
    return [*decisions, fresh]


def new_grant(decision: Decision) -> Grant:
    """What a decision about a new case opens: a grant, a proposal, or a case that a person has to look at."""
    return Grant(
        id=decision.id,
        ledger_index=decision.ledger_index,
        version=decision.policy.version,
        at=decision.at,
        evidence=frozenset(decision.evidence),
        state=_STATES.get(decision.outcome, "granted"),
        latest=decision.id,
        ring=frozenset(decision.ring),
        given=decision.outcome in SUCCESS,
    )


def revised(grant: Grant, decision: Decision) -> Grant | None:
    """The grant after a decision about it; ``None`` when it is gone. A held one keeps the ground it had. Of one that
    was upheld only the ring stays, so that it is not held again.
    """
    latest = replace(grant, latest=decision.id, reviews=(), ring=frozenset(decision.ring))
    if decision.outcome in SUCCESS:
        state = _STATES.get(decision.outcome, "granted")
        return replace(latest, evidence=frozenset(decision.evidence), state=state, given=True, declined=False)
    if decision.outcome == "held":
        return replace(latest, state="held", declined=grant.declined or grant.state == "declined")
    if decision.outcome == "refused" and (grant.declined or grant.state == "proposed"):
        return replace(latest, state="declined", declined=False)
    return replace(latest, state="declined", evidence=latest.ring) if latest.ring else None


_STATES: dict[Result, State] = {"proposed": "proposed", "held": "held"}


def _revised(grants: Sequence[Grant], reviewed: Grant, decision: Decision) -> tuple[Grant, ...]:
    found = ((revised(each, decision) if each.id == reviewed.id else each) for each in grants)
    return tuple(each for each in found if each is not None)


def _answer(dossier: Dossier, appeal: Appeal, now: datetime, place: int) -> Decision:
    """By the version that was contested. What was declined is opened again; of anything else a new case is."""
    declined = next((each for each in dossier.grants if each.latest == appeal.decision), None)
    policy = dossier.versions[appeal.version]
    case = replace(case_of(dossier, place, dossier.grants, declined), appealed=True)
    return decide(policy, case, _own(dossier, policy), now)


def _fresh(dossier: Dossier, place: int, grants: tuple[Grant, ...], now: datetime) -> Decision | None:
    """``None`` when no version is in effect, all evidence for its skills has been spent on grants, or what was never
    given waits for a person: what comes meanwhile joins that."""
    if dossier.current is None or any(each.state == "held" and not each.was_given for each in grants):
        return None
    case = case_of(dossier, place, grants, None)
    own = _own(dossier, dossier.current)
    if all(item.id in case.in_use for item in own):
        return None
    return decide(dossier.current, case, own, now)


def _own(dossier: Dossier, policy: Policy) -> list[Evidence]:
    """The learner's evidence of the skills that a version asks for."""
    skills = policy.published.skills
    return [item for item in dossier.evidence if item.learner == dossier.learner and item.skill in skills]


def case_of(dossier: Dossier, place: int, grants: tuple[Grant, ...], under_review: Grant | None) -> Case:
    """The case of a new grant, or of one under review, for the ledger's ``place``."""
    bearing = (*grants, *dossier.elsewhere)
    others = [grant for grant in bearing if under_review is None or grant.id != under_review.id]
    return Case(
        learner=dossier.learner,
        place=place,
        grants=grants,
        under_review=under_review,
        in_use=frozenset().union(*(grant.evidence for grant in others)),
        declined=frozenset().union(*(grant.evidence for grant in others if grant.state == "declined")),
        cleared=under_review.ring if under_review is not None and under_review.state in GIVEN else frozenset(),
        earlier=tuple(sorted(grant.latest for grant in bearing)),
    )
