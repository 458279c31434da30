"""API credentials: made, listed and revoked by people; kept as hashes in the durable schema ``access``."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service.access.pairs import hash_secret
from praxis_service.access.scopes import SCOPES, known_scope
from praxis_service.problem import BadRequest, FieldError


@dataclass(frozen=True, slots=True)
class Credential:
    key: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


async def create(
    engine: AsyncEngine, scopes: Iterable[str], key: str | None = None, secret: str | None = None
) -> tuple[str, str]:
    """Make or replace a credential; returns its key and its secret, which is shown this once and not kept.

    Raises ``BadRequest`` for an unknown scope.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if not known_scope(scope)]
    if unknown or not wanted:
        known = ", ".join(sorted(SCOPES))
        raise BadRequest(
            f"Unknown scope; known are {known}.", [FieldError(f"{scope!r} is unknown") for scope in unknown]
        )
    if key is not None and (":" in key or "\x00" in key or not key):
        raise BadRequest("A key has no colon.", [FieldError("must be a text without a colon", pointer="/key")])
    key, secret = key or f"key-{secrets.token_hex(6)}", secret or secrets.token_urlsafe(24)
    statement = text(
        "INSERT INTO access.credentials (key, secret_hash, scopes) VALUES (:key, :hash, :scopes) "
        "ON CONFLICT (key) DO UPDATE SET secret_hash = excluded.secret_hash, "
        "scopes = excluded.scopes, revoked_at = NULL"
    )
    async with engine.begin() as connection:
        await connection.execute(statement, {"key": key, "hash": hash_secret(secret), "scopes": wanted})
    return key, secret


async def revoke(engine: AsyncEngine, key: str) -> bool:
    """Revoke a credential; ``False`` when there is none to revoke. Takes effect within ``REMEMBER_SECONDS``."""
    statement = text("UPDATE access.credentials SET revoked_at = now() WHERE key = :key AND revoked_at IS NULL")
    async with engine.begin() as connection:
        return bool((await connection.execute(statement, {"key": key})).rowcount)


async def remove(engine: AsyncEngine, key: str) -> bool:
    """Leave nothing of a credential, not even its key; ``False`` when there is none."""
    statement = text("DELETE FROM access.credentials WHERE key = :key")
    async with engine.begin() as connection:
        return bool((await connection.execute(statement, {"key": key})).rowcount)


async def listed(engine: AsyncEngine) -> list[Credential]:
    query = text("SELECT key, scopes, created_at, revoked_at FROM access.credentials ORDER BY created_at, key")
    async with engine.connect() as connection:
        return [Credential(r.key, tuple(r.scopes), r.created_at, r.revoked_at) for r in await connection.execute(query)]
