from collections.abc import AsyncIterator

import pytest

from praxis_service.settings import Settings
from tests.services.ingest.events.serving import Serving, serving


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, max_body_bytes=2_000_000, max_batch=10)


@pytest.fixture
async def door(settings: Settings) -> AsyncIterator[Serving]:
    async with serving(settings) as found:
        yield found
