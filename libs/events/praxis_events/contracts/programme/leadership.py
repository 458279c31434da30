"""Leaders who learn in public, and who leads learning where."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.contracts.base import EventData, Moment, Name, PersonRef, contract
from praxis_events.contracts.programme.terms import Day, Minutes, Text, ends_later
from praxis_events.topics import PROGRAMME


@contract("praxis.programme.leader-acted.v1", PROGRAMME)
class LeaderActed(EventData):
    """What others saw a leader do. ``reported_by``: somebody else; without it the sending system saw it.

    ``minutes`` or ``amount`` (in the organisation's currency): what was allocated.
    """

    person: PersonRef
    behaviour: Literal["models", "sponsors", "allocates", "discusses", "celebrates"]
    at: Moment
    reported_by: PersonRef | None = None
    minutes: Minutes | None = None
    amount: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _seen_by_another(self) -> Self:
        if self.reported_by == self.person:
            raise PydanticCustomError("own_report", "reported_by must be somebody else than person")
        return self


@contract("praxis.programme.manager-goal-set.v1", PROGRAMME)
class ManagerGoalSet(EventData):
    manager: PersonRef
    goal: Text
    due_on: Day


@contract("praxis.programme.experiment-shared.v1", PROGRAMME)
class ExperimentShared(EventData):
    """For the feed only: a small failure is as welcome as a success."""

    person: PersonRef
    hypothesis: Text
    outcome: Text
    insight: Text


@contract("praxis.programme.learning-lead-appointed.v1", PROGRAMME)
class LearningLeadAppointed(EventData):
    """Leads rotate: a term has an end."""

    unit: Name
    person: PersonRef
    from_: Moment = Field(alias="from")
    until: Moment

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        ends_later(self.from_, self.until)
        return self
