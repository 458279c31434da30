"""Which events are on the log already, and what they say of who is who: a projection of the topics that the door
writes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from praxis_events.envelope import Event
from praxis_events.log import Position, Record
from praxis_events.times import from_ms
from praxis_ingest.events.digest import content_digest
from praxis_ingest.events.judgement import TOPICS
from praxis_ingest.identities.contested import judge_again
from praxis_ingest.identities.saying import Said, said
from praxis_ingest.identities.sightings import note_events
from praxis_people.directory import apply_changes, apply_rescinded

_INSERT = text(
    """
    INSERT INTO events_seen (event, digest, type, topic, partition, "offset")
    SELECT * FROM unnest(CAST(:event AS uuid[]), CAST(:digest AS bytea[]), CAST(:type AS text[]),
                         CAST(:topic AS text[]), CAST(:partition AS int[]), CAST(:offset AS bigint[]))
    ON CONFLICT DO NOTHING
    RETURNING event
    """
)
_FIND = text("SELECT event, digest FROM events_seen WHERE event = ANY(:events)")


@dataclass(frozen=True, slots=True)
class SeenEvent:
    event: UUID
    digest: bytes
    type: str
    position: Position
    appended_at: datetime
    said: Said


class EventsSeen:
    """The first of each (source, id) within a topic, with a digest of its content; later copies change nothing."""

    name = "events"
    topics = tuple(topic.name for topic in TOPICS)
    rebuildable = True
    serial = False

    def decode(self, record: Record) -> SeenEvent:
        event = Event.from_record(record)
        at = Position(record.topic, record.partition, record.place)
        digest = content_digest(event.type, event.data)
        return SeenEvent(event.key, digest, event.type, at, from_ms(record.placed_ms), said(event, record.place))

    async def apply(self, session: AsyncSession, items: Sequence[SeenEvent]) -> None:
        first: dict[UUID, SeenEvent] = {}
        for item in items:
            first.setdefault(item.event, item)
        inserted = await self._insert(session, [first[event] for event in sorted(first)])
        new = [item for event, item in first.items() if event in inserted]
        await note_events(session, ((each.event, each.said.named, each.appended_at) for each in new))
        keys = await apply_changes(session, [each.said.change for each in new if each.said.change is not None])
        keys |= await apply_rescinded(session, [each.said.undone for each in new if each.said.undone is not None])
        await judge_again(session, keys)

    async def _insert(self, session: AsyncSession, rows: Sequence[SeenEvent]) -> set[UUID]:
        columns = {
            "event": [row.event for row in rows],
            "digest": [row.digest for row in rows],
            "type": [row.type for row in rows],
            "topic": [row.position.topic for row in rows],
            "partition": [row.position.partition for row in rows],
            "offset": [row.position.offset for row in rows],
        }
        return set((await session.execute(_INSERT, columns)).scalars())


async def seen_digests(engine: AsyncEngine, events: Collection[UUID]) -> dict[UUID, bytes]:
    """The digests of those ``events`` that the projection has."""
    if not events:
        return {}
    async with engine.connect() as connection:
        rows = await connection.execute(_FIND, {"events": sorted(events)})
        return {event: digest for event, digest in rows}  # noqa: C416 - rows are not pairs to dict()
