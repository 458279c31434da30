"""Bearer tokens of an OpenID provider: signed JSON Web Tokens (RFC 7519, RFC 9068), and who they say is calling."""

from collections.abc import Iterable, Mapping
from typing import Any

import jwt
from jwt.exceptions import InvalidSignatureError, PyJWTError
from pydantic import ValidationError

from praxis_events.contracts.base import PersonRef
from praxis_service.access.issuer import Issuer
from praxis_service.access.principal import Principal
from praxis_service.access.scopes import OWN
from praxis_service.problem import Unauthorized
from praxis_service.settings import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Asymmetric ones only: a public key must never be taken for a shared secret (RFC 8725 §3.1)."""

SUBJECT = "oidc:"
"""What the key of a token's principal begins with; no credential's does."""

MOST_CHARACTERS = 255
"""Of a subject (OpenID Connect Core 1.0 §2)."""

Claims = Mapping[str, Any]


class BadToken(Unauthorized):
    headers = {"WWW-Authenticate": 'Bearer realm="Praxis", error="invalid_token"'}  # noqa: RUF012 (RFC 6750 §3)


class TokenVerifier:
    """Verifies the tokens of one issuer; ``settings`` say for which audience and what their claims mean."""

    def __init__(self, issuer: Issuer, settings: Settings) -> None:
        self.issuer, self._settings = issuer, settings

    async def principal(self, token: str) -> Principal:
        """Raises ``BadToken`` saying what is wrong, and ``IssuerUnavailable``."""
        return principal_of(await self.claims(token, self._settings.oidc_audience), self._settings)

    async def claims(self, token: str, audience: str | None) -> Claims:
        """The claims of a token that this issuer signed for ``audience`` and that is valid now."""
        try:
            header = jwt.get_unverified_header(token)
        except PyJWTError:
            raise BadToken("The bearer token is neither key:secret nor a JSON Web Token.") from None
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise BadToken(f"The token is not signed by one of {', '.join(ALGORITHMS)}.")
        try:
            return await self._verified(token, kid, algorithm, audience)
        except InvalidSignatureError:
            if kid is not None:
                raise BadToken("The token's signature is not its issuer's.") from None
        except PyJWTError as error:
            raise BadToken(f"The token is not valid: {error}.") from None
        await self.issuer.renewed()  # a token that names no key may be signed by a new one
        try:
            return await self._verified(token, kid, algorithm, audience)
        except PyJWTError as error:
            raise BadToken(f"The token is not valid: {error}.") from None

    async def _verified(self, token: str, kid: str | None, algorithm: str, audience: str | None) -> Claims:
        key = await self.issuer.key(kid, algorithm)
        if key is None:
            raise BadToken("The token is signed by a key that its issuer does not publish.")
        found: Claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=audience,
            issuer=self.issuer.url,
            leeway=self._settings.oidc_clock_skew,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
        return found


def principal_of(claims: Claims, settings: Settings) -> Principal:
    """Pure. A role that nobody has mapped gives nothing; whoever the token says is whom may read their own."""
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= MOST_CHARACTERS:
        raise BadToken("The token's subject is not a text of 1 to 255 characters.")
    roles = texts(claim(claims, settings.oidc_role_claim))
    scopes = {scope for role in roles for scope in settings.oidc_roles.get(role, ())}
    return Principal(SUBJECT + subject, frozenset(scopes | {OWN}), person=person_of(claims, settings))


def person_of(claims: Claims, settings: Settings) -> PersonRef | None:
    """The person whom the claims name: by their id if it is there, else by a mail address that was not left unverified.

    Raises ``BadToken`` for a claim that can name nobody.
    """
    number = claim(claims, settings.oidc_person_claim)
    mail = claim(claims, settings.oidc_mail_claim)
    try:
        if number is not None:
            return PersonRef(person_id=number)
        if mail is not None and claims.get("email_verified", True) is True:
            return PersonRef(mbox=f"mailto:{mail}")
    except ValidationError:
        raise BadToken("The token's claim of who the person is cannot be read.") from None
    return None


def claim(claims: Claims, name: str | None) -> Any:
    """A claim by its name, or by its path where it lies in others (``realm_access.roles``); ``None`` without one."""
    if name is None or name in claims:
        return claims.get(name) if name else None
    found: Any = claims
    for step in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found


def texts(found: Any) -> Iterable[str]:
    """A list of texts, or texts between spaces, as ``scope`` has them (RFC 8693 §4.2)."""
    if isinstance(found, str):
        return found.split()
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
