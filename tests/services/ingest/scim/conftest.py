from collections.abc import AsyncIterator

import pytest

from praxis_service.settings import Settings
from tests.services.ingest.scim.serving import Scim, serving


@pytest.fixture
async def scim(database_url: str) -> AsyncIterator[Scim]:
    async with serving(Settings(database_url=database_url)) as found:
        yield found


@pytest.fixture
async def leaving(database_url: str) -> AsyncIterator[Scim]:
    """Where a deactivated user's employment has ended."""
    async with serving(Settings(database_url=database_url, scim_deactivated="left")) as found:
        yield found
