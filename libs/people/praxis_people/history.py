"""What the directory says, in both of its times: when something took effect in the world, and when the log heard it.

The log is the order of knowing: a late event, a correction or a rescission changes what is known of the past from its
position on, and leaves what was known before as it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from praxis_events.contracts import EventData
from praxis_events.contracts.directory import PeopleRescinded
from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_events.upcasting import newest


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of ``people.directory``: ``place`` is that of its record in the one partition (``Record.place``).

    ``undone``: of a rescission, the key of the event that it undoes.
    """

    event: UUID
    place: int
    data: EventData
    undone: UUID | None = None


def heard(record: Record) -> Heard | None:
    """``None`` for a type that this code does not know. Raises ``ValueError`` and ``UnknownVersion``."""
    event = Event.from_record(record)
    found = newest(event)
    if found is None:
        return None
    data = found[1]
    undone = event.undone(data.event.source, data.event.id) if isinstance(data, PeopleRescinded) else None
    return Heard(event.key, record.place, data, undone)


def as_known(events: Iterable[Heard], before: int | None = None) -> list[Heard]:
    """The events that stand, in the order of the log, for somebody who has read it up to ``before`` (not included;
    ``None``: all of it).

    Of one event the first copy counts. A rescission takes back an event whether it stands before or after it; it cannot
    be rescinded itself.
    """
    first: dict[UUID, Heard] = {}
    for each in sorted(events, key=lambda each: each.place):
        if before is None or each.place < before:
            first.setdefault(each.event, each)
    undone = {each.undone for each in first.values()}
    return [each for each in first.values() if each.undone is None and each.event not in undone]
