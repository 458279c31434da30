"""The runner's tests run on both logs, as the contract does."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker

from praxis_events.checkpoint import CHECKPOINTS
from praxis_events.log import EventLog
from praxis_events.topics import DEAD_LETTERS
from praxis_service.database import engine_for
from tests.contract.conftest import adapter, log, new_topic, topic
from tests.libs.events.projecting import EFFECTS, Projecting

__all__ = ["adapter", "log", "new_topic", "projecting", "topic"]


@pytest.fixture
async def projecting(log: EventLog, topic: str, database_url: str) -> AsyncIterator[Projecting]:
    """Empty tables beside an empty topic with three partitions."""
    await log.ensure_topics([DEAD_LETTERS])
    engine = engine_for(database_url, pool_size=10)
    async with engine.begin() as connection:
        await connection.run_sync(CHECKPOINTS.create)
        await connection.exec_driver_sql(EFFECTS)
    yield Projecting(log, topic, async_sessionmaker(engine, expire_on_commit=False))
    await engine.dispose()
