"""A person decided that nothing is given for it."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "declined"
EXPLANATION = "A person looked at this evidence and decided that nothing is given for it."
REMEDY = "New evidence."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.id in case.declined
