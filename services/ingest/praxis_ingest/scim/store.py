"""Rows of ``scim_resources``, in the durable schema. Whoever changes one holds its lock until the commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from scim2_models import UniquenessException
from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_ingest.scim.resources import POLICY, EnterpriseUser, Kind, Resource, Stored
from praxis_people.identifiers import bounded

_COLUMNS = "id, kind, body::text, told::text, version, created, modified"
_INSERT = text(
    "INSERT INTO scim_resources (id, kind, name, external_id, person_id, manager, body, told, created, modified) "
    "VALUES (:id, :kind, :name, :external_id, :person_id, :manager, CAST(:body AS jsonb), CAST(:told AS jsonb), "
    ":now, :now)"
)
_UPDATE = text(
    "UPDATE scim_resources SET name = :name, external_id = :external_id, person_id = :person_id, manager = :manager, "
    "body = CAST(:body AS jsonb), told = CAST(:told AS jsonb), version = version + 1, modified = :now WHERE id = :id"
)
_TOLD = text("UPDATE scim_resources SET told = CAST(:told AS jsonb) WHERE id = :id")
_MANAGER = text(
    "SELECT person_id FROM scim_resources WHERE kind = 'User' AND person_id IS NOT NULL AND (id = :id "
    "OR person_id = :manager OR name = lower(:manager) OR external_id = :manager) "
    "ORDER BY id IS NOT DISTINCT FROM :id DESC, id LIMIT 1"
).bindparams(bindparam("id", type_=Uuid))
_REPORTS = text(
    f"SELECT {_COLUMNS} FROM scim_resources WHERE kind = 'User' AND manager = ANY(:names) AND id <> :id "  # noqa: S608
    "ORDER BY id FOR UPDATE"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which resources of one kind: by a column's value, which an index answers, or all."""

    kind: Kind
    column: str | None = None
    value: str = ""
    offset: int = 0
    limit: int | None = None


async def find(session: AsyncSession, kind: Kind, id_: UUID, *, lock: bool = False) -> Stored | None:
    query = f"SELECT {_COLUMNS} FROM scim_resources WHERE kind = :kind AND id = :id"  # noqa: S608
    row = (await session.execute(text(query + (" FOR UPDATE" if lock else "")), {"kind": kind, "id": id_})).first()
    return None if row is None else _stored(row)


async def select(session: AsyncSession, wanted: Wanted) -> list[Stored]:
    """Oldest first."""
    where, parameters = _where(wanted)
    query = f"SELECT {_COLUMNS} FROM scim_resources {where} ORDER BY created, id OFFSET :offset LIMIT :limit"  # noqa: S608
    found = await session.execute(text(query), parameters | {"offset": wanted.offset, "limit": wanted.limit})
    return [_stored(row) for row in found]


async def count(session: AsyncSession, wanted: Wanted) -> int:
    where, parameters = _where(wanted)
    return int(await session.scalar(text(f"SELECT count(*) FROM scim_resources {where}"), parameters) or 0)  # noqa: S608


async def insert(session: AsyncSession, stored: Stored) -> None:
    """Raises ``UniquenessException`` for a user name that another user has."""
    await _write(session, _INSERT, stored)


async def update(session: AsyncSession, stored: Stored, now: datetime) -> None:
    """Raises ``UniquenessException`` for a user name that another user has."""
    await _write(session, _UPDATE, stored, now)


async def note_told(session: AsyncSession, stored: Stored) -> None:
    """What was told of the person has changed, and the resource has not."""
    await session.execute(_TOLD, {"id": stored.id, "told": _json(stored.told)})


async def delete(session: AsyncSession, id_: UUID) -> None:
    await session.execute(text("DELETE FROM scim_resources WHERE id = :id"), {"id": id_})


async def person_of(session: AsyncSession, manager: str | None) -> str | None:
    """The person whom a user's ``manager.value`` names: a resource's id, as RFC 7643 has it, or what else identity
    providers send: an employee number, a user name or an external id. ``None`` while nobody is known by it."""
    if manager is None:
        return None
    found: str | None = await session.scalar(_MANAGER, {"id": _uuid(manager), "manager": bounded(manager)})
    return found


async def reports_of(session: AsyncSession, manager: Stored) -> Sequence[Stored]:
    """Users who name this one as their manager, locked."""
    columns = _columns(manager)
    user_name = bounded(manager.resource.user_name)
    named = {str(manager.id), columns["person_id"], columns["external_id"], columns["name"], user_name}
    rows = await session.execute(_REPORTS, {"names": sorted(filter(None, named)), "id": manager.id})
    return [_stored(row) for row in rows]


def _uuid(text_: str) -> UUID | None:
    try:
        return UUID(text_)
    except ValueError:
        return None


def manager_of(user: Resource) -> str | None:
    enterprise = user[EnterpriseUser]
    manager: str | None = enterprise.manager.value if enterprise and enterprise.manager else None
    return manager or None


async def _write(session: AsyncSession, statement: Any, stored: Stored, now: datetime | None = None) -> None:
    values = {"id": stored.id, "kind": stored.kind, "told": _json(stored.told), "now": now or stored.created}
    body = stored.resource.model_dump(exclude={"id", "meta"})
    try:
        await session.execute(statement, {**values, **_columns(stored), "body": _json(body)})
    except IntegrityError:
        raise UniquenessException(detail="userName is another user's") from None


def _columns(stored: Stored) -> dict[str, str | None]:
    resource = stored.resource
    if stored.kind is Kind.GROUP:
        name, person_id, manager = resource.display_name, None, None
    else:
        enterprise = resource[EnterpriseUser]
        name, person_id = resource.user_name, enterprise.employee_number if enterprise else None
        manager = manager_of(resource)
    named = {
        "name": (name or "").lower(),
        "external_id": resource.external_id,
        "person_id": person_id,
        "manager": manager,
    }
    return {column: bounded(value) if value else None for column, value in named.items()}


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    if wanted.column is None:
        return "WHERE kind = :kind", {"kind": wanted.kind}
    value = wanted.value.lower() if wanted.column == "name" else wanted.value
    return f"WHERE kind = :kind AND {wanted.column} = :value", {"kind": wanted.kind, "value": bounded(value)}


def _stored(row: Any) -> Stored:
    id_, kind, body, told, version, created, modified = row
    model = Kind(kind).model
    resource = model.model_validate(msgspec.json.decode(body), scim_policy=POLICY)
    return Stored(id_, Kind(kind), resource, msgspec.json.decode(told), version, created, modified)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
