"""How far a goal has come, and whether that is as far as it should be by then. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from praxis_metrics.series import Point

Standing = Literal["on-track", "behind", "reached", "overdue", "unknown"]

RULE = (
    "The value is the KPI's last final one, by the grain at which it publishes slices; while none is final, the last "
    "of a period that has ended, else of the one that runs, and provisional. progress: (value - baseline) / (target - "
    "baseline). expected: the share of the days from the goal's setting to its due date that had passed when the "
    "value's period ended. reached: progress is 1 or more; overdue: it is not, and the due date has passed; on-track: "
    "progress is no less than expected; behind: it is; unknown: there is no value."
)


class Goal(NamedTuple):
    baseline: float
    target: float
    set_on: date
    due_on: date


def latest(points: Sequence[Point], today: date) -> Point | None:
    """The point that a goal is judged by, as the ``RULE`` says; of those that say something, hidden or not."""
    told = [point for point in points if point.suppressed or point.value is not None]
    return max(told, key=lambda p: (not p.provisional, p.period.last <= today, p.period.first), default=None)


def progress(goal: Goal, value: float) -> float:
    return (value - goal.baseline) / (goal.target - goal.baseline)


def expected(goal: Goal, by: date) -> float:
    """From 0 to 1; a goal that was due at once is due as a whole."""
    days = (goal.due_on - goal.set_on).days
    return 1.0 if days <= 0 else min(max((by - goal.set_on).days / days, 0.0), 1.0)


def standing(goal: Goal, point: Point | None, today: date) -> Standing:
    share = None if point is None or point.value is None else progress(goal, point.value)
    if share is not None and share >= 1:
        return "reached"
    if today > goal.due_on:
        return "overdue"
    if point is None or share is None:
        return "unknown"
    return "on-track" if share >= expected(goal, point.period.last) else "behind"
