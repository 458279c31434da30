"""The naive oracle of work: each task once, what it is compared with, and what evidence tells of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any

from praxis_events.envelope import Event
from tests.services.metrics.oracle import Learner, read_time
from tests.services.metrics.said.fold import Fold
from tests.services.metrics.said.histories import Data

ESTIMATES = {"self", "self-estimate", "self-report", "self-reported", "estimate"}
WINDOW = timedelta(days=90)
METHODS = ("measured", "estimated")


@dataclass(frozen=True)
class Row:
    """One figure of one learner on one day. ``own``: what else there is to tell of it."""

    learner: Learner
    day: date
    about: tuple[Any, ...]
    figure: float
    own: dict[str, Any] = field(default_factory=dict)


class Worked:
    def __init__(self, fold: Fold) -> None:
        self.fold = fold

    def of(self, type_: str) -> list[Data]:
        """What stands of a type, in the order in which ties are told apart."""
        standing = [each for each in self.fold.standing if each.type == type_]
        return [
            {**each.data, "principal": each.principal}
            for each in sorted(standing, key=lambda each: Event(each.id, "tools", type_, b"{}").key)
        ]

    def evidence(self) -> list[Data]:
        return [each for each in self.of("evidence.skill-applied") if self.fold.is_accepted(each)]

    def who(self, agent: Data) -> Learner:
        learner = self.fold.who(agent)
        assert learner is not None
        return learner

    def day(self, at: str) -> date:
        found: date = self.fold.moment(at)[1]
        return found

    def teaches(self, task: Data) -> bool:
        kinds = {folded(each["system"]): each["kind"] for each in self.fold.of("programme.system-registered")}
        return kinds.get(folded(task["system"])) == "learning"

    @cached_property
    def finished(self) -> list[Data]:
        """The first acceptance of each learner's tasks by somebody else."""
        first: dict[Any, Data] = {}
        for each in sorted(self.of("work.task-accepted"), key=lambda each: read_time(each["accepted_at"])):
            learner = self.who(each["person"])
            if self.fold.who(each.get("accepted_by")) != learner and not self.teaches(each["task"]):
                first.setdefault((learner, task_of(each)), each)
        return list(first.values())

    def figures(self, figure: Callable[[Data], float | None]) -> list[Row]:
        return [
            Row(self.who(each["person"]), self.day(each["accepted_at"]), task_of(each), told)
            for each in self.finished
            if (told := figure(each)) is not None
        ]

    def observed(self, measure: str) -> list[tuple[datetime, Row, Any, int]]:
        """When, the figure, what it may be compared with, and with how many at least."""
        found = []
        for each in self.finished:
            kind = ("task", task_of(each)[1], tuple(sorted(each.get("skills") or ())))
            figure = each.get("worked_minutes")
            if measure == "errors":
                figure = None
                if "errors" in each and "opportunities" in each:
                    figure = each["errors"] / each["opportunities"] * 1_000
            elif figure is not None:
                figure /= 60
            if figure is not None:
                row = Row(self.who(each["person"]), self.day(each["accepted_at"]), task_of(each), figure)
                found.append((read_time(each["accepted_at"]), row, kind, 3))
        once: dict[Any, Any] = {}
        for each in self.of("work.outcome-measured"):
            if each["measure"].lower() == measure and "person" in each and "per" in each:
                kind = ("measured", each["per"], each["source"])
                at, learner = read_time(each["from"]), self.who(each["person"])
                figure = each["value"] * 1_000 if measure == "errors" else each["value"] / 60
                row = Row(learner, self.day(each["from"]), (*kind, at), figure)
                once.setdefault((learner, row.about), (at, row, kind, 1))
        return [*found, *once.values()]

    def effects(self, measure: str) -> list[Row]:
        told: list[tuple[Any, ...]] = []
        observed = self.observed(measure)
        for at, row, kind, least in observed:
            past = [
                other.figure
                for _, other, like, _ in observed
                if other.learner == row.learner and like == kind and 1 <= quarter(row.day) - quarter(other.day) <= 4
            ]
            if len(past) >= least:
                told.append((at, 3, median(past) - row.figure, row.learner, row.day, row.about, "own_history"))
        for each in self.evidence():
            for outcome in each.get("outcomes") or ():
                if (difference := _difference(outcome, measure)) is None:
                    continue
                method = "estimated" if is_estimate(outcome) else "measured"
                where = self.who(each["learner"]), self.day(each["occurred_at"]), about(each)
                rank = METHODS.index(method)
                told.append((read_time(each["occurred_at"]), rank, difference * factor(outcome), *where, method))
        first: dict[Any, Row] = {}
        for _, _, figure, learner, day, what, method in sorted(told, key=lambda each: each[:3]):
            first.setdefault((learner, what), Row(learner, day, what, figure, {"method": method}))
        return list(first.values())

    def skilled(self) -> list[Row]:
        shown = [
            (self.who(each["learner"]), task_of(each), each["skill"], read_time(each["occurred_at"]))
            for each in self.evidence()
            if "task" in each
        ]
        eligible: dict[Any, datetime] = {}
        for each in self.of("work.task-eligible"):
            if not self.teaches(each["task"]):
                key, at = (self.who(each["person"]), task_of(each), each["skill"]), read_time(each["from"])
                eligible[key] = min(at, eligible.get(key, at))
        first: dict[Any, datetime] = {}
        for *key_, at in shown:
            first[*key_,] = min(at, first.get((*key_,), at))
        return [
            *(self._row(key, at, eligible=True, done=_is_done(key, at, shown)) for key, at in eligible.items()),
            *(self._row(key, at, eligible=False, done=True) for key, at in first.items()),
        ]

    def _row(self, key: Any, at: datetime, *, eligible: bool, done: bool) -> Row:
        learner, task, skill = key
        return Row(learner, self.day(at.isoformat()), task, 0, {"eligible": eligible, "done": done, "skill": skill})


def _is_done(key: Any, since: datetime, shown: list[Any]) -> bool:
    return any(key == (*other,) and since <= at <= since + WINDOW for *other, at in shown)


def folded(name: str) -> str:
    return name.strip().lower()


def task_of(each: Data) -> tuple[str, ...]:
    return "task", folded(each["task"]["system"]), folded(each["task"]["id"])


def about(each: Data) -> tuple[str, ...]:
    if "task" in each:
        return task_of(each)
    return "artefact", folded(each["artefact"]["system"]), folded(each["artefact"]["id"])


def quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def is_estimate(outcome: Data) -> bool:
    return outcome.get("confidence") is not None or folded(outcome["source"]) in ESTIMATES


def is_sound(outcome: Data) -> bool:
    return not is_estimate(outcome) or ("confidence" in outcome and "attribution" in outcome)


def factor(outcome: Data) -> float:
    share: float = outcome.get("confidence", 1) * outcome.get("attribution", 1)
    return share


def _difference(outcome: Data, measure: str) -> float | None:
    if outcome["measure"].lower() != measure or "before" not in outcome or "after" not in outcome:
        return None
    if not is_sound(outcome):
        return None
    before, after, opportunities = outcome["before"], outcome["after"], outcome.get("opportunities", 0)
    if min(before, after) < 0:
        return None
    difference = float(before - after)
    if measure == "minutes":
        return difference / 60
    if opportunities < 1 or max(before, after) > opportunities:
        return None
    return difference * 1_000 / float(opportunities)
