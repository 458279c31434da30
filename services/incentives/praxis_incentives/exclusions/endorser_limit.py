"""Its endorser had endorsed as often as counts: an endorsement that everybody gets says nothing of anybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from praxis_events.contracts.programme import PerEndorser
from praxis_incentives.cases import Case
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

REASON = "endorser-limit"
EXPLANATION = "Whoever endorses had endorsed as often around that time as counts."
REMEDY = "The word of somebody who endorses less often."


def excludes(policy: Policy, case: Case, item: Evidence) -> bool:  # noqa: ARG001 - one signature for all reasons
    return item.by_peer and not within(policy.criteria.per_endorser, item.endorsed.by_endorser, item.occurred_at)


def within(limit: PerEndorser, before: Sequence[datetime], at: datetime) -> bool:
    """Whether one more counts after those ``before``, in the order of the log: only what counted uses up the limit,
    and what comes later takes nothing from what was there."""
    period, counted = timedelta(days=limit.days), list[datetime]()
    for moment in (*before, at):
        free = sum(abs(moment - each) < period for each in counted) < limit.times
        if free:
            counted.append(moment)
    return free
