"""A week of real statements: each KPI on each grain is what a plain recomputation gives, and stays it, sent again."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from praxis_events.log import NewRecord
from praxis_events.runner import Tuning
from praxis_events.statement_records import statement_record
from praxis_metrics.calendar import Grain
from tests.services.metrics.build import hired, linked
from tests.services.metrics.world import World

PARIS = ZoneInfo("Europe/Paris")
STORED = "2021-12-06T00:00:00Z"
ADL = "http://adlnet.gov/expapi/verbs/"
COMPLETED, REGISTERED = ADL + "completed", ADL + "registered"
CLOSING = {COMPLETED, ADL + "terminated", ADL + "abandoned"}
NOT_OWN = {ADL + "passed", ADL + "failed", REGISTERED, ADL + "unregistered"}

Days = dict[tuple[str, date], float]
"""By learner and local day."""


@dataclass(frozen=True)
class Seen:
    """A statement of the file; its learner is named by the account."""

    learner: str
    at: datetime
    verb: str
    activity: str
    course: str

    @property
    def day(self) -> date:
        return self.at.astimezone(PARIS).date()


def seen(body: dict[str, Any]) -> Seen:
    activities = body["context"].get("contextActivities", {})
    named = activities.get("grouping") or activities.get("parent") or [body["object"]]
    assert "registration" not in body["context"]
    assert not (body["verb"]["id"] in CLOSING and "duration" in body.get("result", {}))
    at = datetime.fromisoformat(body["timestamp"]).astimezone(UTC)
    return Seen(body["actor"]["account"]["name"], at, body["verb"]["id"], body["object"]["id"], named[0]["id"])


def active(statements: Iterable[Seen]) -> Days:
    return {(s.learner, s.day): 1 for s in statements if s.verb not in NOT_OWN}


def distinct(verb: str) -> Callable[[Iterable[Seen]], Days]:
    def count(statements: Iterable[Seen]) -> Days:
        found: dict[tuple[str, date], set[str]] = defaultdict(set)
        for each in statements:
            if each.verb == verb:
                found[each.learner, each.day].add(each.activity)
        return {key: len(activities) for key, activities in found.items()}

    return count


def hours(statements: Iterable[Seen]) -> Days:
    """The time between statements of a course at most half an hour apart, four hours of a run, once."""
    moments: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for each in statements:
        moments[each.learner, each.course].append(each.at)
    pieces: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for (learner, _), at in moments.items():
        begun = None
        for before, after in pairwise(sorted(at)):
            if after - before > timedelta(minutes=30):
                begun = None
                continue
            begun = begun or before
            pieces[learner].append((before, min(after, begun + timedelta(hours=4))))
    found: Days = defaultdict(float)
    for learner, its in pieces.items():
        through = datetime.min.replace(tzinfo=UTC)
        for start, end in sorted(its):
            start = max(start, through)
            while start < end:
                day = start.astimezone(PARIS).date()
                midnight = datetime(day.year, day.month, day.day, tzinfo=PARIS) + timedelta(days=1)
                until = min(end, midnight.astimezone(UTC))
                found[learner, day] += (until - start) / timedelta(hours=1)
                start = until
            through = max(through, end)
    return dict(found)


RECOMPUTE: dict[str, Callable[[Iterable[Seen]], Days]] = {
    "monthly-active-learners": active,
    "active-days": active,
    "learning-hours": hours,
    "enrolments": distinct(REGISTERED),
    "completions": distinct(COMPLETED),
}


@dataclass(frozen=True)
class Figures:
    value: float
    numerator: float
    denominator: int
    n: int
    unmatched: int


def figures(kpi: str, days: Days, first: date, last: date, employed: set[str]) -> Figures:
    inside = {key: amount for key, amount in days.items() if first <= key[1] <= last}
    learners = {learner for learner, _ in inside}
    if kpi == "monthly-active-learners":
        value, numerator = float(len(learners)), float(len(learners & employed))
    else:
        value, numerator = sum(inside.values()), sum(amount for (who, _), amount in inside.items() if who in employed)
    return Figures(value, numerator, len(employed), len(learners), len(learners - employed))


def record(line: bytes) -> NewRecord:
    body = line.rstrip().removesuffix(b"}") + b', "stored": "' + STORED.encode() + b'"}'
    return statement_record(UUID(json.loads(line)["id"]), body, STORED, "lms", id_assigned=False)


@pytest.mark.timeout(120)
async def test_a_week_of_real_statements(world: World, real_statements: list[bytes]) -> None:
    await world.fresh(PARIS)
    bodies = [json.loads(line) for line in real_statements]
    statements = [seen(body) for body in bodies]
    agents = {body["actor"]["account"]["name"]: {"account": body["actor"]["account"]} for body in bodies}
    employed = {name for number, name in enumerate(sorted(agents)) if number % 5}
    roster = [
        each for name in sorted(employed) for each in (hired(name, "2020-01-01T00:00:00Z"), linked(name, agents[name]))
    ]
    records = [record(line) for line in real_statements]
    days = {kpi: RECOMPUTE[kpi](statements) for kpi in RECOMPUTE}
    first, last = min(s.day for s in statements), max(s.day for s in statements)

    async def check() -> None:
        for kpi in RECOMPUTE:
            for grain in Grain:
                for point in (await world.series(kpi, first, last, grain)).points:
                    expected = figures(kpi, days[kpi], *point.period, employed)
                    assert point.value == pytest.approx(expected.value, rel=1e-9), (kpi, point)
                    assert point.numerator == pytest.approx(expected.numerator, rel=1e-9), (kpi, point)
                    assert (point.denominator, point.n, point.unmatched) == (
                        expected.denominator, expected.n, expected.unmatched,
                    ), (kpi, point)  # fmt: skip

    half = len(roster) // 2
    await world.takes([*roster[:half], *records, *roster[half:]], Tuning())
    await check()
    assert [kpi for kpi in RECOMPUTE if not days[kpi]] == ["enrolments"]
    await world.takes(records[::-1], Tuning())
    await check()
