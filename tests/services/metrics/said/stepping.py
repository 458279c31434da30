"""The directory and what was said, applied record by record in transactions of their own, without a runner."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from praxis_events.clock import system_clock
from praxis_events.log import NewRecord, Record
from praxis_events.topics import DIRECTORY
from praxis_metrics.changes import Change, Source
from praxis_metrics.directory import Directory
from praxis_metrics.said.projection import Events
from tests.services.metrics.world import World

_NOTED = text("DELETE FROM changes RETURNING source, first_day, last_day")


@dataclass
class Steps:
    world: World
    offset: int = 0
    directory: Directory = field(init=False)
    events: Events = field(init=False)

    def __post_init__(self) -> None:
        self.directory, self.events = Directory(self.world.zone), Events(self.world.database.sessions, self.world.zone)

    async def take(self, *records: NewRecord) -> list[Change]:
        """What the projections noted, each range once."""
        appended_ms = int(system_clock().timestamp() * 1_000)
        for new in records:
            self.offset += 1
            record = Record(new.topic, new.partition, self.offset, new.key, new.value, new.headers, appended_ms)
            for projection in (self.directory, self.events):
                if new.topic == DIRECTORY.name or projection is self.events:
                    await self._apply(projection, record)
        async with self.world.database.sessions.begin() as session:
            rows = await session.execute(_NOTED)
            return sorted({Change(Source(source), *days) for source, *days in rows})

    async def _apply(self, projection: Any, record: Record) -> None:
        item = projection.decode(record)
        if item is not None:
            async with self.world.database.sessions.begin() as session:
                await projection.apply(session, [item])

    async def rows(self, query: str) -> Sequence[Any]:
        async with self.world.database.sessions() as session:
            return (await session.execute(text(query))).all()
