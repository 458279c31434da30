"""At least so many who vouch: people, or the systems that report work by themselves."""

from praxis_events.contracts.programme import Criteria
from praxis_incentives.findings import Finding, counted
from praxis_incentives.standing import Standing


def asks(criteria: Criteria) -> str:
    return f"Vouched for by at least {criteria.min_actors} different people or systems, never by oneself."


def judge(criteria: Criteria, standing: Standing) -> Finding:
    actual, required = len({item.actor for item in standing.items}), criteria.min_actors
    missing = max(0, required - actual)
    return Finding(
        "min_actors",
        not missing,
        required,
        actual,
        f"The evidence is vouched for by {actual}; {required} different people or systems are asked.",
        f"Evidence vouched for by {counted(missing, 'other person', 'other people')}." if missing else None,
    )
