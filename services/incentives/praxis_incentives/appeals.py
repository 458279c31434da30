"""What a learner may contest, and until when: pure. An appeal leads to a person's look, and to nothing else."""

from datetime import datetime, timedelta

from praxis_events.contracts.recognition import Result
from praxis_incentives.findings import Finding

NAME = "appeal"

WINDOW = timedelta(days=30)
"""From the decision."""

APPEALABLE: tuple[Result, ...] = ("refused", "revoked")

FINDING = Finding(NAME, False, 0, 1, "The learner appeals; a person has not looked yet.")


def until(outcome: Result, decided_at: datetime) -> datetime | None:
    """When the time to appeal ends; ``None`` when there is nothing to contest."""
    return decided_at + WINDOW if outcome in APPEALABLE else None


def refusal(outcome: Result, decided_at: datetime, at: datetime, *, newest: bool) -> str | None:
    """Why an appeal at a moment cannot count, in plain words; ``None`` when it can."""
    ends = until(outcome, decided_at)
    if ends is None:
        return f"Only what was refused or revoked can be contested; this is {outcome}."
    if not newest:
        return "There is a newer decision about this case."
    if at > ends:
        return f"The time to appeal ended at {ends.isoformat()}."
    return None
