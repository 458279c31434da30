"""``work.evidence`` also carries the work itself: what was to be done, accepted, measured, coached and made a habit.

Of everybody, whether they learned or not: comparison needs those who did not.
"""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.contracts.base import EventData, EventRef, Moment, Name, PersonRef, contract
from praxis_events.contracts.evidence import TaskRef
from praxis_events.contracts.programme.terms import Minutes, PersonOrUnit, Skills
from praxis_events.topics import EVIDENCE

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


@contract("praxis.work.task-eligible.v1", EVIDENCE)
class TaskEligible(EventData):
    """A task in which the skill could be used: the denominator of tasks done with it."""

    task: TaskRef
    skill: Name
    person: PersonRef
    from_: Moment = Field(alias="from")
    due_at: Moment | None = None

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _due_later(self) -> Self:
        if self.due_at is not None and self.due_at < self.from_:
            raise PydanticCustomError("due_earlier", "due_at must not be earlier than from")
        return self


@contract("praxis.work.task-accepted.v1", EVIDENCE)
class TaskAccepted(EventData):
    """``rounds``: of review until it was accepted, 1 when it was at once. ``errors`` found of ``opportunities``."""

    task: TaskRef
    person: PersonRef
    skills: Skills | None = None
    accepted_at: Moment
    accepted_by: PersonRef | None = None
    rounds: Annotated[int, Field(ge=1, le=10_000)] | None = None
    worked_minutes: Minutes | None = None
    errors: Count | None = None
    opportunities: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None

    @model_validator(mode="after")
    def _errors_of_opportunities(self) -> Self:
        if self.errors is not None and self.opportunities is not None and self.errors > self.opportunities:
            raise PydanticCustomError("errors", "errors must not be more than opportunities")
        return self


@contract("praxis.work.outcome-measured.v1", EVIDENCE)
class OutcomeMeasured(PersonOrUnit):
    """``value`` of ``measure`` between ``from`` and ``to``, for each ``per`` where that is given."""

    measure: Name
    from_: Moment = Field(alias="from")
    to: Moment
    value: float
    per: Name | None = None
    source: Name

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to <= self.from_:
            raise PydanticCustomError("ends_earlier", "to must be later than from")
        return self


@contract("praxis.work.coaching-held.v1", EVIDENCE)
class CoachingHeld(EventData):
    coach: PersonRef
    learner: PersonRef
    at: Moment
    minutes: Minutes | None = None
    skill: Name | None = None

    @model_validator(mode="after")
    def _of_another(self) -> Self:
        if self.coach == self.learner:
            raise PydanticCustomError("own_coach", "coach must be somebody else than learner")
        return self


@contract("praxis.work.habit-done.v1", EVIDENCE)
class HabitDone(EventData):
    person: PersonRef
    habit: Name
    at: Moment
    minutes: Minutes | None = None


@contract("praxis.work.rescinded.v1", EVIDENCE)
class WorkRescinded(EventData):
    """Undoes one earlier ``work`` event, whenever it arrives."""

    event: EventRef
    reason: Name
