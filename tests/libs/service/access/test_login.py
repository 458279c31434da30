"""Browsers: signing in by a credential and at a real OpenID provider, and what must not be possible."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from praxis_service import credentials
from praxis_service.access.code_flow import Login, challenge
from praxis_service.access.login_routes import return_path
from praxis_service.access.pairs import FAILURES
from praxis_service.database import engine_for
from praxis_service.problem import BadRequest
from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, SECRET, Installation, installation
from tests.fixtures.oidc import AUDIENCE, Provider

HERE = "http://praxis.example.org"


@asynccontextmanager
async def serving(database_url: str, public_url: str = HERE, **given: Any) -> AsyncIterator[Installation]:
    settings = Settings(database_url=database_url, public_url=public_url, **given)
    async with installation(settings, [], workers=False) as praxis:
        yield praxis


@asynccontextmanager
async def browsing(praxis: Installation, at: str = HERE) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(praxis.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=at, headers={"Origin": at}) as client:
        yield client


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with serving(database_url) as running:
        yield running


@pytest.fixture
async def browser(praxis: Installation) -> AsyncIterator[httpx.AsyncClient]:
    async with browsing(praxis) as client:
        yield client


async def sign_in(browser: httpx.AsyncClient, secret: str = SECRET, return_to: str = "/docs") -> httpx.Response:
    page = await browser.get("/login", params={"return_to": return_to})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    [csrf] = re.findall(r'name="csrf" value="([^"]+)"', page.text)
    [kept] = re.findall(r'name="return_to" value="([^"]+)"', page.text)
    return await browser.post("/login", data={"key": KEY, "secret": secret, "csrf": csrf, "return_to": kept})


async def test_a_session_lasts_from_login_to_logout(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/session")).status_code == 401
    entered = await sign_in(browser)
    assert (entered.status_code, entered.headers["location"]) == (303, "/docs")
    [cookie] = [each for each in entered.headers.get_list("set-cookie") if each.startswith("praxis-session=")]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert (await browser.get("/session")).json() == {"key": KEY, "scopes": ["all"], "person": None}
    held = browser.cookies["praxis-session"]
    assert (await browser.post("/logout")).headers["location"] == "/login"
    browser.cookies.set("praxis-session", held)
    assert (await browser.get("/session")).status_code == 401


async def test_a_wrong_secret_is_said_on_the_page_and_often_ones_wait(browser: httpx.AsyncClient) -> None:
    refused = await sign_in(browser, "wrong")
    assert (refused.status_code, "praxis-session" in browser.cookies) == (401, False)
    assert 'role="alert"' in refused.text
    for _ in range(FAILURES):
        refused = await sign_in(browser, "wrong")
    assert (refused.status_code, bool(refused.headers["retry-after"])) == (429, True)


async def test_only_our_own_form_signs_in(praxis: Installation, browser: httpx.AsyncClient) -> None:
    await browser.get("/login")
    for csrf in ("", "made-up"):
        forged = await browser.post("/login", data={"key": KEY, "secret": SECRET, "csrf": csrf})
        assert (forged.status_code, "praxis-session" in browser.cookies) == (400, False)
    async with browsing(praxis) as other:
        answer = await other.post("/login", data={"key": KEY, "secret": SECRET, "csrf": browser.cookies["praxis-form"]})
        assert answer.status_code == 400
    assert (await browser.post("/login", content=b"\xff")).status_code == 400
    assert (await browser.post("/login", content=b"x" * 20_000)).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 201),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": ""}, 400),
        ({"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, 400),
        ({"Origin": "", "Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "", "Sec-Fetch-Site": "same-site"}, 400),
    ],
)
async def test_another_sites_page_changes_nothing(
    browser: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    await sign_in(browser)
    answer = await browser.post("/keys", json={"scopes": ["kpis/read"]}, headers=headers)
    assert answer.status_code == status, answer.text
    if status != 201:
        assert (await browser.post("/logout", headers=headers)).status_code == 400
        assert (await browser.get("/session", headers=headers)).status_code == 200


async def test_a_session_ends_with_its_credential_and_with_its_time(
    database_url: str, browser: httpx.AsyncClient
) -> None:
    engine = engine_for(database_url, pool_size=1)
    await sign_in(browser)
    assert await credentials.revoke(engine, KEY, by="test")
    assert (await browser.get("/session")).status_code == 401
    await credentials.create(engine, ["all"], KEY, SECRET)
    assert (await browser.get("/session")).status_code == 401  # made again, it revives no session
    await sign_in(browser)
    await credentials.ensure(engine, ["all"], KEY, SECRET)
    assert (await browser.get("/session")).json()["scopes"] == ["all"]
    await credentials.ensure(engine, ["all"], KEY, "another")
    assert (await browser.get("/session")).status_code == 401
    await credentials.create(engine, ["kpis/read"], KEY, SECRET)
    await sign_in(browser)
    assert (await browser.get("/session")).json()["scopes"] == ["kpis/read"]
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE access.sessions SET expires_at = now() - interval '1 second'"))
    assert (await browser.get("/session")).status_code == 401
    await engine.dispose()


async def test_who_had_the_secret_before_begins_no_session(database_url: str, browser: httpx.AsyncClient) -> None:
    engine = engine_for(database_url, pool_size=1)
    await sign_in(browser)
    await browser.post("/logout")
    await credentials.create(engine, ["all"], KEY, "another")
    assert (await sign_in(browser)).status_code == 401  # for other requests it is remembered for a minute
    await engine.dispose()


async def test_what_has_expired_is_removed_with_the_next_login(
    database_url: str, praxis: Installation, browser: httpx.AsyncClient
) -> None:
    engine = engine_for(database_url, pool_size=1)
    await sign_in(browser)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE access.sessions SET expires_at = now()"))
    async with browsing(praxis) as other:
        await sign_in(other)
        assert (await other.get("/session")).status_code == 200
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM access.sessions")) == 1
    await engine.dispose()


async def test_by_https_cookies_go_no_other_way(database_url: str) -> None:
    here = "https://praxis.example.org"
    async with serving(database_url, here) as praxis, browsing(praxis, here) as browser:
        entered = await sign_in(browser)
        cookies = [each for each in entered.headers.get_list("set-cookie") if "Max-Age=0" not in each]
        assert [each.startswith("__Host-praxis-session=") and "; Secure" in each for each in cookies] == [True]


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "",
     "/a\r\nSet-Cookie: x=y", "/\t/evil.example", "/a b", "/é", "docs"],
)  # fmt: skip
async def test_nobody_is_sent_elsewhere(path: str) -> None:
    with pytest.raises(BadRequest):
        return_path(path)


async def test_where_to_return_is_checked_at_each_door(browser: httpx.AsyncClient) -> None:
    refused = await browser.get("/login", params={"return_to": "//evil.example"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "return_to")
    assert (await browser.get("/login/provider")).status_code == 404  # there is none
    page = await browser.get("/login", params={"return_to": "/x?a=%22%3E%3Cscript%3E&b='"})
    assert '"><script>' not in page.text
    assert "/login/provider" not in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


@pytest.fixture
async def with_provider(database_url: str, provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    given: dict[str, Any] = {
        "oidc_issuer": provider.url, "oidc_audience": AUDIENCE, "oidc_mail_claim": "email",
        "oidc_roles": {"analyst": ["kpis/read"]}, "oidc_client_id": "browser", "oidc_client_secret": "s3:cret /é",
    }  # fmt: skip
    provider.user("ann", roles=["analyst"], email="ann@example.org", email_verified=True)
    async with serving(database_url, **given) as praxis, browsing(praxis) as browser:
        yield browser


async def begun(browser: httpx.AsyncClient) -> httpx.URL:
    sent = await browser.get("/login/provider", params={"return_to": "/kpis?grain=week"})
    assert sent.status_code == 303
    return httpx.URL(sent.headers["location"])


async def test_somebody_signs_in_at_the_provider(with_provider: httpx.AsyncClient, provider: Provider) -> None:
    browser = with_provider
    page = await browser.get("/login", params={"return_to": "/docs"})
    assert 'href="/login/provider?return_to=/docs"' in page.text
    there = await begun(browser)
    assert str(there).startswith(f"{provider.url}/oauth2/authorize?")
    asked = dict(there.params)
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == f"{HERE}/login/callback"
    entered = await browser.get(await asyncio.to_thread(provider.consent, there, "ann"))
    assert (entered.status_code, entered.headers["location"]) == (303, "/kpis?grain=week")
    assert challenge(provider.form["code_verifier"]) == asked["code_challenge"]
    assert provider.client == ("browser", "s3%3Acret+%2F%C3%A9")  # form-urlencoded (RFC 6749 §2.3.1)
    assert (await browser.get("/session")).json() == {
        "key": "oidc:ann",
        "scopes": ["kpis/read", "own/read"],
        "person": {"mbox": "mailto:ann@example.org"},
    }


async def test_a_login_is_ended_once_and_by_whoever_began_it(
    with_provider: httpx.AsyncClient, provider: Provider
) -> None:
    browser = with_provider
    back = httpx.URL(await asyncio.to_thread(provider.consent, await begun(browser), "ann"))
    held = browser.cookies["praxis-login"]
    browser.cookies.delete("praxis-login")
    assert (await browser.get(back)).status_code == 400  # another browser's
    browser.cookies.set("praxis-login", held, "praxis.example.org")
    wrong = back.copy_set_param("state", "made-up")
    assert (await browser.get(wrong)).status_code == 400
    assert (await browser.get(back)).status_code == 400  # the wrong state has ended it
    assert "praxis-session" not in browser.cookies


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"nonce": "made-up"}, 401),
        ({"client_id": "another"}, 400),
        ({"code_challenge": challenge("another verifier")}, 400),
    ],
)
async def test_a_token_that_was_made_for_another_login_is_not_taken(
    with_provider: httpx.AsyncClient, provider: Provider, changed: dict[str, str], status: int
) -> None:
    there = (await begun(with_provider)).copy_merge_params(changed)
    back = await asyncio.to_thread(provider.consent, there, "ann")
    assert (await with_provider.get(back)).status_code == status
    assert (await with_provider.get("/session")).status_code == 401


async def test_a_login_under_way_leaves_nothing_in_the_database(
    database_url: str, with_provider: httpx.AsyncClient
) -> None:
    engine = engine_for(database_url, pool_size=1)

    async def rows() -> dict[str, int]:
        async with engine.connect() as connection:
            names = await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'access'"))
            return {name: await connection.scalar(text(f"SELECT count(*) FROM access.{name}")) for name in names.all()}

    before = await rows()
    states = {(await begun(with_provider)).params["state"] for _ in range(20)}
    assert (len(states), await rows()) == (20, before)
    await engine.dispose()


@pytest.mark.parametrize("cookie", ["", ".", "made-up", "made-up.%%%", "made-up.L2V2aWw", ".L2RvY3M"])
async def test_a_made_up_cookie_ends_no_login(with_provider: httpx.AsyncClient, cookie: str) -> None:
    back = {"state": (await begun(with_provider)).params["state"], "code": "made-up"}
    with_provider.cookies.set("praxis-login", cookie, "praxis.example.org")
    assert (await with_provider.get("/login/callback", params=back)).status_code == 400


async def test_a_cookie_leads_nowhere_else(with_provider: httpx.AsyncClient, provider: Provider) -> None:
    back = await asyncio.to_thread(provider.consent, await begun(with_provider), "ann")
    token, _, _ = with_provider.cookies["praxis-login"].partition(".")
    with_provider.cookies.set("praxis-login", Login(token, "//evil.example").as_cookie(), "praxis.example.org")
    assert (await with_provider.get(back)).status_code == 400
    assert (await with_provider.get("/session")).status_code == 401


async def test_who_is_not_let_in_there_is_not_let_in_here(with_provider: httpx.AsyncClient) -> None:
    state = (await begun(with_provider)).params["state"]
    answer = await with_provider.get("/login/callback", params={"state": state, "error": "access_denied"})
    assert answer.status_code == 400
    state = (await begun(with_provider)).params["state"]
    assert (await with_provider.get("/login/callback", params={"state": state, "code": "made-up"})).status_code == 400
