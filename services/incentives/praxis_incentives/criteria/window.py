"""Items stand together only within so many days of one another.

What is judged was chosen to lie in one window, so this holds of it; items outside are listed as left out.
"""

from datetime import timedelta

from praxis_events.contracts.programme import Criteria
from praxis_incentives.findings import Finding, counted
from praxis_incentives.standing import Standing

DAY = timedelta(days=1)


def asks(criteria: Criteria) -> str:
    return f"All within {counted(criteria.window_days, 'day')} of one another."


def judge(criteria: Criteria, standing: Standing) -> Finding:
    times = [item.occurred_at for item in standing.items]
    span = max(times) - min(times) if times else timedelta(0)
    return Finding(
        "window_days",
        span <= timedelta(days=criteria.window_days),
        criteria.window_days,
        -(-span // DAY),
        f"The items that count lie within {counted(-(-span // DAY), 'day')}; at most {criteria.window_days} are asked.",
    )
