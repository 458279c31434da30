"""It is about a skill that this version of the policy does not recognise."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "other-skill"
EXPLANATION = "This policy version does not recognise this skill."
REMEDY = None


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.skill not in policy.published.skills
