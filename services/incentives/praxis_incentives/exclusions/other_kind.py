"""Its kind has no weight in this policy."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "other-kind"
EXPLANATION = "This policy gives this kind of evidence no weight."
REMEDY = None


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return policy.criteria.weights.of(item.kind) == 0
