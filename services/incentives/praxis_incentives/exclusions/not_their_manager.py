"""It is said to be the manager's word, and is not: somebody else was the learner's manager when it occurred."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import MANAGER, Evidence
from praxis_incentives.policies import Policy

REASON = "not-their-manager"
EXPLANATION = "Whoever verified this was not the learner's manager at that time."
REMEDY = "The word of whoever was the manager then, or new evidence."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.kind == MANAGER and item.not_their_manager
