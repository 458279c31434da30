"""It was withdrawn by whoever sent it."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "withdrawn"
EXPLANATION = "This evidence was withdrawn."
REMEDY = None


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.withdrawn
