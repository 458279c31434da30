"""The learner vouched for it, or sent it, under whatever name."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "self-attested"
EXPLANATION = "The learner vouched for this evidence, or sent it."
REMEDY = "Evidence that somebody else vouches for."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return case.learner in (item.attester, item.submitter)
