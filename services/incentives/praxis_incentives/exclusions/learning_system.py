"""Its artefact or task lies in a learning system: sitting a quiz is no application, whatever it was sent as."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "learning-system"
EXPLANATION = "The artefact lies in a learning system: that is learning, not its use at work."
REMEDY = "Evidence of the skill used at work."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.in_learning_system
