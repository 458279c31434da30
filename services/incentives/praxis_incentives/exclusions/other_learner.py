"""It turned out to be somebody else's: the identifier it names was unlinked from the learner."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "other-learner"
EXPLANATION = "This evidence names an identifier that is no longer the learner's."
REMEDY = None


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.learner != case.learner
