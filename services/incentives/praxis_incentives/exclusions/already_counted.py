"""Another grant of this policy rests on it: evidence is spent once."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "already-counted"
EXPLANATION = "This evidence has already led to a recognition under this policy."
REMEDY = "New evidence."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.id in case.in_use
