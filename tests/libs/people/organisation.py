"""Random histories of a small organisation, and the naive answer to each question at one moment, from all of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from praxis_events.contracts.base import EventRef
from praxis_events.contracts.directory import (
    Hired,
    LeaveEnded,
    LeaveStarted,
    Left,
    ManagerChanged,
    PeopleRescinded,
    Promoted,
    RoleChanged,
    UnitChanged,
    UnitDefined,
)
from praxis_people.history import Heard

PERSONS = ["p-1", "p-2", "p-3", "p-4"]
UNITS = ["sales", "north", "south", "shop"]
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = [START + timedelta(days=day) for day in range(-1, 9)]
FORWARD = {"unit", "role", "grade", "manager_id", "worker_type"}

persons, units, days = st.sampled_from(PERSONS), st.sampled_from(UNITS), st.sampled_from(DAYS[1:-1])
words = st.sampled_from(["a", "b"])
no_one = st.none() | persons


def of_person(model: Any, **fields: Any) -> Any:
    return st.builds(model, person_id=persons, effective_at=days, **fields)


hires = of_person(
    Hired, unit=units, role=words, grade=st.none() | words, manager_id=no_one, worker_type=st.none() | words
)
changes = st.one_of(
    hires,
    hires,
    of_person(Left, voluntary=st.none()),
    of_person(UnitChanged, unit=units),
    of_person(RoleChanged, role=words),
    of_person(ManagerChanged, manager_id=no_one),
    of_person(Promoted, from_grade=words, to_grade=words, role=st.none() | words, decided_at=days),
    of_person(LeaveStarted),
    of_person(LeaveEnded),
    st.tuples(units, no_one, st.none() | units, days).map(
        lambda found: UnitDefined(
            unit=found[0], name="n", parent=None if found[2] == found[0] else found[2], effective_at=found[3]
        )
    ),
)
keys = st.integers(1, 12).map(lambda number: UUID(int=number))
rescission = PeopleRescinded(event=EventRef(source="/t", id="1"), reason="a mistake")
entries = st.one_of(*[st.tuples(keys, changes, st.none())] * 5, st.tuples(keys, st.just(rescission), keys))
histories = st.lists(entries, max_size=25).map(
    lambda found: [Heard(event, place, data, undone) for place, (event, data, undone) in enumerate(found)]
)


@dataclass(frozen=True)
class Naive:
    """What somebody who has read the log up to ``before`` says of one ``moment``."""

    history: list[Heard]
    before: int
    moment: datetime

    def standing(self) -> list[Any]:
        """Data with places, in effect, in the order of effect."""
        read = self.history[: self.before]
        firsts = [e for n, e in enumerate(read) if all(e.event != earlier.event for earlier in read[:n])]
        undone = [e.undone for e in firsts if e.undone is not None]
        stand = [e for e in firsts if e.event not in undone and e.undone is None]
        in_effect = [e for e in stand if e.data.effective_at <= self.moment]  # type: ignore[attr-defined]
        order = {Left: 0, Hired: 1, LeaveEnded: 3, LeaveStarted: 4}
        in_effect.sort(key=lambda e: (e.data.effective_at, order.get(type(e.data), 2), e.place))  # type: ignore[attr-defined]
        return [e.data for e in in_effect]

    def place(self, person: str) -> dict[str, Any] | None:
        """All that is said of where the person stands; ``None`` when not at work."""
        state: dict[str, Any] | None = None
        for data in self.standing():
            if getattr(data, "person_id", None) != person:
                continue
            if isinstance(data, Hired):
                on_leave = bool(state and state["on_leave"])
                state = {name: getattr(data, name) for name in FORWARD} | {"on_leave": on_leave}
            elif isinstance(data, Left):
                state = None
            elif state is not None:
                state |= self.change(data)
        return state

    @staticmethod
    def change(data: Any) -> dict[str, Any]:
        if isinstance(data, LeaveStarted | LeaveEnded):
            return {"on_leave": isinstance(data, LeaveStarted)}
        if isinstance(data, Promoted):
            return {"grade": data.to_grade} | ({"role": data.role} if data.role else {})
        return {name: getattr(data, name) for name in FORWARD if hasattr(data, name)}

    def parent(self, unit: str) -> str | None:
        said = [data.parent for data in self.standing() if isinstance(data, UnitDefined) and data.unit == unit]
        return said[-1] if said else None

    def is_under(self, unit: str, top: str) -> bool:
        steps: str | None = unit
        for _ in range(len(UNITS) + 1):
            if steps == top:
                return True
            steps = steps and self.parent(steps)
        return False

    def reports(self, person: str, manager: str) -> bool:
        """Whether the person is somewhere under the manager."""
        above, seen = self.above(person), set[str]()
        while above is not None and above not in seen and above != manager:
            seen.add(above)
            above = self.above(above)
        return above == manager

    def above(self, person: str) -> str | None:
        place = self.place(person)
        return place["manager_id"] if place else None
