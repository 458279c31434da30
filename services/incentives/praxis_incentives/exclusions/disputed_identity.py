"""Two persons claim, or several share, the learner's or the attester's identifier: it could be self-evidence."""

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "disputed-identity"
EXPLANATION = (
    "Two people claim, or several share, the identifier of the learner or of the one who vouches; "
    "a person has to settle whose it is."
)
REMEDY = "The disputed identifier is settled in the people directory."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.disputed
