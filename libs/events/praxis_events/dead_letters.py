"""Dead letters: the position and the code of a record that a projection could not take, and none of its text."""

import msgspec

from praxis_events.clock import Clock
from praxis_events.contracts.base import canonical
from praxis_events.contracts.dead_letter import RecordRejected
from praxis_events.envelope import Event
from praxis_events.log import EventLog, Record
from praxis_events.topics import DEAD_LETTERS


class DeadLetters:
    def __init__(self, log: EventLog, clock: Clock) -> None:
        self._log, self._clock = log, clock

    async def put(self, projection: str, record: Record, code: str) -> None:
        """Durable on return. The same position written twice is one dead letter (same id)."""
        data = RecordRejected(
            projection=projection, topic=record.topic, partition=record.partition, offset=record.offset, code=code
        )
        event = Event(
            id=f"{projection}/{record.topic}/{record.partition}/{record.offset}",
            source="praxis/projections",
            type="praxis.log.record-rejected.v1",
            data=msgspec.json.encode(canonical(data)),
            time=self._clock(),
        )
        await self._log.append([event.to_record(DEAD_LETTERS.name)])
