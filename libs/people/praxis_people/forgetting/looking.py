"""Looking through the log for somebody, and appending what replaces the records that mention them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from praxis_events.log import EventLog, NewRecord, Position, Record, record_size
from praxis_events.reading import read_topics
from praxis_events.redaction import replacement
from praxis_events.topics import DIRECTORY, TOPICS
from praxis_people.forgetting.person import Person
from praxis_people.forgetting.pseudonyms import Pseudonyms, new_token
from praxis_people.forgetting.redacting import Redacted, Redactor
from praxis_people.forgetting.who import Directory

APPEND_RECORDS, APPEND_BYTES = 500, 4_000_000

Tell = Callable[[int], None]
"""Gets how many records were read."""

_Place = tuple[str, int, bytes]


@dataclass(slots=True)
class Look:
    """What one reading of the log found.

    ``found``: records to be replaced, in their order within a partition; those without roles only have to keep behind
    another copy of theirs. ``lingering``: records that were replaced and are still there.
    """

    found: list[tuple[Record, Redacted]] = field(default_factory=list)
    lingering: set[Position] = field(default_factory=set)

    @property
    def roles(self) -> Counter[tuple[str, str]]:
        """By topic and role: how many records."""
        return Counter((record.topic, role) for record, each in self.found for role in each.roles)


async def person_in(log: EventLog, asked: str, also: Sequence[str], tell: Tell) -> Person:
    """Who is meant, under every name that the log has for them. Raises ``LookupError``; reads the log repeatedly."""
    directory = Directory()
    async for record in read_topics(log, [DIRECTORY.name]):
        directory.take(record)
    person, foreign = directory.person(asked, also), frozenset[str]()
    while True:
        redactor = Redactor(Pseudonyms(person, new_token()))
        await _read(log, redactor, tell)
        learned = redactor.learned
        foreign |= learned.foreign_names
        known = person.with_mails(learned.mails).with_names((person.names | learned.names) - foreign)
        if known == person:
            return person
        person = known


async def look(log: EventLog, redactor: Redactor, tell: Tell) -> Look:
    return (await _read(log, redactor, tell)).seen()


async def append_replacements(log: EventLog, found: Sequence[tuple[Record, Redacted]], tell: Tell) -> None:
    """Durable on return. The directory last: as long as it is whole, it says who is meant."""
    done = 0
    for is_directory in (False, True):
        for batch in _batches([each for each in found if (each[0].topic == DIRECTORY.name) is is_directory]):
            await log.append(batch)
            tell(done := done + len(batch))


def _batches(found: Sequence[tuple[Record, Redacted]]) -> Iterator[list[NewRecord]]:
    batch: list[NewRecord] = []
    size = 0
    for _, redacted in found:
        batch.append(redacted.record)
        size += record_size(redacted.record)
        if len(batch) >= APPEND_RECORDS or size >= APPEND_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


async def _read(log: EventLog, redactor: Redactor, tell: Tell) -> "Reading":
    reading, count = Reading(redactor), 0
    async for record in read_topics(log, [topic.name for topic in TOPICS]):
        reading.take(record)
        count += 1
        if count % 1_000 == 0:
            tell(count)
    tell(count)
    return reading


class Reading:
    """Of each key only the last record counts.

    Consumers keep the first copy of an event in the log. So what is replaced takes its later copies along, in order.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._found: dict[_Place, Redacted] = {}
        self._copies: dict[_Place, dict[_Place, Record]] = {}
        self._lingering: set[Position] = set()

    def take(self, record: Record) -> None:
        place, identity = _place(record, record.key), _place(record, record.key.partition(b"/")[0])
        redacted = self._redactor.redact(record)
        if redacted is not None:
            self._found[place] = redacted
        elif self._found.pop(place, None) is None and identity not in self._copies:
            return
        copies = self._copies.setdefault(identity, {})
        if (before := copies.get(place)) is not None:
            self._lingering.add(Position(before.topic, before.partition, before.offset))
        copies[place] = record

    def seen(self) -> Look:
        found: list[tuple[Record, Redacted]] = []
        for copies in self._copies.values():
            behind = False
            last = -1
            for place, record in sorted(copies.items(), key=lambda each: each[1].place):
                redacted = self._found.get(place)
                behind = behind or redacted is not None or record.offset < last
                last = max(last, record.offset)
                if behind:
                    found.append((record, redacted or _same(record)))
        found.sort(key=lambda each: (*each[0].topic_partition, each[0].place))
        return Look(found, self._lingering)


def _same(record: Record) -> Redacted:
    """A later copy must stay a later copy: the first in the log wins, so none may be overtaken by its forerunner."""
    return Redacted(replacement(record, record.value, record.headers, {}, changed=False), frozenset(), own=False)


def _place(record: Record, key: bytes) -> _Place:
    return record.topic, record.partition, key
