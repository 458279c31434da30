"""Login at the provider: authorization code with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636)."""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from urllib.parse import urlencode

import httpx
from fastapi import Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service.access.principal import Principal
from praxis_service.access.sessions import Cookies, hash_of
from praxis_service.access.tokens import BadToken, TokenVerifier, principal_of
from praxis_service.problem import BadRequest
from praxis_service.settings import Settings

LIFETIME = timedelta(minutes=10)

_BEGIN = text(
    "INSERT INTO access.logins (hash, state, nonce, verifier, return_to, expires_at) "
    "VALUES (:hash, :state, :nonce, :verifier, :return_to, now() + :lifetime)"
)
_TAKE = text(
    "WITH ended AS (DELETE FROM access.logins WHERE hash = :hash OR expires_at <= now() RETURNING *) "
    "SELECT state, nonce, verifier, return_to FROM ended WHERE hash = :hash AND expires_at > now()"
)


class CodeFlow:
    """``settings`` have the client that this installation is at the provider."""

    def __init__(self, engine: AsyncEngine, tokens: TokenVerifier, settings: Settings, cookies: Cookies) -> None:
        self._engine, self._tokens, self._settings, self._cookies = engine, tokens, settings, cookies

    async def begin(self, response: Response, return_to: str) -> str:
        """Where the browser is sent. What must come back with it is kept here, bound to the browser by a cookie."""
        published = await self._tokens.issuer.published()
        cookie, state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        values = {"hash": hash_of(cookie), "state": state, "nonce": nonce, "verifier": verifier}
        async with self._engine.begin() as connection:
            await connection.execute(_BEGIN, values | {"return_to": return_to, "lifetime": LIFETIME})
        self._cookies.put(response, "login", cookie, LIFETIME)
        asked = {
            "response_type": "code", "client_id": self._settings.oidc_client_id, "redirect_uri": self._redirect_uri,
            "scope": self._settings.oidc_login_scope, "state": state, "nonce": nonce,
            "code_challenge": challenge(verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        separator = "&" if "?" in published.authorization_endpoint else "?"
        return f"{published.authorization_endpoint}{separator}{urlencode(asked)}"

    async def end(self, request: Request) -> tuple[Principal, str]:
        """Who came back, and where they were going; each login ends once.

        Raises ``BadRequest`` for a login that was not begun by this browser or that the provider refused,
        ``BadToken``, and ``IssuerUnavailable``.
        """
        cookie = self._cookies.get(request, "login") or ""
        async with self._engine.begin() as connection:
            begun = (await connection.execute(_TAKE, {"hash": hash_of(cookie)})).first()
        state = request.query_params.get("state", "")
        if begun is None or not hmac.compare_digest(begun.state.encode(), state.encode()):
            raise BadRequest("This login was not begun here, or too long ago; begin again.")
        if "code" not in request.query_params:
            raise BadRequest("The provider has not let you in.")
        token = await self._redeemed(request.query_params["code"], begun.verifier)
        claims = await self._tokens.claims(token, self._settings.oidc_client_id)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), begun.nonce.encode()):
            raise BadToken("The token was made for another login.")
        return principal_of(claims, self._settings), str(begun.return_to)

    async def _redeemed(self, code: str, verifier: str) -> str:
        """The ID token that a code stands for."""
        client_id, secret = self._settings.oidc_client_id or "", self._settings.oidc_client_secret
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri,
            "client_id": client_id, "code_verifier": verifier,
        }  # fmt: skip
        answer = await self._tokens.issuer.post_token(form, httpx.BasicAuth(client_id, secret) if secret else None)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise BadRequest("The provider did not take its own code; begin again.")
        return token

    @property
    def _redirect_uri(self) -> str:
        return f"{self._settings.base_url}/login/callback"


def challenge(verifier: str) -> str:
    """RFC 7636 §4.2, ``S256``."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
