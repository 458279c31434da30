"""Where a process chooses its log, and imports no more than that one: memory at rest counts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from praxis_events.log import EventLog
from praxis_events.topics import TOPICS
from praxis_service.settings import Settings


@asynccontextmanager
async def open_log(settings: Settings) -> AsyncIterator[EventLog]:
    """The log that the settings name, with its topics made; closed at the end."""
    log: EventLog
    if settings.log == "kafka":
        from praxis_events.kafka_log import KafkaLog

        log = await KafkaLog.open(settings.kafka_bootstrap, append_timeout=settings.append_timeout)
    else:
        from praxis_events.postgres_log import PostgresLog

        log = await PostgresLog.open(settings.database_url, append_timeout=settings.append_timeout)
    try:
        await log.ensure_topics(TOPICS)
        yield log
    finally:
        await log.close()
