"""It is somebody's word, and nobody is named; or nothing says which system reported it."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "no-attester"
EXPLANATION = "Nobody is named who vouches for this evidence."
REMEDY = "Evidence that names who vouches for it."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.actor is None
