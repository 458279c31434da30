"""The events of the directory that say who somebody's manager is, as rows of a table: nothing else of them is kept."""

from datetime import UTC
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Row

from praxis_events.contracts.directory import Hired, Left, ManagerChanged
from praxis_people.history import Heard

ManagerChange: TypeAlias = Hired | Left | ManagerChanged

COLUMNS = "event, place, person_id, change, manager_id, effective_at"

_CHANGES: dict[type, str] = {Hired: "hired", Left: "left", ManagerChanged: "manager-changed"}


def row_of(event: UUID, place: int, data: ManagerChange) -> dict[str, Any]:
    return {
        "event": event,
        "place": place,
        "person_id": data.person_id,
        "change": _CHANGES[type(data)],
        "manager_id": None if isinstance(data, Left) else data.manager_id,
        "effective_at": data.effective_at,
    }


def heard_of(row: Row[Any]) -> Heard:
    # asyncpg reads the first and the last moment that Python knows as infinities, and these without a zone.
    at = row.effective_at.replace(tzinfo=UTC)
    data: ManagerChange
    match row.change:
        case "hired":
            data = Hired(person_id=row.person_id, unit="-", role="-", manager_id=row.manager_id, effective_at=at)
        case "left":
            data = Left(person_id=row.person_id, voluntary=None, effective_at=at)
        case _:
            data = ManagerChanged(person_id=row.person_id, manager_id=row.manager_id, effective_at=at)
    return Heard(row.event, row.place, data)
