"""The topics of the decider and of its decisions, read side by side, so that each decision meets the facts it knew.

A record that was redacted since lies behind others that came after it. So what was moved is collected first, and then
taken at its place.
"""

from bisect import insort
from collections import deque
from collections.abc import Mapping

from praxis_events.contracts.recognition import DecisionData
from praxis_events.envelope import Event
from praxis_events.log import Positions, Record, Subscription, TopicPartition
from praxis_events.redaction import LEAF, is_marker
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
    """``reader`` follows ``PARTITIONS``. Bounded: a topic that is ahead waits for the others; what was redacted is kept
    whole."""

    def __init__(self, reader: Subscription) -> None:
        self._reader = reader
        self._waiting: dict[TopicPartition, deque[Record]] = {each: deque() for each in PARTITIONS}
        self._moved: dict[TopicPartition, list[Record]] = {each: [] for each in PARTITIONS}
        self._start: Positions = {}
        self._collected: Positions = {}

    async def collect(self, start: Positions, ends: Positions, timeout: float) -> None:
        """Look through the log, from ``start`` to ``ends``, for what was moved there; then reading begins at ``start``.

        Raises ``LogUnavailable``.
        """
        self._start = start
        self._moved = {each: [] for each in PARTITIONS}
        self._restart()
        while any(at < ends[each] for each, at in self._reader.positions().items()):
            for fetched in (await self._reader.fetch(_FETCH, timeout)).values():
                for record in fetched:
                    self._keep(record)
        self._collected = self._reader.positions()
        self._restart()

    async def read(self, timeout: float) -> None:
        """Some more of the log, if there is more. Raises ``LogUnavailable``."""
        for partition, records in self._waiting.items():
            (self._reader.pause if len(records) >= _FULL else self._reader.resume)(partition)
        for partition, fetched in (await self._reader.fetch(_FETCH, timeout)).items():
            self._waiting[partition].extend(each for each in fetched if not each.moved and not is_marker(each))
            for record in fetched:
                if record.offset >= self._collected.get(partition, 0):
                    self._keep(record)

    def next_decision(self) -> Entry | None:
        """The next decision whose facts are at hand; ``None`` when more has to be read first."""
        records = self._next(DECISION_PARTITION)
        if not records:
            return None
        entry = read_entry(records[0])
        if not all(self._has(partition, known) for partition, known in knew(entry.data).items()):
            return None
        _take_first(records)
        return entry

    def facts_before(self, known: Mapping[TopicPartition, int]) -> list[Fact]:
        """The facts that a decision knew and none before it, in the order of places. What is no fact is left out."""
        found: list[Fact] = []
        for partition, end in known.items():
            while (records := self._next(partition)) and records[0].place < end:
                if (fact := _fact(_take_first(records))) is not None:
                    found.append(fact)
        return sorted(found, key=lambda fact: (TOPICS.index(fact.topic), fact.place))

    def position(self) -> int:
        """The offset of the next decision: all before have been given out."""
        records = self._next(DECISION_PARTITION)
        return records[0].place if records else self._reader.positions().get(DECISION_PARTITION, 0)

    def _next(self, partition: TopicPartition) -> deque[Record] | list[Record]:
        """Those of which the first one comes next. A redacted record comes before what is left of its original."""
        waiting, moved = self._waiting[partition], self._moved[partition]
        return moved if moved and (not waiting or moved[0].place <= waiting[0].place) else waiting

    def _has(self, partition: TopicPartition, end: int) -> bool:
        records = self._waiting[partition]
        return bool(records and records[-1].offset >= end - 1) or self._reader.positions().get(partition, 0) >= end

    def _keep(self, record: Record) -> None:
        """What stood before the start was taken there already."""
        partition = record.topic_partition
        if record.moved and record.place >= self._start.get(partition, 0):
            insort(self._moved[partition], record, key=lambda each: (each.place, -each.offset))

    def _restart(self) -> None:
        for partition, offset in self._start.items():
            self._waiting[partition].clear()
            self._reader.resume(partition)
            self._reader.seek(partition, offset)


def read_entry(record: Record) -> Entry:
    """A decision with its bytes. Raises ``ValueError`` for what is none, and ``UnknownVersion``."""
    found = newest(Event.from_record(record))
    if found is None or not isinstance(found[1], DecisionData):
        raise ValueError(f"{record.topic}@{record.offset} is no decision")
    leaf = record.header(LEAF)
    return Entry(found[1], record.value, record.place, bytes.fromhex(leaf) if leaf else None)


def knew(data: DecisionData) -> dict[TopicPartition, int]:
    return {TopicPartition(each.topic, each.partition): each.next_offset for each in data.known}


def _take_first(records: deque[Record] | list[Record]) -> Record:
    first = records[0]
    del records[0]
    return first


def _fact(record: Record) -> Fact | None:
    """What could not be read when it was decided on was no fact then, and is none now."""
    try:
        return read_fact(record)
    except ValueError:
        return None
