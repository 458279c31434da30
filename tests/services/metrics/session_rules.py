"""The rules of sessions and learning time in plain Python: what the database's own computation is compared with.

A *group* is what one registration, or else one learner in one course, holds. Its terminal statements' durations
measure it; only where there is none do the gaps between its statements estimate it, never both (docs/kpis.md).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from praxis_metrics.sessions import CAP, GAP

MICROSECOND = timedelta(microseconds=1)


class Mark(NamedTuple):
    """One statement of a group; ``duration`` only of terminal statements that carry one."""

    at: datetime
    duration: timedelta | None


class Interval(NamedTuple):
    """From ``start`` up to ``end``; never empty."""

    start: datetime
    end: datetime


class Session(NamedTuple):
    start: datetime
    end: datetime
    measured: bool


class LearningTime(NamedTuple):
    """Microseconds; ``estimated`` is what no measured session covers, so the two may be added."""

    measured: int
    estimated: int


def sessions(marks: Iterable[Mark]) -> set[Session]:
    """The sessions of one group. A single statement without a duration spans no time."""
    marks = sorted(marks, key=lambda mark: mark.at)
    if any(mark.duration is not None for mark in marks):
        ends = ((mark.at, min(mark.duration, CAP)) for mark in marks if mark.duration)
        return {Session(end - length, end, measured=True) for end, length in ends}
    runs = _runs(mark.at for mark in marks)
    return {Session(start, min(end, start + CAP), measured=False) for start, end in runs if start < end}


def _runs(moments: Iterable[datetime]) -> Iterator[Interval]:
    """The longest runs of sorted moments without a gap over ``GAP``."""
    run: Interval | None = None
    for moment in moments:
        if run is not None and moment - run.end <= GAP:
            run = Interval(run.start, moment)
        else:
            if run is not None:
                yield run
            run = Interval(moment, moment)
    if run is not None:
        yield run


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as disjoint intervals, oldest first."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.start <= joined[-1].end:
            interval = Interval(joined[-1].start, max(joined.pop().end, interval.end))
        joined.append(interval)
    return joined


def learning_time(found: Iterable[Session], start: datetime, end: datetime) -> LearningTime:
    """The time between ``start`` and ``end`` that a person's sessions cover, counted once however they overlap."""
    clipped = [
        (Interval(max(session.start, start), min(session.end, end)), session.measured)
        for session in found
        if session.start < end and session.end > start
    ]
    measured = _length(interval for interval, is_measured in clipped if is_measured)
    return LearningTime(measured, _length(interval for interval, _ in clipped) - measured)


def _length(intervals: Iterable[Interval]) -> int:
    return sum((each.end - each.start) // MICROSECOND for each in union(intervals))
