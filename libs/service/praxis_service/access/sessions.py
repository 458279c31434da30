"""Browser sessions: rows of ``access.sessions``, found by the hash of what the cookie holds (OWASP ASVS 5, V7)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_events.contracts.base import PersonRef
from praxis_service.access.principal import Principal
from praxis_service.problem import BadRequest, Unauthorized

LIFETIME = timedelta(hours=8)
"""A working day. Roles are those of the login; a credential's scopes, and whether it is revoked, those of now."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

_BEGIN = text(
    "WITH ended AS (DELETE FROM access.sessions WHERE expires_at <= now()) "
    "INSERT INTO access.sessions (hash, key, secret, scopes, person, expires_at) "
    "VALUES (:hash, :key, :secret, :scopes, CAST(:person AS jsonb), now() + :lifetime)"
)
_FIND = text(
    "SELECT s.key, s.scopes, CAST(s.person AS text) AS person, c.scopes AS current FROM access.sessions s "
    "LEFT JOIN access.credentials c ON c.key = s.key AND c.revoked_at IS NULL "
    "AND sha256(convert_to(c.secret_hash, 'UTF8')) = s.secret "
    "WHERE s.hash = :hash AND s.expires_at > now()"
)
_END = text("DELETE FROM access.sessions WHERE hash = :hash")


@dataclass(frozen=True, slots=True)
class Cookies:
    """Of this installation at ``base_url``: by HTTPS they go no other way, and no neighbouring host can set them."""

    base_url: str

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")

    def get(self, request: Request, name: str) -> str | None:
        return request.cookies.get(self._name(name))

    def put(self, response: Response, name: str, value: str, lifetime: timedelta) -> None:
        seconds = int(lifetime.total_seconds())
        response.set_cookie(
            self._name(name), value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def drop(self, response: Response, name: str) -> None:
        response.delete_cookie(self._name(name), path="/", secure=self.secure, httponly=True, samesite="lax")

    def refuse_other_sites(self, request: Request) -> None:
        """Raises ``BadRequest`` for a change that another site's page may have sent with the cookie."""
        if request.method in SAFE_METHODS:
            return
        site = request.headers.get("sec-fetch-site")
        if (site is None and not self._is_own(request)) or site not in (None, "same-origin", "none"):
            raise BadRequest("With a session, changes are taken from this installation's own pages only.")

    def _is_own(self, request: Request) -> bool:
        """By what browsers say that do not say the site: over plain HTTP."""
        origin = request.headers.get("origin", "")
        return origin == self.base_url or origin.partition("://")[2] == request.headers.get("host")

    def _name(self, name: str) -> str:
        return f"__Host-praxis-{name}" if self.secure else f"praxis-{name}"


class Sessions:
    """``engine`` reaches the schema ``access``."""

    def __init__(self, engine: AsyncEngine, cookies: Cookies) -> None:
        self._engine, self.cookies = engine, cookies

    async def begin(self, response: Response, principal: Principal) -> None:
        """What a credential's may do is asked of the credential each time; it ends with the secret that began it.

        Those that have expired are removed.
        """
        token = secrets.token_urlsafe(32)
        values = {
            "hash": hash_of(token),
            "key": principal.key,
            "secret": principal.secret_digest,
            "scopes": sorted(principal.scopes) if principal.secret_digest is None else None,
            "person": None if principal.person is None else principal.person.model_dump_json(exclude_unset=True),
            "lifetime": LIFETIME,
        }
        async with self._engine.begin() as connection:
            await connection.execute(_BEGIN, values)
        self.cookies.put(response, "session", token, LIFETIME)

    async def principal(self, request: Request) -> Principal | None:
        """Whose session the request's cookie is of; ``None`` when it has none.

        Raises ``Unauthorized`` for one that has ended, and ``BadRequest`` for another site's request.
        """
        token = self.cookies.get(request, "session")
        if token is None:
            return None
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND, {"hash": hash_of(token)})).first()
        scopes = None if row is None else row.current if row.scopes is None else row.scopes
        if row is None or scopes is None:
            raise Unauthorized("The session has ended; sign in again.")
        self.cookies.refuse_other_sites(request)
        person = None if row.person is None else PersonRef.model_validate_json(row.person)
        return Principal(row.key, frozenset(scopes), person=person)

    async def end(self, request: Request, response: Response) -> None:
        token = self.cookies.get(request, "session")
        async with self._engine.begin() as connection:
            await connection.execute(_END, {"hash": hash_of(token or "")})
        self.cookies.drop(response, "session")


async def end_all(engine: AsyncEngine) -> None:
    """Everybody signs in again; nobody is left in a row."""
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM access.sessions"))


def hash_of(token: str) -> bytes:
    """A token has 256 random bits: a plain hash of it leads nobody back."""
    return hashlib.sha256(token.encode()).digest()
