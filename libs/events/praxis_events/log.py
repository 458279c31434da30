"""The ``EventLog`` port: append durably, read in order, say where the log ends.

Two adapters pass one contract suite (``tests/contract``): ``KafkaLog`` for production, ``PostgresLog`` for one
machine. Offsets grow within a partition and may have gaps (compaction, transaction markers): compare positions, never
count them.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import NamedTuple, Protocol, Self

Headers = tuple[tuple[str, bytes], ...]

ORIGIN = "ce_origin"
ORIGIN_TIME = "ce_origintime"
"""The first headers of a record that stands for an earlier one: the offset of that one, and its ``appended_ms``."""


class TopicPartition(NamedTuple):
    topic: str
    partition: int


class Position(NamedTuple):
    """Where a record is. ``offset + 1`` is the position to resume from."""

    topic: str
    partition: int
    offset: int


class NewRecord(NamedTuple):
    """A record to append. ``key`` is unique to this append: compaction must never drop another's record."""

    topic: str
    partition: int
    key: bytes
    value: bytes
    headers: Headers


class Record(NamedTuple):
    """A record as read. ``appended_ms`` is the log's own clock at the append, in milliseconds since 1970 (UTC)."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Headers
    appended_ms: int

    @property
    def topic_partition(self) -> TopicPartition:
        return TopicPartition(self.topic, self.partition)

    @property
    def moved(self) -> bool:
        """Whether it stands for an earlier record with its key."""
        return bool(self.headers) and self.headers[0][0] == ORIGIN

    @property
    def place(self) -> int:
        """The offset at which it counts: its own, or that of the record which it stands for."""
        return int(self.headers[0][1]) if self.moved else self.offset

    @property
    def placed_ms(self) -> int:
        """When what it says was appended first."""
        return int(self.headers[1][1]) if self.moved else self.appended_ms

    def header(self, name: str) -> str | None:
        for key, value in self.headers:
            if key == name:
                return value.decode()
        return None


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and its configuration. Partition counts are fixed for a topic's generation."""

    name: str
    partitions: int
    max_record_bytes: int = 1_000_000


Positions = Mapping[TopicPartition, int]
Locate = Callable[[Collection[TopicPartition]], Awaitable[Positions]]
"""Asked whenever partitions are assigned: the next offset to read of each. One left out is not read."""


class LogError(Exception):
    """Base of what the log raises. Its message names topics, positions and codes, never what a record holds."""


class LogUnavailable(LogError):
    """The log did not acknowledge or answer in time. Whether it appended is unknown: repeat the same ids."""


class RecordTooLarge(LogError):
    """A record exceeds its topic's ``max_record_bytes`` (key, value and headers). Nothing of the call was appended."""

    def __init__(self, index: int, size: int, limit: int) -> None:
        super().__init__(f"record {index} has {size} bytes; its topic takes at most {limit}")
        self.index, self.size, self.limit = index, size, limit


class Subscription(Protocol):
    """A reader of some topics. One task uses it at a time."""

    async def fetch(self, max_records: int, timeout: float) -> dict[TopicPartition, list[Record]]:
        """Up to ``max_records`` next records by partition, in order; empty after ``timeout`` seconds without any.

        Raises ``LogUnavailable`` when the log cannot be read; the next call tries again.
        """
        ...

    def positions(self) -> Positions:
        """Of every partition read now: the next offset to be returned, past any gap that was skipped."""
        ...

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """The next record read of ``partition`` is the first at or after ``offset``. Ignored when not assigned."""
        ...

    def pause(self, partition: TopicPartition) -> None: ...

    def resume(self, partition: TopicPartition) -> None: ...

    def follow(self, positions: Positions) -> None:
        """Tell lag tools how far this group has come (Kafka's group offsets). Never read back; never raises."""
        ...

    async def close(self) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class EventLog(Protocol):
    async def ensure_topics(self, topics: Iterable[Topic]) -> None:
        """Create what is missing, with its configuration. Raises ``LogError`` when one exists with other partitions."""
        ...

    async def append(self, records: Sequence[NewRecord]) -> list[Position]:
        """Append, durable when this returns; positions in the order of ``records``.

        Records of one call that go to one partition keep their order. Raises ``RecordTooLarge`` before anything is
        appended, and ``LogUnavailable`` when not acknowledged within the adapter's append timeout: then any part of
        the call may have been appended.
        """
        ...

    def subscribe(self, topics: Collection[str], group: str, locate: Locate) -> Subscription:
        """A reader that starts, and restarts after each assignment, where ``locate`` says."""
        ...

    async def end_positions(self, topics: Collection[str]) -> dict[TopicPartition, int]:
        """For every partition the offset after the last acknowledged record. Raises ``LogUnavailable``."""
        ...

    async def compact(self, replaced: Collection[Position], tell: Callable[[int], None] = lambda _: None) -> None:
        """Remove these records, whose keys were appended again, from the log and from its disk.

        ``tell`` gets how many are gone. Raises ``LogError`` when they are not gone in time. Call it again after that,
        or after an interruption, even when none is left to be read: only its return says that the bytes are gone.
        """
        ...

    async def close(self) -> None: ...


def record_size(record: NewRecord) -> int:
    """Bytes of key, value and headers (whose names are ASCII): what ``max_record_bytes`` limits on both adapters."""
    return len(record.key) + len(record.value) + sum(map(len, chain.from_iterable(record.headers)))
