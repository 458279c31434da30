"""Two KPIs from a file of statements, in plain Python that knows nothing of the services."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

GAP, CAP = timedelta(minutes=30), timedelta(hours=4)

Interval = tuple[datetime, datetime]
Month = tuple[int, int]


@dataclass(frozen=True)
class Figures:
    value: float
    numerator: float
    unmatched: int


def name_of(statement: Mapping[str, Any]) -> str:
    return str(statement["actor"]["account"]["name"])


def active_learners(statements: Iterable[Mapping[str, Any]], month: Month, employed: set[str]) -> Figures:
    """For statements without administrative verbs: everybody who has one in the month, in UTC."""
    active = {name_of(s) for s in statements if month_of(moment(s)) == month}
    return Figures(len(active), len(active & employed), len(active - employed))


def learning_hours(statements: Iterable[Mapping[str, Any]], month: Month, employed: set[str]) -> Figures:
    """For statements without durations and registrations: time without a long silence, by person and course; what
    overlaps counts once."""
    moments: dict[str, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for each in statements:
        moments[name_of(each)][course_of(each)].append(moment(each))
    hours = {
        name: sum((end - start for start, end in in_month(covered(courses.values()), month)), timedelta())
        / timedelta(hours=1)
        for name, courses in moments.items()
    }
    spent = {name: amount for name, amount in hours.items() if amount}
    known = sum(amount for name, amount in spent.items() if name in employed)
    return Figures(sum(spent.values()), known, len(spent.keys() - employed))


def covered(courses: Iterable[list[datetime]]) -> list[Interval]:
    """One person's sessions in all courses, as time that is covered once."""
    joined: list[Interval] = []
    for start, end in sorted(session for times in courses for session in sessions(sorted(times))):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def sessions(times: list[datetime]) -> list[Interval]:
    found: list[Interval] = [(times[0], times[0])]
    for at in times[1:]:
        if at - found[-1][1] <= GAP:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return [(start, min(end, start + CAP)) for start, end in found]


def in_month(intervals: Iterable[Interval], month: Month) -> list[Interval]:
    year, number = month
    first = datetime(year, number, 1, tzinfo=UTC)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return [(max(s, first), min(e, after)) for s, e in intervals if s < after and e > first]


def course_of(statement: Mapping[str, Any]) -> str:
    named = statement["context"]["contextActivities"]
    for kind in ("grouping", "parent"):
        if named.get(kind):
            return str(named[kind][0]["id"])
    return str(statement["object"]["id"])


def moment(statement: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(statement["timestamp"]).astimezone(UTC)


def month_of(at: datetime) -> Month:
    return at.year, at.month
