"""Basic authentication with hashed, scoped, revocable credentials (xAPI 1.0.3, Communication §4.0).

Credentials are rows of ``access.credentials``, a durable table that all services read. A secret is stored as an Argon2
hash; a verified pair is remembered for a minute by a keyed digest, so that the hot path does not pay for Argon2 each
time.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service.access.scopes import may, may_send
from praxis_service.access.table import Data, enter
from praxis_service.problem import Unauthorized

REMEMBER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: the credential's key and what it may do; whose data the route shows to it; and, as far as the
    credential itself says, which person that is: ``person:<id>`` and keys of identifiers (``praxis_people``)."""

    key: str
    scopes: frozenset[str]
    shows: Data = Data.NONE
    person: frozenset[str] = frozenset()

    def may(self, scope: str) -> bool:
        return may(self.scopes, scope)

    def may_send(self, event_type: str) -> bool:
        """Whether the event door takes ``event_type`` from this credential."""
        return may_send(self.scopes, event_type)


class Authenticator:
    """Turns a request into the ``Principal`` who may make it. ``engine`` reaches the schema ``access``."""

    def __init__(self, engine: AsyncEngine, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._monotonic = engine, monotonic
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._pepper = secrets.token_bytes(32)
        self._verified: dict[bytes, tuple[float, Principal]] = {}

    async def __call__(self, request: Request) -> Principal:
        """Who is calling, when the table of access lets them use the route.

        Raises ``Unauthorized`` for a missing, malformed, unknown, wrong or revoked credential, ``Forbidden`` for one
        that lacks the scope.
        """
        principal = await self._known(request)
        return replace(principal, shows=enter(request, principal.scopes, principal.key))

    async def _known(self, request: Request) -> Principal:
        header = request.headers.get("authorization", "")
        digest = hmac.digest(self._pepper, header.encode(), hashlib.sha256)
        known = self._verified.get(digest)
        if known is not None and known[0] > self._monotonic():
            return known[1]
        principal = await self._verify(*_pair(header))
        if len(self._verified) > 10_000:
            self._verified.clear()
        self._verified[digest] = (self._monotonic() + REMEMBER_SECONDS, principal)
        return principal

    async def _verify(self, key: str, secret: str) -> Principal:
        query = text("SELECT secret_hash, scopes FROM access.credentials WHERE key = :key AND revoked_at IS NULL")
        async with self._engine.connect() as connection:
            row = (await connection.execute(query, {"key": key})).first()
        if row is None:
            raise Unauthorized("The credential is unknown, wrong or revoked.")
        try:
            await asyncio.to_thread(self._hasher.verify, row.secret_hash, secret)
        except VerifyMismatchError:
            raise Unauthorized("The credential is unknown, wrong or revoked.") from None
        return Principal(key, frozenset(row.scopes))


def hash_secret(secret: str) -> str:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1).hash(secret)


def _pair(header: str) -> tuple[str, str]:
    """Key and secret: by HTTP Basic, or as ``Bearer key:secret``, for clients that only know static tokens."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() == "basic":
        key, found, secret = _decoded(given).partition(":")
    elif scheme.lower() == "bearer":
        key, found, secret = given.strip().partition(":")
    else:
        raise Unauthorized("Send a credential by HTTP Basic authentication, or key:secret as a bearer token.")
    if not found or "\x00" in key:
        raise Unauthorized("The credential is not key:secret.")
    return key, secret


def _decoded(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode()
    except ValueError:
        raise Unauthorized("The Basic credential is not base64 of key:secret.") from None
