"""Two installations for all tests here: one with all that is planted, one without any of it."""

from collections.abc import AsyncIterator

import pytest

from praxis_embedded.demo.scenario import Effect
from praxis_embedded.postgres import EmbeddedPostgres
from tests.deploy.embedded.demo.installed import Installed, installed


@pytest.fixture(scope="package")
async def planted(postgres: EmbeddedPostgres) -> AsyncIterator[Installed]:
    await postgres.ensure_database("planted")
    async with installed(postgres.url("planted")) as found:
        yield found


@pytest.fixture(scope="package")
async def unplanted(postgres: EmbeddedPostgres) -> AsyncIterator[Installed]:
    await postgres.ensure_database("unplanted")
    async with installed(postgres.url("unplanted"), *Effect) as found:
        yield found
