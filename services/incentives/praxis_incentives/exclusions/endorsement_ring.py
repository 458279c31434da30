"""It is part of a ring: few people who endorsed one another for one skill within days. A person has to look.

Honest people are in rings too. So it is left out only until a person lets it count, and a case that it would decide is
held, never refused.
"""

from collections.abc import Collection

from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.findings import Finding, counted
from praxis_incentives.policies import Policy

NAME = "endorsement_ring"
REASON = "endorsement-ring"
EXPLANATION = (
    "A few people endorsed one another for this skill within days; until a person has looked this weighs nothing."
)
REMEDY = "Evidence from outside that circle."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.by_peer and item.endorsed.in_ring and item.id not in case.cleared


def finding(ring: Collection[str]) -> Finding:
    """For a case that is held for it."""
    return Finding(
        NAME,
        False,
        0,
        len(ring),
        f"{counted(len(ring), 'endorsement')} weighing nothing until a person has looked: "
        "a few people endorsed one another for this skill within days.",
    )
