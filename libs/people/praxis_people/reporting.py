"""Who reported to whom at a moment. Pure."""

from collections.abc import Iterable
from datetime import datetime

from praxis_people.history import Heard
from praxis_people.placement import PlacementEvent, placement_at, placements
from praxis_people.units import subtree


def managers_at(events: Iterable[Heard], moment: datetime) -> dict[str, str | None]:
    """The manager of everybody at work at a moment; ``events`` as known at some position of the log."""
    by_person: dict[str, list[Heard]] = {}
    for each in events:
        if isinstance(each.data, PlacementEvent):
            by_person.setdefault(each.data.person_id, []).append(each)
    found = {person: placement_at(placements(own, person), moment) for person, own in by_person.items()}
    return {person: place.manager_id for person, place in found.items() if place is not None}


def team_of(managers: dict[str, str | None], manager_id: str) -> frozenset[str]:
    """Everybody under a manager, directly or not, without the manager."""
    return subtree(manager_id, managers) - {manager_id}
