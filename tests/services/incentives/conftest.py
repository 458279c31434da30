"""A decider on a fresh database and its own log."""

from collections.abc import AsyncIterator

import pytest

from tests.services.incentives.deciding import Deciding, deciding


@pytest.fixture
async def decider(database_url: str) -> AsyncIterator[Deciding]:
    async with deciding(database_url) as ready:
        yield ready
