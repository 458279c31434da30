"""Where something planned stands, by its days. Pure."""

from typing import Literal

from praxis_metrics.calendar import DAY, Period
from praxis_metrics.findings import Looked

State = Literal["registered", "running", "to-be-concluded", "concluded"]


def state_of(period: Period, looked: Looked, *, is_concluded: bool) -> State:
    """On the day after the last that has been read."""
    today = looked.through + DAY
    if is_concluded:
        return "concluded"
    if today < period.first:
        return "registered"
    return "running" if today <= period.last else "to-be-concluded"
