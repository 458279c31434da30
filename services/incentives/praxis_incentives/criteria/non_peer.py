"""At least so many items that are not a peer's endorsement."""

from praxis_events.contracts.programme import Criteria
from praxis_incentives.findings import Finding, counted
from praxis_incentives.standing import Standing


def asks(criteria: Criteria) -> str:
    return f"At least {counted(criteria.min_non_peer, 'item')} from somebody or something other than a peer."


def judge(criteria: Criteria, standing: Standing) -> Finding:
    actual, required = sum(not item.by_peer for item in standing.items), criteria.min_non_peer
    missing = max(0, required - actual)
    return Finding(
        "min_non_peer",
        not missing,
        required,
        actual,
        f"{counted(actual, 'item')} not from a peer; {required} asked.",
        _remedy(missing) if missing else None,
    )


def _remedy(missing: int) -> str:
    return (
        f"{counted(missing, 'item')} that no peer endorsement can replace: a completed task, a project result, "
        "or the word of a manager or an assessor."
    )
