"""What the oracles of careers share: who was where, who left and why, what was validated; looked up day by day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from praxis_events.envelope import event_key
from tests.services.metrics.oracle import RANK, Heard, Learner, key_of, read_time
from tests.services.metrics.placement_oracle import PlacementOracle
from tests.services.metrics.said.fold import Fold
from tests.services.metrics.said.histories import Data, Spoken

T = TypeVar("T")
DAY = timedelta(days=1)
FIRST, LAST = date(2023, 10, 1), date(2026, 3, 31)
"""Nothing happens outside."""

Place = tuple[str, str]
EVERYBODY: Place = ("all", "")


@dataclass(frozen=True)
class Answer:
    """What is compared of a cell; ratios as floats."""

    value: float | None
    numerator: float
    denominator: float
    n: int
    unmatched: int
    detail: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """Accepted evidence."""

    id: str
    learner: Learner
    attester: Learner | None
    skill: str
    kind: str
    at: datetime
    day: date


class Careers:
    def __init__(
        self, active: list[tuple[Data, str]], spoken: list[Spoken], heard: list[Heard], zone: ZoneInfo, through: date
    ) -> None:
        self.fold, self.placement = Fold(spoken, heard, zone), PlacementOracle(heard, zone)
        self.zone, self.through = zone, through
        self.people = self.fold.people
        self.people.mails |= {key_of(agent) for agent, _ in active}
        self.active = {(self.fold.who(agent), self.day(at)) for agent, at in active}

    def day(self, at: str) -> date:
        return read_time(at).astimezone(self.zone).date()

    def of(self, type_: str) -> list[Data]:
        """Of the directory, what stands, in the order of the log."""
        return [each.data for each in self.people.heard if each.type == type_]

    @cached_property
    def persons(self) -> set[str]:
        return {each.data["person_id"] for each in self.people.heard if each.type in RANK}

    # -- where people stood ----------------------------------------------------------------------------------------

    def _by_day(self, look: Callable[[date], set[T]]) -> dict[date, set[T]]:
        """Of each day; one on which, and on the eve of which, nothing took effect is as that eve."""
        news = {self.day(each.data["effective_at"]) for each in self.placement.events}
        found: dict[date, set[T]] = {}
        day, before = FIRST, set[T]()
        while day <= LAST:
            if day in news or day - DAY in news or day == FIRST:
                before = look(day)
            found[day] = before
            day += DAY
        return found

    @cached_property
    def _slices(self) -> dict[date, set[tuple[str, str, str]]]:
        return self._by_day(self.placement.slices_on)

    def places(self, person: str, day: date) -> set[Place]:
        slices = self._slices[min(day, LAST)]
        return {(kind, name) for who, kind, name in slices if who == person and kind in ("unit", "role")}

    def role(self, person: str, day: date) -> str | None:
        return next((name for kind, name in self.places(person, day) if kind == "role"), None)

    def counted_at(self, person: str, day: date) -> set[Place]:
        return {EVERYBODY, *self.places(person, day)}

    # -- who is at work --------------------------------------------------------------------------------------------

    @cached_property
    def _employees(self) -> dict[date, set[str]]:
        return self._by_day(lambda day: {p for p in self.persons if self.people.employed_on(("person", p), day)})

    @cached_property
    def _contractors(self) -> dict[date, set[str]]:
        return self._by_day(lambda day: {p for p in self.persons if self.people.contractor_on(("person", p), day)})

    @cached_property
    def headcount(self) -> dict[date, set[str]]:
        """Employees not on leave, of each day."""
        return self._by_day(lambda day: self.people.headcount([day]))

    def employed(self, learner: Learner, day: date) -> bool:
        return learner[0] == "person" and learner[1] in self._employees[min(day, LAST)]

    def at_work(self, person: str, day: date) -> bool:
        return self.employed(("person", person), day) or person in self._contractors[min(day, LAST)]

    def is_known(self, person: str) -> bool:
        changes = [read_time(each.data["effective_at"]) for each in self.people.heard if each.type in RANK]
        return any(self.people._state(person, at)[0] for at in changes)

    def gone_on(self, person: str, day: date) -> date | None:
        while day <= LAST:
            day += DAY
            if not self.at_work(person, day):
                return day
        return None

    def came_on(self, person: str, day: date) -> date:
        while self.at_work(person, day - DAY):
            day -= DAY
        return day

    def was_voluntary(self, person: str, gone: date) -> bool | None:
        """By the last departure from work up to that day; of two at one moment by the one heard later."""
        events = [each for each in self.people.heard if each.type in RANK and each.data["person_id"] == person]
        at_work, last = False, (read_time("0001-01-02T00:00Z"), None)
        for each in sorted(events, key=lambda each: (read_time(each.data["effective_at"]), RANK[each.type])):
            at = read_time(each.data["effective_at"])
            if at > self.people.midnight(gone):
                break
            if each.type == "left" and (at_work or last[0] == at):
                at_work, last = False, (at, each.data["voluntary"])
            at_work |= each.type == "hired"
        return last[1]

    # -- skills ----------------------------------------------------------------------------------------------------

    @cached_property
    def shown(self) -> list[Shown]:
        found = []
        for each in self.fold.standing:
            e = {**each.data, "principal": each.principal}
            if each.type == "evidence.skill-applied" and self.fold.is_accepted(e):
                who = (self.fold.who(e["learner"]), self.fold.who(e.get("attested_by")))
                id_ = str(event_key("tools", each.id))
                found.append(Shown(id_, who[0], who[1], e["skill"], e["kind"], *self.fold.moment(e["occurred_at"])))  # type: ignore[arg-type]  # a learner is named
        return found

    @cached_property
    def held(self) -> dict[tuple[Learner, str], date]:
        """When each skill was first validated by somebody who might."""
        found: dict[tuple[Learner, str], date] = {}
        for each in self.shown:
            if each.kind == "assessor-validation" and self._may_validate(each.attester, each.skill, each.at):
                found[each.learner, each.skill] = min(each.day, found.get((each.learner, each.skill), each.day))
        return found

    def _may_validate(self, who: Learner | None, skill: str, at: datetime) -> bool:
        return any(
            self.fold.who(each["person"]) == who and skill in each["skills"] and read_time(each["from"]) <= at
            and ("until" not in each or at < read_time(each["until"]))
            for each in self.fold.of("programme.assessor-appointed")
        )  # fmt: skip

    @cached_property
    def profiles(self) -> dict[str, dict[str, Any]]:
        return {each["role"]: each for each in self.fold.of("programme.role-profiled")}

    def required(self, role: str | None) -> set[str]:
        return {each["skill"] for each in self.profiles[role]["required"]} if role in self.profiles else set()
