"""Bearer tokens of a real OpenID provider, over HTTP: who is let in as whom, and every way of not being let in."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import jwt
import pytest
from fastapi import Request

from praxis_service import credentials
from praxis_service.access.issuer import FRESH_SECONDS, RETRY_SECONDS, UNKNOWN_KEY_SECONDS, Issuer, is_protected
from praxis_service.access.tokens import BadToken, TokenVerifier, principal_of
from praxis_service.auth import Authenticator
from praxis_service.database import engine_for
from praxis_service.migrations import migrate_access
from praxis_service.settings import Settings
from tests.fixtures.oidc import AUDIENCE, Provider
from tests.libs.service.serving import client_of

ROLES = {"analyst": ["kpis/read"], "lead": ["decisions/read", "cases/decide"]}
NOWHERE = "http://localhost:1"
NO_DATABASE = "postgresql+asyncpg://nobody@localhost:1/nothing"
"""Tokens need none."""


def settings(issuer: str, **changes: Any) -> Settings:
    given = {"oidc_person_claim": "employee", "oidc_mail_claim": "email", "oidc_roles": ROLES} | changes
    return Settings(oidc_issuer=issuer, oidc_audience=AUDIENCE, **given)


class Door:
    """``seconds`` is the time that the issuer's keys age by."""

    def __init__(self, client: httpx.AsyncClient, seconds: list[float]) -> None:
        self.client, self.seconds = client, seconds

    async def ask(self, token: str) -> httpx.Response:
        return await self.client.get("/kpis", headers={"Authorization": f"Bearer {token}"})


@asynccontextmanager
async def door_of(issuer_url: str, database_url: str = NO_DATABASE) -> AsyncIterator[Door]:
    seconds = [1_000.0]
    issuer, engine = Issuer(issuer_url, monotonic=lambda: seconds[0]), engine_for(database_url)
    authenticate = Authenticator(engine, TokenVerifier(issuer, settings(issuer_url)).principal)

    async def endpoint(request: Request) -> dict[str, object]:
        principal = await authenticate(request)
        person = principal.person and principal.person.model_dump(exclude_unset=True)
        return {"key": principal.key, "scopes": sorted(principal.scopes), "person": person}

    async with client_of(("/kpis", endpoint)) as client:
        yield Door(client, seconds)
    await issuer.close()
    await engine.dispose()


@pytest.fixture
async def door(provider: Provider) -> AsyncIterator[Door]:
    async with door_of(provider.url) as door:
        yield door


async def test_the_providers_own_token_lets_somebody_in_as_themselves(provider: Provider, door: Door) -> None:
    provider.user("ann", roles=["analyst"], email="Ann@Example.org", email_verified=True)
    answer = await door.ask(provider.issued("ann"))
    assert answer.json() == {
        "key": "oidc:ann",
        "scopes": ["kpis/read", "own/read"],
        "person": {"mbox": "mailto:Ann@Example.org"},
    }
    provider.asked.clear()
    assert (await door.ask(provider.signed(roles=["analyst"]))).status_code == 200
    assert provider.asked == []  # its keys are known


Forged = Callable[[Provider], str]


def unsigned(provider: Provider) -> str:
    claims = jwt.decode(provider.signed(roles=["analyst"]), options={"verify_signature": False})
    return jwt.encode(claims, "", "none")


def by_the_public_key(provider: Provider) -> str:
    """HS256 with what everybody can read; by hand, since no library lends itself to it."""
    claims = jwt.decode(provider.signed(roles=["analyst"]), options={"verify_signature": False})
    parts = [{"alg": "HS256", "typ": "JWT", "kid": provider.kid()}, claims]
    text = ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts)
    digest = hmac.digest(provider.public_pem().encode(), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def changed(provider: Provider) -> str:
    head, _, signature = provider.signed().split(".")
    _, body, _ = provider.signed(roles=["analyst"]).split(".")
    return f"{head}.{body}.{signature}"


@pytest.mark.parametrize(
    ("forged", "detail"),
    [
        (lambda p: p.signed(aud="elsewhere"), "Audience"),
        (lambda p: p.signed(aud=None), "aud"),
        (lambda p: p.signed(iss="https://elsewhere.example"), "issuer"),
        (lambda p: p.signed(exp=int(time.time()) - 120), "expired"),
        (lambda p: p.signed(exp=None), "exp"),
        (lambda p: p.signed(nbf=int(time.time()) + 120), "not yet valid"),
        (lambda p: p.signed(iat=int(time.time()) + 120), "not yet valid"),
        (lambda p: p.signed(sub=None), "sub"),
        (lambda p: p.signed(sub="x" * 256), "subject"),
        (lambda p: p.signed(employee=7), "who the person is"),
        (lambda p: p.signed(kid="made-up"), "does not publish"),
        (unsigned, "not signed by one of"),
        (by_the_public_key, "not signed by one of"),
        (changed, "signature"),
        (lambda p: "abc", "neither"),
        (lambda p: "a.b.c", "neither"),
        (lambda p: "", "neither"),
    ],
)
async def test_a_bad_token_is_401_and_says_why(provider: Provider, door: Door, forged: Forged, detail: str) -> None:
    answer = await door.ask(forged(provider))
    assert (answer.status_code, detail in answer.json()["detail"]) == (401, True), answer.text
    assert answer.headers["www-authenticate"] == 'Bearer realm="Praxis", error="invalid_token"'


async def test_clocks_may_differ_a_little(provider: Provider, door: Door) -> None:
    now = int(time.time())
    off: list[dict[str, Any]] = [{"exp": now - 30}, {"nbf": now + 30}, {"iat": now + 30}]
    for claims in off:
        assert (await door.ask(provider.signed(roles=["analyst"], **claims))).status_code == 200


async def test_a_role_that_is_not_mapped_opens_nothing(provider: Provider, door: Door) -> None:
    answer = await door.ask(provider.signed(roles=["all", "stranger"]))
    assert (answer.status_code, "'oidc:ann' lacks" in answer.json()["detail"]) == (403, True)


async def test_a_new_key_is_found_and_the_one_before_ends_within_the_hour(provider: Provider, door: Door) -> None:
    before = provider.signed(roles=["analyst"])
    assert (await door.ask(before)).status_code == 200
    provider.rotate()
    door.seconds[0] += UNKNOWN_KEY_SECONDS + 1
    assert (await door.ask(provider.signed(roles=["analyst"]))).status_code == 200
    assert (await door.ask(before)).status_code == 401
    provider.user("ann", roles=["analyst"])
    provider.rotate()
    door.seconds[0] += FRESH_SECONDS + 1
    assert (await door.ask(provider.issued("ann"))).status_code == 200


async def test_a_token_that_names_no_key_may_be_signed_by_a_new_one(provider: Provider, door: Door) -> None:
    provider.user("ann", roles=["analyst"])
    assert (await door.ask(provider.issued("ann"))).status_code == 200
    provider.rotate()
    door.seconds[0] += UNKNOWN_KEY_SECONDS + 1
    assert (await door.ask(provider.issued("ann"))).status_code == 200


async def test_made_up_keys_make_nobody_ask_the_provider_again_and_again(provider: Provider, door: Door) -> None:
    await door.ask(provider.signed())
    provider.asked.clear()
    door.seconds[0] += UNKNOWN_KEY_SECONDS + 1
    for number in range(5):
        assert (await door.ask(provider.signed(kid=f"made-up-{number}"))).status_code == 401
    assert provider.asked == ["/.well-known/openid-configuration", "/jwks"]


async def test_an_issuer_that_does_not_answer_is_503_and_named(database_url: str, provider: Provider) -> None:
    await migrate_access(database_url)
    async with door_of(NOWHERE, database_url) as door:
        answer = await door.ask(provider.signed(roles=["analyst"]))
        assert (answer.status_code, NOWHERE in answer.json()["detail"]) == (503, True)
        assert answer.headers["retry-after"]
        engine = engine_for(database_url)
        key, secret = await credentials.create(engine, ["kpis/read"])
        await engine.dispose()
        assert (await door.ask(f"{key}:{secret}")).status_code == 200  # credentials need no issuer


async def test_another_issuer_at_the_address_is_not_believed(provider: Provider) -> None:
    """To the letter (OpenID Connect Discovery 1.0 §4.3)."""
    async with door_of(provider.url + "/") as door:
        assert (await door.ask(provider.signed(roles=["analyst"]))).status_code == 503
        asked = len(provider.asked)
        assert (await door.ask(provider.signed(roles=["analyst"]))).status_code == 503
        assert len(provider.asked) == asked  # not every request waits for it
        door.seconds[0] += RETRY_SECONDS
        await door.ask(provider.signed(roles=["analyst"]))
        assert len(provider.asked) > asked


@pytest.mark.parametrize(
    ("url", "protected"),
    [("https://id.example", True), ("http://localhost:1", True), ("http://id.example", False), ("file:///x", False)],
)
def test_keys_are_read_over_tls(url: str, protected: bool) -> None:
    assert is_protected(url) is protected


def test_claims_are_read_where_they_are() -> None:
    claims = {
        "sub": "ann", "realm_access": {"roles": ["lead", 7]}, "https://x.example/who": "p-1", "scp": "analyst other",
        "email": "ann@example.org", "email_verified": False,
    }  # fmt: skip

    def read(**changes: Any) -> Any:
        return principal_of(claims, settings(NOWHERE, **changes))

    assert read(oidc_role_claim="realm_access.roles").scopes == {"decisions/read", "cases/decide", "own/read"}
    assert read(oidc_role_claim="scp").scopes == {"kpis/read", "own/read"}
    assert read(oidc_role_claim="sub.roles").scopes == {"own/read"}
    assert read(oidc_person_claim="https://x.example/who").person.person_id == "p-1"
    assert read(oidc_person_claim=None).person is None  # the address is not verified
    with pytest.raises(BadToken):
        read(oidc_person_claim="realm_access")
