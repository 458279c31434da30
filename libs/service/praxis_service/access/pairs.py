"""Keys with their secrets, as rows of ``access.credentials``, a durable table that all services read.

A secret is stored as an Argon2 hash; a verified pair is remembered for a minute by a keyed digest, so that the hot path
does not pay for Argon2 each time.
"""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service.access.principal import Principal
from praxis_service.access.rates import TokenBuckets
from praxis_service.problem import Unauthorized

REMEMBER_SECONDS = 60.0
MOST_REMEMBERED = 10_000

FAILURES, FAILURES_PER_SECOND = 10, 1 / 6
"""For each key so many wrong secrets at once, and then so often: ten a minute."""

GUESSES_AT_ONCE = 1
"""Pairs that were not right before are verified so many at a time: made-up keys cost no more than one core."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

_QUERY = text("SELECT secret_hash, scopes FROM access.credentials WHERE key = :key AND revoked_at IS NULL")


class Pairs:
    """``engine`` reaches the schema ``access``."""

    def __init__(self, engine: AsyncEngine, monotonic: Callable[[], float]) -> None:
        self._engine, self._monotonic = engine, monotonic
        self._pepper = secrets.token_bytes(32)
        self._verified: dict[bytes, tuple[float, Principal]] = {}
        self._verifying: dict[bytes, asyncio.Task[Principal]] = {}
        self._failures = TokenBuckets(FAILURES_PER_SECOND, FAILURES, monotonic)
        self._guesses = asyncio.Semaphore(GUESSES_AT_ONCE)

    async def principal(self, header: str, *, fresh: bool = False) -> Principal:
        """Whose an Authorization header is; ``fresh``: now, whatever is remembered.

        Raises ``Unauthorized`` for a missing, malformed, unknown, wrong or revoked credential, and
        ``TooManyRequests`` after too many wrong ones of this key. A pair that was right before is not held up by
        others' attempts.
        """
        digest = hashlib.blake2b(header.encode(), key=self._pepper, digest_size=32).digest()
        known = self._verified.get(digest)
        if known is not None and known[0] > self._monotonic() and not fresh:
            return known[1]
        verifying = self._verifying.get(digest)
        if verifying is None:
            remembered = self._remembered(digest, *_pair(header), known=known is not None)
            verifying = asyncio.create_task(remembered, name="credential")
            self._verifying[digest] = verifying
            verifying.add_done_callback(lambda _: self._verifying.pop(digest))
        return await asyncio.shield(verifying)

    async def _remembered(self, digest: bytes, key: str, secret: str, *, known: bool) -> Principal:
        """Once for all requests that come with one credential meanwhile: each would pay for Argon2."""
        if known:
            try:
                principal = await self._verify(key, secret)
            except Unauthorized:
                self._verified.pop(digest, None)
                raise
        else:
            self._failures.take(key)
            async with self._guesses:
                principal = await self._verify(key, secret)
            self._failures.give_back(key)
        if len(self._verified) > MOST_REMEMBERED:
            self._verified.clear()
        self._verified[digest] = (self._monotonic() + REMEMBER_SECONDS, principal)
        return principal

    async def _verify(self, key: str, secret: str) -> Principal:
        async with self._engine.connect() as connection:
            row = (await connection.execute(_QUERY, {"key": key})).first()
        right = await asyncio.to_thread(is_right, secret, None if row is None else row.secret_hash)
        if row is None or not right:
            raise Unauthorized("The credential is unknown, wrong or revoked.")
        return Principal(key, frozenset(row.scopes), secret_digest=hashlib.sha256(row.secret_hash.encode()).digest())


def hash_secret(secret: str) -> str:
    return _hasher.hash(secret)


def is_right(secret: str, secret_hash: str | None) -> bool:
    """``None``, of a key that nobody has, takes as long: time does not tell which keys there are."""
    try:
        return _hasher.verify(secret_hash or _nobodys_hash(), secret) and secret_hash is not None
    except VerifyMismatchError:
        return False


@cache
def _nobodys_hash() -> str:
    return hash_secret(secrets.token_urlsafe(24))


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
