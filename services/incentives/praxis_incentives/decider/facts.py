"""What the decider takes from the log: who is who, and whose manager; what the programme asks; evidence; and what
people did about cases.

Never a learning statement.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from praxis_events import tracing
from praxis_events.contracts import EventData
from praxis_events.contracts.base import EventRef
from praxis_events.contracts.directory import (
    Hired,
    IdentityLinked,
    IdentityUnlinked,
    Left,
    ManagerChanged,
    PeopleRescinded,
)
from praxis_events.contracts.evidence import EvidenceRescinded, SkillApplied
from praxis_events.contracts.programme import PolicyPublished, ProgrammeRescinded, SystemRegistered
from praxis_events.contracts.reviews import (
    CaseReleased,
    CaseUpheld,
    DecisionAppealed,
    ProposalApproved,
    ProposalDeclined,
)
from praxis_events.envelope import Event, event_key
from praxis_events.log import Record
from praxis_events.times import from_ms
from praxis_events.topics import DIRECTORY, EVIDENCE, PROGRAMME, REVIEWS
from praxis_events.upcasting import newest
from praxis_incentives.policies import read_policy

TOPICS = (DIRECTORY.name, PROGRAMME.name, EVIDENCE.name, REVIEWS.name)
"""In the order in which a batch of several topics is taken: who is who, then what is asked, then what was done, then
what people did about it."""

TAKEN = (
    IdentityLinked,
    IdentityUnlinked,
    Hired,
    Left,
    ManagerChanged,
    PeopleRescinded,
    PolicyPublished,
    SystemRegistered,
    ProgrammeRescinded,
    SkillApplied,
    EvidenceRescinded,
    CaseReleased,
    CaseUpheld,
    ProposalApproved,
    ProposalDeclined,
    DecisionAppealed,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One event with where and when the log took it. ``raw`` is its data as published.

    ``offset`` is where it was read. ``place`` is where it counts: another offset when it was redacted since.
    """

    topic: str
    offset: int
    place: int
    appended_at: datetime
    event: UUID
    source: str
    id: str
    principal: str | None
    data: EventData
    raw: bytes
    undoes: UUID | None = None
    traceparent: str | None = None

    @property
    def order(self) -> tuple[int, int]:
        return TOPICS.index(self.topic), self.offset

    def undone(self, ref: EventRef) -> UUID:
        """The key of the event that this rescission names."""
        return self.undoes or event_key(ref.source, ref.id)


def read_fact(record: Record) -> Fact | None:
    """``None`` for what no decision depends on. Raises ``ValueError`` or ``UnknownVersion``.

    A policy that could not be judged by is refused here: later it would take the evidence with it.
    """
    event = Event.from_record(record)
    found = newest(event)
    if found is None or not isinstance(found[1], TAKEN):
        return None
    if isinstance(found[1], PolicyPublished):
        read_policy(event.data)
    return Fact(
        topic=record.topic,
        offset=record.offset,
        place=record.place,
        appended_at=from_ms(record.placed_ms),
        event=event.key,
        source=event.source,
        id=event.id,
        principal=event.principal,
        data=found[1],
        raw=event.data,
        undoes=event.undoes,
        traceparent=tracing.well_formed(event.traceparent),
    )
