"""At least so many items of evidence."""

from praxis_events.contracts.programme import Criteria
from praxis_incentives.findings import Finding, counted
from praxis_incentives.standing import Standing


def asks(criteria: Criteria) -> str:
    return f"At least {counted(criteria.min_items, 'item')} of evidence; one alone is never enough."


def judge(criteria: Criteria, standing: Standing) -> Finding:
    actual, required = len(standing.items), criteria.min_items
    missing = max(0, required - actual)
    return Finding(
        "min_items",
        not missing,
        required,
        actual,
        f"There are {counted(actual, 'item')} that count; {required} are asked.",
        f"{counted(missing, 'more item', 'more items')} of evidence." if missing else None,
    )
