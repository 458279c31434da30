"""The topics of the decider and of its decisions, read side by side, so that each decision meets the facts it knew."""

from collections import deque
from collections.abc import Mapping

from praxis_events.contracts.recognition import DecisionData
from praxis_events.envelope import Event
from praxis_events.log import Record, Subscription, TopicPartition
from praxis_events.topics import DECISIONS
from praxis_events.upcasting import newest
from praxis_incentives.decider.facts import TOPICS, Fact, read_fact
from praxis_incentives.decider.recording import Entry

DECISION_PARTITION = TopicPartition(DECISIONS.name, 0)
PARTITIONS = (DECISION_PARTITION, *(TopicPartition(topic, 0) for topic in TOPICS))

_FULL = 2_000
"""Records of one topic in memory, beyond which it is not read on."""

_FETCH = 1_000


class Recorded:
    """``reader`` follows ``PARTITIONS``. Bounded: a topic that is ahead waits for the others."""

    def __init__(self, reader: Subscription) -> None:
        self._reader = reader
        self._waiting: dict[TopicPartition, deque[Record]] = {each: deque() for each in PARTITIONS}

    async def read(self, timeout: float) -> None:
        """Some more of the log, if there is more. Raises ``LogUnavailable``."""
        for partition, records in self._waiting.items():
            (self._reader.pause if len(records) >= _FULL else self._reader.resume)(partition)
        for partition, fetched in (await self._reader.fetch(_FETCH, timeout)).items():
            self._waiting[partition].extend(fetched)

    def next_decision(self) -> Entry | None:
        """The next decision whose facts are at hand; ``None`` when more has to be read first."""
        if not self._waiting[DECISION_PARTITION]:
            return None
        entry = read_entry(self._waiting[DECISION_PARTITION][0])
        if not all(self._has(partition, known) for partition, known in knew(entry.data).items()):
            return None
        self._waiting[DECISION_PARTITION].popleft()
        return entry

    def facts_before(self, known: Mapping[TopicPartition, int]) -> list[Fact]:
        """The facts that a decision knew and none before it, in the order of places. What is no fact is left out."""
        found: list[Fact] = []
        for partition, end in known.items():
            records = self._waiting[partition]
            while records and records[0].offset < end:
                if (fact := _fact(records.popleft())) is not None:
                    found.append(fact)
        return sorted(found, key=lambda fact: fact.place)

    def position(self) -> int:
        """The offset of the next decision: all before have been given out."""
        waiting = self._waiting[DECISION_PARTITION]
        return waiting[0].offset if waiting else self._reader.positions().get(DECISION_PARTITION, 0)

    def _has(self, partition: TopicPartition, end: int) -> bool:
        records = self._waiting[partition]
        return bool(records and records[-1].offset >= end - 1) or self._reader.positions().get(partition, 0) >= end


def read_entry(record: Record) -> Entry:
    """A decision with its bytes. Raises ``ValueError`` for what is none, and ``UnknownVersion``."""
    found = newest(Event.from_record(record))
    if found is None or not isinstance(found[1], DecisionData):
        raise ValueError(f"{record.topic}@{record.offset} is no decision")
    return Entry(found[1], record.value, record.offset)


def knew(data: DecisionData) -> dict[TopicPartition, int]:
    return {TopicPartition(each.topic, each.partition): each.next_offset for each in data.known}


def _fact(record: Record) -> Fact | None:
    """What could not be read when it was decided on was no fact then, and is none now."""
    try:
        return read_fact(record)
    except ValueError:
        return None
