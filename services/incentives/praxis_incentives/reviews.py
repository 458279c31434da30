"""What a person may do about a case, and what that makes of it: pure.

Nothing that is held or proposed moves without a person. That person must be neither whom it benefits nor the only one
who vouched for it.
"""

from collections.abc import Collection

from praxis_events.contracts.recognition import Result
from praxis_incentives.cases import Act, Grant, Review, State
from praxis_incentives.evidence import Evidence
from praxis_incentives.findings import Finding
from praxis_incentives.policies import Policy

NAME = "review"

ACTS: dict[State, tuple[Act, ...]] = {"held": ("released", "upheld"), "proposed": ("approved", "declined")}
"""By a grant's state, what a person can do about it."""

_EXPLANATION: dict[Act, str] = {
    "released": "A person looked at the case and released it.",
    "upheld": "A person looked at the case and upheld that it is not given.",
    "approved": "An authorised person approved the proposal.",
    "declined": "An authorised person declined the proposal.",
}
_OUTCOME: dict[Act, Result] = {"approved": "granted", "declined": "refused"}


def deciding(grant: Grant, learner: str, evidence: Collection[Evidence]) -> Review | None:
    """The first act about the grant that counts."""
    return next((each for each in grant.reviews if refusal(grant, each, learner, evidence) is None), None)


def refusal(grant: Grant, review: Review, learner: str, evidence: Collection[Evidence]) -> str | None:
    """Why an act cannot count, in plain words; ``None`` when it can. ``evidence``: at least what the grant rests on."""
    if review.act not in ACTS.get(grant.state, ()):
        return f"What is {grant.state} cannot be {review.act}."
    if review.by == learner:
        return "Nobody decides about a case of their own."
    if {item.actor for item in evidence if item.id in grant.evidence} == {review.by}:
        return "The only one who vouched for a case does not decide about it."
    return None


def outcome_of(policy: Policy, grant: Grant, act: Act) -> Result:
    """Only what was given before can be revoked."""
    if act == "upheld":
        return "revoked" if grant.was_given else "refused"
    return _OUTCOME.get(act, policy.on_success)


def finding(act: Act) -> Finding:
    given = act in ("released", "approved")
    return Finding(NAME, given, 1, int(given), _EXPLANATION[act])
