"""The log as it is found at the end, read once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from praxis_events.envelope import Event
from praxis_events.log import EventLog, Record
from praxis_events.reading import read_topic
from praxis_events.statement_records import ID_ASSIGNED
from praxis_events.topics import DEAD_LETTERS, DECISIONS, DIRECTORY, EVIDENCE, PROGRAMME, STATEMENTS
from tests.faults.book import EventName, content, said

EVENT_TOPICS = (DIRECTORY.name, PROGRAMME.name, EVIDENCE.name)


@dataclass(frozen=True, slots=True)
class FoundStatement:
    record: Record
    body: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def said(self) -> str:
        return said(self.body)

    @property
    def id_assigned(self) -> bool:
        return self.record.header(ID_ASSIGNED) is not None

    @property
    def is_probe(self) -> bool:
        return bool(self.body["actor"].get("mbox") == "mailto:probe@example.org")


@dataclass(frozen=True, slots=True)
class FoundEvent:
    record: Record
    event: Event

    @property
    def name(self) -> EventName:
        return self.event.source, self.event.id

    @property
    def content(self) -> str:
        return content(self.event.type, json.loads(self.event.data))


@dataclass(frozen=True, slots=True)
class Found:
    """In log order, at least within what shares an id."""

    statements: list[FoundStatement]
    events: list[FoundEvent]
    decisions: list[FoundEvent]
    dead_letters: list[FoundEvent]

    def first_statements(self) -> dict[str, FoundStatement]:
        """By id, the copy that counts."""
        firsts: dict[str, FoundStatement] = {}
        for each in self.statements:
            firsts.setdefault(each.id, each)
        return firsts

    def of(self, topic: str) -> Iterator[FoundEvent]:
        return (each for each in self.events if each.record.topic == topic)


async def read_log(log: EventLog) -> Found:
    statements = [FoundStatement(record, json.loads(record.value)) async for record in read_topic(log, STATEMENTS.name)]

    async def events(topic: str) -> list[FoundEvent]:
        return [FoundEvent(record, Event.from_record(record)) async for record in read_topic(log, topic)]

    return Found(
        statements,
        [each for topic in EVENT_TOPICS for each in await events(topic)],
        await events(DECISIONS.name),
        await events(DEAD_LETTERS.name),
    )
