"""What one source has told of each person so far: its own events, read back from the log."""

from collections.abc import AsyncIterable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from praxis_embedded.importing.people.roster import VALUES
from praxis_events.contracts import EventData
from praxis_events.contracts.directory import (
    Hired,
    IdentityLinked,
    IdentityUnlinked,
    Left,
    ManagerChanged,
    PeopleRescinded,
    Promoted,
    RoleChanged,
    UnitChanged,
)
from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_events.upcasting import newest
from praxis_people.identifiers import key_of_ref

FOLDED = (Hired, RoleChanged, UnitChanged, ManagerChanged, Promoted, Left)
"""What has an ``effective_at``. At one moment a departure comes before a hire."""


class Told(NamedTuple):
    id: str
    data: Any

    @property
    def at(self) -> datetime:
        moment: datetime = self.data.effective_at
        return moment


class Employment(NamedTuple):
    """From a hire up to, but not including, the first departure after it (``None``: none was told)."""

    start: Told
    end: Told | None


@dataclass(slots=True)
class History:
    """One person's events in the order in which they were told, but for those that were undone.

    ``latest`` is the id of the last one, undone or not: the next one's id follows from it. ``linked`` are the keys of
    identifiers: a link that a person undid is not told again.
    """

    told: list[Told] = field(default_factory=list)
    latest: str = ""
    linked: set[str] = field(default_factory=set)

    def add(self, id_: str, data: EventData) -> None:
        self.latest = id_
        if isinstance(data, IdentityLinked | IdentityUnlinked):
            keys = {key for each in data.identifiers if (key := key_of_ref(each)) is not None}
            self.linked = self.linked | keys if isinstance(data, IdentityLinked) else self.linked - keys
        elif isinstance(data, FOLDED):
            self.told.append(Told(id_, data))

    def undo(self, ids: Collection[str]) -> None:
        self.told = [each for each in self.told if each.id not in ids]

    def employments(self) -> Iterator[Employment]:
        """Oldest first. A hire while employed and a departure while not begin and end nothing."""
        start: Told | None = None
        for each in self._in_force():
            if isinstance(each.data, Left):
                if start is not None:
                    yield Employment(start, each)
                start = None
            elif isinstance(each.data, Hired):
                start = start or each
        if start is not None:
            yield Employment(start, None)

    def employment(self, at: datetime) -> Employment | None:
        """The last one that had begun by then."""
        return next((each for each in reversed([*self.employments()]) if each.start.at <= at), None)

    def values(self, at: datetime) -> dict[str, Any]:
        """As what the person was employed then."""
        found: dict[str, Any] = dict.fromkeys(VALUES)
        for each in self._in_force():
            if each.at > at:
                break
            found |= _says(each.data)
        return found

    def hires(self, start: datetime, end: datetime) -> list[Told]:
        """From ``start`` on, before ``end``."""
        return [each for each in self.told if isinstance(each.data, Hired) and start <= each.at < end]

    def next_hire(self, start: datetime) -> Told | None:
        """The first from ``start`` on."""
        return next((each for each in self._in_force() if isinstance(each.data, Hired) and start <= each.at), None)

    def copy(self) -> "History":
        return replace(self, told=[*self.told])

    def _in_force(self) -> list[Told]:
        return sorted(self.told, key=lambda each: (each.at, not isinstance(each.data, Left)))


async def histories(records: AsyncIterable[Record], source: str) -> dict[str, History]:
    """By person. Events that anybody rescinded, and records that nobody could read, were never told."""
    found: dict[str, History] = {}
    rescinded: set[str] = set()
    seen: set[str] = set()
    async for record in records:
        try:
            event = Event.from_record(record)
            data = (newest(event) or ("", None))[1]
        except ValueError:
            continue
        if isinstance(data, PeopleRescinded) and data.event.source == source:
            rescinded.add(data.event.id)
        elif event.source == source and data is not None and event.id not in seen:
            seen.add(event.id)
            if person_id := getattr(data, "person_id", None):
                found.setdefault(person_id, History()).add(event.id, data)
    for history in found.values():
        history.undo(rescinded)
    return found


def _says(data: EventData) -> dict[str, Any]:
    match data:
        case Hired():
            return {name: getattr(data, name) for name in VALUES}
        case RoleChanged():
            return {"role": data.role}
        case UnitChanged():
            return {"unit": data.unit}
        case ManagerChanged():
            return {"manager_id": data.manager_id}
        case Promoted():
            return {"grade": data.to_grade} | ({"role": data.role} if data.role is not None else {})
    return {}
