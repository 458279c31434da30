"""API credentials: made, listed and revoked by people; kept as hashes in the durable schema ``access``."""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_events.clock import system_clock
from praxis_service.access import audit
from praxis_service.access.pairs import hash_secret, is_right
from praxis_service.access.scopes import SCOPES, known_scope
from praxis_service.problem import BadRequest, Conflict, FieldError

_INSERT = "INSERT INTO access.credentials (key, secret_hash, scopes) VALUES (:key, :hash, :scopes) "
_REPLACE = (
    "ON CONFLICT (key) DO UPDATE SET secret_hash = excluded.secret_hash, scopes = excluded.scopes, revoked_at = NULL"
)
_KEEP = "ON CONFLICT (key) DO NOTHING"


@dataclass(frozen=True, slots=True)
class Credential:
    key: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


async def create(
    engine: AsyncEngine,
    scopes: Iterable[str],
    key: str | None = None,
    secret: str | None = None,
    *,
    replace: bool = True,
    by: str | None = None,
) -> tuple[str, str]:
    """Make or replace a credential; returns its key and its secret, which is shown this once and not kept. Who made
    it stands in the audit log; ``None``: the installation itself.

    Raises ``BadRequest`` for an unknown scope, and ``Conflict`` for a key that exists when none may be replaced.
    """
    given = list(scopes)
    unknown = [(place, scope) for place, scope in enumerate(given) if not known_scope(scope)]
    if unknown or not given:
        known = ", ".join(sorted(SCOPES))
        faults = [FieldError(f"{scope!r} is unknown", pointer=f"/scopes/{place}") for place, scope in unknown]
        raise BadRequest(f"Unknown scope; known are {known}.", faults)
    if key is not None and (":" in key or "\x00" in key or not key):
        raise BadRequest("A key has no colon.", [FieldError("must be a text without a colon", pointer="/key")])
    key, secret = key or f"key-{secrets.token_hex(6)}", secret or secrets.token_urlsafe(24)
    values = {"key": key, "hash": await asyncio.to_thread(hash_secret, secret), "scopes": sorted(set(given))}
    async with engine.begin() as connection:
        made = (await connection.execute(text(_INSERT + (_REPLACE if replace else _KEEP)), values)).rowcount
        if made and by is not None:
            await audit.write(connection, audit.entries(system_clock(), by, "credential-made", key))
    if not made:
        raise Conflict(f"There is a credential {key!r}.", [FieldError("exists", pointer="/key")])
    return key, secret


async def ensure(engine: AsyncEngine, scopes: Iterable[str], key: str, secret: str) -> None:
    """Make or replace a credential, unless it is there just so: then its sessions go on."""
    query = text("SELECT secret_hash, scopes FROM access.credentials WHERE key = :key AND revoked_at IS NULL")
    async with engine.connect() as connection:
        row = (await connection.execute(query, {"key": key})).first()
    as_it_is = row is not None and set(row.scopes) == set(scopes)
    if row is None or not as_it_is or not await asyncio.to_thread(is_right, secret, row.secret_hash):
        await create(engine, scopes, key, secret)


async def revoke(engine: AsyncEngine, key: str, by: str) -> bool:
    """Revoke a credential; ``False`` when there is none to revoke. Takes effect within ``REMEMBER_SECONDS``."""
    statement = text("UPDATE access.credentials SET revoked_at = now() WHERE key = :key AND revoked_at IS NULL")
    async with engine.begin() as connection:
        revoked = bool((await connection.execute(statement, {"key": key})).rowcount)
        if revoked:
            await audit.write(connection, audit.entries(system_clock(), by, "credential-revoked", key))
    return revoked


async def remove(engine: AsyncEngine, key: str) -> bool:
    """Leave nothing of a credential, not even its key; ``False`` when there is none."""
    statement = text("DELETE FROM access.credentials WHERE key = :key")
    async with engine.begin() as connection:
        return bool((await connection.execute(statement, {"key": key})).rowcount)


async def listed(engine: AsyncEngine) -> list[Credential]:
    query = text("SELECT key, scopes, created_at, revoked_at FROM access.credentials ORDER BY created_at, key")
    async with engine.connect() as connection:
        return [_credential(row) for row in await connection.execute(query)]


async def find(engine: AsyncEngine, key: str) -> Credential | None:
    query = text("SELECT key, scopes, created_at, revoked_at FROM access.credentials WHERE key = :key")
    async with engine.connect() as connection:
        row = (await connection.execute(query, {"key": key})).first()
    return None if row is None else _credential(row)


def _credential(row: Row[Any]) -> Credential:
    return Credential(row.key, tuple(row.scopes), row.created_at, row.revoked_at)
