"""One installation with half a year of figures and one browser, both real, for all tests here."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, StorageState, async_playwright

from praxis_embedded.hosted import services
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_service.database import open_service
from praxis_service.settings import Settings
from tests.browser.organisation import publish
from tests.fixtures.installation import KEY, SECRET, Installation, installation
from tests.fixtures.listening import listening

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Site:
    """Where Praxis is; ``page`` is of somebody who is signed in, ``complaints`` what its console has said."""

    url: str
    praxis: Installation
    page: Page
    complaints: list[str]

    async def open(self, path: str) -> None:
        answer = await self.page.goto(self.url + path)
        assert answer is not None
        assert answer.ok, (path, answer.status)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, or the one that ``PRAXIS_CHROMIUM`` names. Without one these tests fail."""
    found = os.environ.get("PRAXIS_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.fail("browser tests need Chromium: apt-get install chromium, or name it by PRAXIS_CHROMIUM")
    async with async_playwright() as playwright:
        # Chromium's sandbox refuses root, and pages here are our own.
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def served(postgres: EmbeddedPostgres) -> AsyncIterator[tuple[str, Installation]]:
    await postgres.ensure_database("browser")
    settings = Settings(database_url=postgres.url("browser"))
    async with installation(settings, services([]), workers=False) as praxis, listening(praxis.app) as url:
        metrics = await open_service(settings.database_url, "metrics", pool_size=1)
        async with metrics.sessions.begin() as session:
            await publish(session)
        await metrics.close()
        yield url, praxis


@pytest.fixture(scope="session")
async def signed_in(served: tuple[str, Installation], browser: Browser) -> StorageState:
    """The cookies of somebody who has filled in the login's form."""
    url, _ = served
    context = await browser.new_context()
    page = await context.new_page()
    await sign_in(page, url)
    cookies = await context.storage_state()
    await context.close()
    return cookies


async def sign_in(page: Page, url: str) -> None:
    await page.goto(f"{url}/")
    await page.fill("#key", KEY)
    await page.fill("#secret", SECRET)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{url}/")


@pytest.fixture
async def site(served: tuple[str, Installation], browser: Browser, signed_in: StorageState) -> AsyncIterator[Site]:
    """A fresh window; at its end nothing has broken the security policy, and no script has failed."""
    url, praxis = served
    context = await browser.new_context(storage_state=signed_in)
    page = await context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Site(url, praxis, page, complaints)
    assert complaints == []
    await context.close()
