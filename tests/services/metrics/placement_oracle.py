"""The naive oracle of where people stood: looked for again on every day, in plain Python, knowing nothing of the
service's code."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tests.services.metrics.oracle import Heard, Oracle, read_time

RANK = {"left": 0, "hired": 1, "leave-ended": 3, "leave-started": 4}
SAYS = {"hired", "left", "role-changed", "unit-changed", "manager-changed", "promoted", "leave-started", "leave-ended"}

Slice = tuple[str, str, str]
"""A person, a kind and a slice."""


@dataclass
class PlacementOracle:
    heard: list[Heard]
    zone: ZoneInfo

    @cached_property
    def events(self) -> list[Heard]:
        """Those that stand, in the order in which they took effect."""
        standing = Oracle([], self.heard, self.zone).heard
        said = [each for each in standing if each.type in SAYS or each.type == "unit-defined"]
        return sorted(said, key=lambda each: (read_time(each.data["effective_at"]), RANK.get(each.type, 2)))

    def slices_on(self, day: date) -> set[Slice]:
        """Everybody's on a day: as things stood when the person was last at work on it."""
        start, end = self.midnight(day), self.midnight(day + timedelta(days=1))
        changes = [read_time(each.data["effective_at"]) for each in self.events]
        moments = sorted([start, *(at for at in changes if start < at < end)])
        found: set[Slice] = set()
        for person in {each.data["person_id"] for each in self.events if each.type in SAYS}:
            at_work = [at for at in moments if self.place(person, at) is not None]
            if at_work:
                found |= self.slices(person, at_work[-1])
        return found

    def slices(self, person: str, at: datetime) -> set[Slice]:
        place = self.place(person, at)
        assert place is not None
        return {
            (person, "role", place["role"]),
            *((person, "unit", unit) for unit in self.units_up(place["unit"], at)),
            *((person, "manager", manager) for manager in self.managers_up(person, at)),
        }

    def place(self, person: str, at: datetime) -> dict[str, Any] | None:
        """Unit, role and manager at a moment; ``None`` when not at work."""
        state: dict[str, Any] | None = None
        for each in self.events:
            if each.type not in SAYS or each.data["person_id"] != person or read_time(each.data["effective_at"]) > at:
                continue
            if each.type == "left":
                state = None
            elif each.type == "hired":
                state = {name: each.data.get(name) for name in ("unit", "role", "manager_id")}
            elif state is not None:
                state |= {name: each.data[name] for name in state if name in each.data}
        return state

    def units_up(self, unit: str, at: datetime) -> set[str]:
        found, above = set[str](), unit
        while above is not None and above not in found:
            found.add(above)
            above = self.parent(above, at)
        return found

    def parent(self, unit: str, at: datetime) -> Any:
        said = [
            each.data.get("parent")
            for each in self.events
            if each.type == "unit-defined" and each.data["unit"] == unit and read_time(each.data["effective_at"]) <= at
        ]
        return said[-1] if said else None

    def managers_up(self, person: str, at: datetime) -> set[str]:
        found = set[str]()
        place = self.place(person, at)
        while place is not None and place["manager_id"] not in {None, person, *found}:
            found.add(place["manager_id"])
            place = self.place(place["manager_id"], at)
        return found

    def midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)
