"""No more than so many grants to one person in a period."""

from datetime import timedelta

from praxis_events.contracts.programme import Criteria
from praxis_incentives.findings import Finding, counted
from praxis_incentives.standing import Standing

NAME = "per_person"


def asks(criteria: Criteria) -> str:
    cap = criteria.per_person
    return f"At most {counted(cap.times, 'time')} to one person within {counted(cap.days, 'day')}."


def judge(criteria: Criteria, standing: Standing) -> Finding:
    """``required`` is the most that may have been granted in the period when another is to follow."""
    cap, period = criteria.per_person, timedelta(days=criteria.per_person.days)
    recent = sorted(grant.at for grant in standing.before if grant.at > standing.at - period)
    met = len(recent) < cap.times
    remedy = None
    if not met:
        free_again = recent[len(recent) - cap.times] + period
        remedy = f"From {free_again:%Y-%m-%d} on, new evidence can lead to another one."
    return Finding(
        NAME,
        met,
        cap.times - 1,
        len(recent),
        f"Granted {counted(len(recent), 'time')} within the last {counted(cap.days, 'day')}; "
        f"at most {counted(cap.times, 'time')} is allowed.",
        remedy,
    )
