"""``people.directory``: who is who, who is employed when. Arrival is in any order; ``effective_at`` rules."""

from typing import Annotated, Literal

from pydantic import Field

from praxis_events.contracts.base import EventData, EventRef, Identifier, Moment, Name, PersonId, contract
from praxis_events.topics import DIRECTORY

Identifiers = Annotated[list[Identifier], Field(min_length=1, max_length=100)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@contract("praxis.people.identity-linked.v1", DIRECTORY)
class IdentityLinked(EventData):
    person_id: PersonId
    identifiers: Identifiers


@contract("praxis.people.identity-unlinked.v1", DIRECTORY)
class IdentityUnlinked(EventData):
    person_id: PersonId
    identifiers: Identifiers


@contract("praxis.people.hired.v1", DIRECTORY)
class Hired(EventData):
    person_id: PersonId
    name: Name | None = None
    unit: Name
    role: Name
    grade: Name | None = None
    manager_id: PersonId | None = None
    worker_type: Name | None = None
    fte: Annotated[float, Field(gt=0, le=1)] | None = None
    time_zone: Name | None = None
    working_days: list[Weekday] | None = None
    effective_at: Moment


@contract("praxis.people.left.v1", DIRECTORY)
class Left(EventData):
    person_id: PersonId
    voluntary: bool | None
    effective_at: Moment


@contract("praxis.people.leave-started.v1", DIRECTORY)
class LeaveStarted(EventData):
    person_id: PersonId
    effective_at: Moment


@contract("praxis.people.leave-ended.v1", DIRECTORY)
class LeaveEnded(EventData):
    person_id: PersonId
    effective_at: Moment


@contract("praxis.people.rescinded.v1", DIRECTORY)
class PeopleRescinded(EventData):
    """Undoes one earlier event of this topic, whenever it arrives."""

    event: EventRef
    reason: Name
