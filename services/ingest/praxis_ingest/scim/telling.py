"""What a user says of a person that was not told before, as named events. Pure.

``employeeNumber`` is the person, ``department`` their unit, ``title`` their role. Until the number is known nothing is
told; until the others are, the person is linked and not hired.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from praxis_events.envelope import Event
from praxis_events.times import format_time
from praxis_ingest.scim.resources import EnterpriseUser, Resource

SOURCE = "/scim/v2"

_IDS = UUID("5ad0f3d4-58c7-5e39-9c25-2c6f0a4e5f1b")
_OWN_EVENT = {"unit": "unit-changed", "role": "role-changed", "manager_id": "manager-changed"}


@dataclass(frozen=True, slots=True)
class Told:
    """``person_id``: of whom; ``hires``: the ids of the events that say so, while employed; ``values``: as what."""

    person_id: str | None = None
    linked: list[str] = field(default_factory=list)
    hires: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Told":
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says now. ``manager_id`` is ``None`` also while it is not known whom they mean."""

    person_id: str | None
    mails: tuple[str, ...]
    values: dict[str, Any]
    employed: bool

    @property
    def hireable(self) -> bool:
        return self.employed and "unit" in self.values and "role" in self.values


def said(user: Resource, manager_id: str | None, *, deactivated_leaves: bool) -> Said:
    enterprise = user[EnterpriseUser]
    person_id = enterprise.employee_number if enterprise else None
    named = user.name and (user.name.formatted or " ".join(filter(None, (user.name.given_name, user.name.family_name))))
    values = {
        "name": user.display_name or named,
        "unit": enterprise and enterprise.department,
        "role": user.title,
        "worker_type": user.user_type,
        "time_zone": user.timezone,
        "manager_id": None if manager_id == person_id else manager_id,
    }
    return Said(
        person_id or None,
        tuple(dict.fromkeys(str(each.value).lower() for each in user.emails or () if each.value)),
        {name: value for name, value in values.items() if value},
        employed=not (deactivated_leaves and user.active is False),
    )


def tell(told: Told, now_said: Said, now: datetime, principal: str, about: UUID) -> tuple[list[Event], Told]:
    """The events, and what is told with them. ``about``: the resource, whose id keeps events of two users apart."""
    telling = _Telling(told, now, principal, about)
    telling.person(now_said)
    if telling.told.person_id is not None:
        telling.mails(now_said)
        telling.employment(now_said)
    return telling.events, telling.told


class _Telling:
    def __init__(self, told: Told, now: datetime, principal: str, about: UUID) -> None:
        self.told, self.events = told, list[Event]()
        self._now, self._principal, self._about = now, principal, about

    def person(self, said: Said) -> None:
        """Another number: what was told of the one before was about somebody else."""
        before = self.told
        if before.person_id == said.person_id:
            return
        if before.person_id is not None and before.linked:
            identifiers = [{"mbox": f"mailto:{mail}"} for mail in before.linked]
            self._event("identity-unlinked", {"person_id": before.person_id, "identifiers": identifiers})
        for hire in before.hires:
            undone = {"event": {"source": SOURCE, "id": hire}, "reason": "another employee number was given"}
            self._event("rescinded", undone)
        self.told = Told(said.person_id)

    def mails(self, said: Said) -> None:
        """A former address stays linked: what was done under it is still the person's."""
        fresh = [mail for mail in said.mails if mail not in self.told.linked]
        if fresh:
            self._of_person("identity-linked", {"identifiers": [{"mbox": f"mailto:{mail}"} for mail in fresh]})
            self.told = replace(self.told, linked=[*self.told.linked, *fresh])

    def employment(self, said: Said) -> None:
        if not self.told.hires:
            if said.hireable:
                self._hired(said)
        elif not said.employed:
            self._of_person("left", {"voluntary": None, "effective_at": format_time(self._now)})
            self.told = replace(self.told, hires=[], values={})
        elif said.hireable:
            self._changed(said)

    def _hired(self, said: Said) -> None:
        event = self._of_person("hired", {**said.values, "effective_at": format_time(self._now)})
        self.told = replace(self.told, hires=[*self.told.hires, event.id], values=said.values)

    def _changed(self, said: Said) -> None:
        names = said.values.keys() | self.told.values.keys()
        changed = {name for name in names if said.values.get(name) != self.told.values.get(name)}
        if changed - _OWN_EVENT.keys():
            self._hired(said)  # while employed: as what from now on
        for name in sorted(changed & _OWN_EVENT.keys()):
            data = {name: said.values.get(name), "effective_at": format_time(self._now)}
            self._of_person(_OWN_EVENT[name], data)
        self.told = replace(self.told, values=said.values)

    def _of_person(self, name: str, data: Mapping[str, Any]) -> Event:
        return self._event(name, {"person_id": self.told.person_id, **data})

    def _event(self, name: str, data: Mapping[str, Any]) -> Event:
        body = msgspec.json.encode(data, order="sorted")
        identity = f"{self._about}\n{len(self.events)}\n{name}\n{body.decode()}"
        type_ = f"praxis.people.{name}.v1"
        event = Event(str(uuid5(_IDS, identity)), SOURCE, type_, body, self._now, principal=self._principal)
        self.events.append(event)
        return event
