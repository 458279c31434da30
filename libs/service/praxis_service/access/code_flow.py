"""Login at the provider: authorization code with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636)."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote_plus, urlencode

import httpx
from fastapi import Request, Response

from praxis_service.access.principal import Principal
from praxis_service.access.sessions import Cookies
from praxis_service.access.tokens import BadToken, TokenVerifier, principal_of
from praxis_service.problem import BadRequest
from praxis_service.settings import Settings

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Login:
    """One that is under way: ``token`` is known to the browser alone, and what others see is made of it."""

    token: str
    return_to: str

    @property
    def state(self) -> str:
        return self._made("state")

    @property
    def nonce(self) -> str:
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        """43 characters (RFC 7636 §4.1)."""
        return self._made("verifier")

    def as_cookie(self) -> str:
        return f"{self.token}.{_base64(self.return_to.encode())}"

    @classmethod
    def from_cookie(cls, cookie: str) -> "Login | None":
        token, _, encoded = cookie.partition(".")
        try:
            return_to = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        except ValueError:
            return None
        return cls(token, return_to) if token else None

    def _made(self, name: str) -> str:
        return _base64(hmac.digest(self.token.encode(), name.encode(), "sha256"))


class CodeFlow:
    """``settings`` have the client that this installation is at the provider."""

    def __init__(self, tokens: TokenVerifier, settings: Settings, cookies: Cookies) -> None:
        self._tokens, self._settings, self._cookies = tokens, settings, cookies

    async def begin(self, response: Response, return_to: str) -> str:
        """Where the browser is sent. What must come back with it is kept by the browser alone, in a cookie."""
        published = await self._tokens.issuer.published()
        login = Login(secrets.token_urlsafe(32), return_to)
        self._cookies.put(response, "login", login.as_cookie(), LIFETIME)
        asked = {
            "response_type": "code", "client_id": self._settings.oidc_client_id, "redirect_uri": self._redirect_uri,
            "scope": self._settings.oidc_login_scope, "state": login.state, "nonce": login.nonce,
            "code_challenge": challenge(login.verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        separator = "&" if "?" in published.authorization_endpoint else "?"
        return f"{published.authorization_endpoint}{separator}{urlencode(asked)}"

    async def end(self, request: Request) -> tuple[Principal, str]:
        """Who came back, and where they were going, as the browser says: that is to be checked again.

        Raises ``BadRequest`` for a login that was not begun by this browser or that the provider refused,
        ``BadToken``, and ``IssuerUnavailable``.
        """
        begun = Login.from_cookie(self._cookies.get(request, "login") or "")
        state = request.query_params.get("state", "")
        if begun is None or not hmac.compare_digest(begun.state.encode(), state.encode()):
            raise BadRequest("This login was not begun here, or too long ago; begin again.")
        if "code" not in request.query_params:
            raise BadRequest("The provider has not let you in.")
        token = await self._redeemed(request.query_params["code"], begun.verifier)
        claims = await self._tokens.claims(token, self._settings.oidc_client_id)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), begun.nonce.encode()):
            raise BadToken("The token was made for another login.")
        return principal_of(claims, self._settings), begun.return_to

    async def _redeemed(self, code: str, verifier: str) -> str:
        """The ID token that a code stands for."""
        client_id, secret = self._settings.oidc_client_id or "", self._settings.oidc_client_secret
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri,
            "client_id": client_id, "code_verifier": verifier,
        }  # fmt: skip
        answer = await self._tokens.issuer.post_token(form, basic_auth(client_id, secret) if secret else None)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise BadRequest("The provider did not take its own code; begin again.")
        return token

    @property
    def _redirect_uri(self) -> str:
        return f"{self._settings.base_url}/login/callback"


def basic_auth(client_id: str, secret: str) -> httpx.BasicAuth:
    """Of a client: both are form-urlencoded first (RFC 6749 §2.3.1)."""
    return httpx.BasicAuth(quote_plus(client_id), quote_plus(secret))


def challenge(verifier: str) -> str:
    """RFC 7636 §4.2, ``S256``."""
    return _base64(hashlib.sha256(verifier.encode()).digest())


def _base64(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).decode().rstrip("=")
