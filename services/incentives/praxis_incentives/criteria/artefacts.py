"""At least so many pieces of work."""

from praxis_events.contracts.programme import Criteria
from praxis_incentives.findings import Finding, counted
from praxis_incentives.standing import Standing


def asks(criteria: Criteria) -> str:
    return f"About at least {criteria.min_artefacts} different pieces of work."


def judge(criteria: Criteria, standing: Standing) -> Finding:
    actual, required = len({item.artefact for item in standing.items}), criteria.min_artefacts
    missing = max(0, required - actual)
    return Finding(
        "min_artefacts",
        not missing,
        required,
        actual,
        f"The evidence is about {counted(actual, 'piece')} of work; {required} are asked.",
        f"Evidence about {counted(missing, 'other piece', 'other pieces')} of work." if missing else None,
    )
