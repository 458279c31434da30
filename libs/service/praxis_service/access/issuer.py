"""What an OpenID provider publishes: its endpoints and its keys (OpenID Connect Discovery 1.0, RFC 7517)."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from praxis_service.problem import Unavailable

FRESH_SECONDS = 3_600.0
"""So long endpoints and keys are used as they were read: a withdrawn key ends within it."""
UNKNOWN_KEY_SECONDS = 15.0
"""So often at most the keys are read again for a key id that nobody knows: whoever makes them up costs no more."""
RETRY_SECONDS = 5.0
"""So long after a failure nothing is asked, and the answer is the same."""
TIMEOUT_SECONDS = 5.0

logger = logging.getLogger(__name__)


class IssuerUnavailable(Unavailable):
    """The provider does not answer, or says what it may not."""


@dataclass(frozen=True, slots=True)
class Published:
    """``keys`` as JSON Web Keys, only those that are for signatures."""

    authorization_endpoint: str
    token_endpoint: str
    keys: tuple[dict[str, Any], ...]
    read_at: float


class Issuer:
    """The provider at ``url``, which is its issuer identifier to the letter."""

    def __init__(self, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.url, self._monotonic = url, monotonic
        self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)
        self._alone = asyncio.Lock()
        self._published: Published | None = None
        self._failed_at: float | None = None

    async def published(self) -> Published:
        """Raises ``IssuerUnavailable`` naming the issuer."""
        return await self._read_since(self._monotonic() - FRESH_SECONDS)

    async def key(self, kid: str | None, algorithm: str) -> PyJWK | None:
        """The key that a token names, or the only one that it may mean; ``None`` when there is none.

        One that is not known may be new: then the keys are read again. Raises ``IssuerUnavailable``.
        """
        found = _matching((await self.published()).keys, kid, algorithm)
        if found is None:
            found = _matching((await self.renewed()).keys, kid, algorithm)
        return found

    async def renewed(self) -> Published:
        """What is published now, or was a few seconds ago."""
        return await self._read_since(self._monotonic() - UNKNOWN_KEY_SECONDS)

    async def post_token(self, form: dict[str, str], auth: httpx.Auth | None) -> dict[str, Any]:
        """What the token endpoint answers, an error too (RFC 6749 §5). Raises ``IssuerUnavailable``."""
        url = (await self.published()).token_endpoint
        try:
            _refuse_unprotected(url)
            answer = await self._client.post(url, data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)
            return dict(answer.json())
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError):
            raise self._unavailable() from None

    async def close(self) -> None:
        await self._client.aclose()

    async def _read_since(self, since: float) -> Published:
        if self._published is not None and self._published.read_at >= since:
            return self._published
        async with self._alone:
            if self._published is not None and self._published.read_at >= since:
                return self._published  # while this waited, somebody else read it
            if self._failed_at is not None and self._monotonic() - self._failed_at < RETRY_SECONDS:
                raise self._unavailable()
            try:
                self._published = await self._read()
            except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, AttributeError) as error:
                self._failed_at = self._monotonic()
                logger.warning("the issuer of tokens does not answer as it should: %s", type(error).__name__)
                raise self._unavailable() from None
            return self._published

    async def _read(self) -> Published:
        found = await self._get(self.url.rstrip("/") + "/.well-known/openid-configuration")
        if found["issuer"] != self.url:
            raise ValueError("another issuer answers")
        keys = await self._get(found["jwks_uri"])
        usable = tuple(key for key in keys["keys"] if key.get("use", "sig") == "sig")
        return Published(str(found["authorization_endpoint"]), str(found["token_endpoint"]), usable, self._monotonic())

    async def _get(self, url: str) -> dict[str, Any]:
        _refuse_unprotected(url)
        answer = (await self._client.get(url)).raise_for_status()
        return dict(answer.json())

    def _unavailable(self) -> IssuerUnavailable:
        return IssuerUnavailable(f"The issuer of tokens, {self.url}, does not answer as it should.")


def _refuse_unprotected(url: str) -> None:
    if not is_protected(url):
        raise ValueError("the address is not protected by TLS")


def is_protected(url: str) -> bool:
    """By TLS; on this machine itself there is nobody in between."""
    parsed = httpx.URL(url)
    return parsed.scheme == "https" or (parsed.scheme == "http" and parsed.host in ("localhost", "127.0.0.1", "::1"))


def _matching(keys: Sequence[dict[str, Any]], kid: str | None, algorithm: str) -> PyJWK | None:
    fitting = [key for each in keys if kid in (None, each.get("kid")) and (key := _for(each, algorithm)) is not None]
    return fitting[0] if len(fitting) == 1 else None


def _for(key: dict[str, Any], algorithm: str) -> PyJWK | None:
    """``None`` for a key of another kind than the algorithm's, or one that is not to be used with it."""
    if key.get("alg", algorithm) != algorithm:
        return None
    try:
        return PyJWK(key, algorithm)
    except PyJWTError:
        return None
