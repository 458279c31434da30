"""``people.directory``: who is who, who is employed when, as what and under whom, and how people are seen.

Arrival is in any order, also before the person is hired or the unit defined; ``effective_at`` rules.
"""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

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


@contract("praxis.people.unit-defined.v1", DIRECTORY)
class UnitDefined(EventData):
    """A unit's name and place from ``effective_at`` on; without ``parent`` it stands at the top."""

    unit: Name
    name: Name
    parent: Name | None = None
    effective_at: Moment

    @field_validator("parent")
    @classmethod
    def _another_unit(cls, parent: str | None, info: ValidationInfo) -> str | None:
        if parent is not None and parent == info.data.get("unit"):
            raise PydanticCustomError("own_parent", "must be another unit")
        return parent


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


@contract("praxis.people.role-changed.v1", DIRECTORY)
class RoleChanged(EventData):
    person_id: PersonId
    role: Name
    effective_at: Moment


@contract("praxis.people.unit-changed.v1", DIRECTORY)
class UnitChanged(EventData):
    person_id: PersonId
    unit: Name
    effective_at: Moment


@contract("praxis.people.manager-changed.v1", DIRECTORY)
class ManagerChanged(EventData):
    """``manager_id`` is ``None`` for whoever reports to nobody from then on."""

    person_id: PersonId
    manager_id: PersonId | None
    effective_at: Moment


@contract("praxis.people.promoted.v1", DIRECTORY)
class Promoted(EventData):
    """Decided at one moment, in force from another: only what was there before the decision can have led to it."""

    person_id: PersonId
    from_grade: Name
    to_grade: Name
    role: Name | None = None
    decided_at: Moment
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


@contract("praxis.people.performance-rated.v1", DIRECTORY)
class PerformanceRated(EventData):
    """A rating counts as of its cycle's close. ``is_top``: whether it is a top one on the organisation's own scale."""

    person_id: PersonId
    cycle: Name
    cycle_closed_at: Moment
    rating: Name
    is_top: bool


@contract("praxis.people.review-completed.v1", DIRECTORY)
class ReviewCompleted(EventData):
    """A performance conversation. ``cited_evidence``: evidence by the ids that decisions give it, none if none was."""

    person_id: PersonId
    reviewer_id: PersonId
    completed_at: Moment
    cited_evidence: Annotated[list[Name], Field(max_length=1_000)]
    discussed_learning: bool


@contract("praxis.people.opted-out.v1", DIRECTORY)
class OptedOut(EventData):
    """The person is not to appear in the feed, or not to be reminded; rescinding it opts in again."""

    person_id: PersonId
    of: Literal["feed", "reminders"]


@contract("praxis.people.rescinded.v1", DIRECTORY)
class PeopleRescinded(EventData):
    """Undoes one earlier event of this topic, whenever it arrives."""

    event: EventRef
    reason: Name
