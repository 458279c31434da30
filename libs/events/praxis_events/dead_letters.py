"""Dead letters: the position and the code of a record that a projection could not take, and none of its text."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from praxis_events.clock import Clock
from praxis_events.contracts.base import EventData, canonical
from praxis_events.contracts.dead_letter import RecordRejected, RecordRetried
from praxis_events.envelope import Event
from praxis_events.log import EventLog, Record, TopicPartition
from praxis_events.reading import read_topic
from praxis_events.topics import DEAD_LETTERS
from praxis_events.upcasting import UnknownVersion, newest

SOURCE = "praxis/projections"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """``at``: when it was first written. ``retried``: the projection has taken the record since."""

    id: str
    projection: str
    partition: TopicPartition
    offset: int
    code: str
    at: datetime | None
    retried: bool


class DeadLetters:
    def __init__(self, log: EventLog, clock: Clock) -> None:
        self._log, self._clock = log, clock

    async def put(self, projection: str, record: Record, code: str) -> None:
        """Durable on return. The same position written twice is one dead letter (same id)."""
        data = RecordRejected(
            projection=projection, topic=record.topic, partition=record.partition, offset=record.offset, code=code
        )
        await self._append("record-rejected", letter_id(projection, record.topic_partition, record.offset), data)

    async def mark_retried(self, letter: DeadLetter) -> None:
        topic, partition = letter.partition
        data = RecordRetried(projection=letter.projection, topic=topic, partition=partition, offset=letter.offset)
        await self._append("record-retried", f"{letter.id}/retried", data)

    async def all(self) -> list[DeadLetter]:
        """Every dead letter in the order in which they were first written."""
        found: dict[str, DeadLetter] = {}
        retried: set[str] = set()
        async for record in read_topic(self._log, DEAD_LETTERS.name):
            event, data = _read(record)
            if isinstance(data, RecordRetried):
                retried.add(event.id.removesuffix("/retried"))
            elif isinstance(data, RecordRejected):
                partition = TopicPartition(data.topic, data.partition)
                letter = DeadLetter(event.id, data.projection, partition, data.offset, data.code, event.time, False)
                found.setdefault(event.id, letter)
        return [
            DeadLetter(each.id, each.projection, each.partition, each.offset, each.code, each.at, each.id in retried)
            for each in found.values()
        ]

    async def _append(self, name: str, id_: str, data: EventData) -> None:
        event = Event(
            id=id_,
            source=SOURCE,
            type=f"praxis.log.{name}.v1",
            data=msgspec.json.encode(canonical(data)),
            time=self._clock(),
        )
        await self._log.append([event.to_record(DEAD_LETTERS.name)])


def _read(record: Record) -> tuple[Event, EventData | None]:
    """``None`` for what this code doesn't know: projections read letters too, and must not stop at a newer one."""
    event = Event.from_record(record)
    try:
        found = newest(event)
    except UnknownVersion:
        return event, None
    return event, found[1] if found else None


def letter_id(projection: str, partition: TopicPartition, offset: int) -> str:
    return f"{projection}/{partition.topic}/{partition.partition}/{offset}"
