"""Pathways, who is on them in which cohort, and what things cost."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.contracts.base import EventData, Iri, Moment, Name, PersonRef, contract
from praxis_events.contracts.programme.terms import Currency, Day, KpiName, OneOf, Skills, distinct
from praxis_events.topics import PROGRAMME

Assigned = Literal["chosen", "assigned", "randomised"]
"""How a learner came into a cohort: only of a randomised one may anything be said of causes."""


@contract("praxis.programme.pathway-published.v1", PROGRAMME)
class PathwayPublished(EventData):
    """Activities in their order. ``outcome``: the KPI by which it is compared with others."""

    pathway: Name
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    name: Name
    activities: Annotated[list[Iri], Field(min_length=1, max_length=1_000), AfterValidator(distinct)]
    skills: Skills
    outcome: KpiName
    owner: PersonRef


@contract("praxis.programme.pathway-withdrawn.v1", PROGRAMME)
class PathwayWithdrawn(EventData):
    """Nobody enrols any more; without ``version`` on none of them."""

    pathway: Name
    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    reason: Name | None = None


@contract("praxis.programme.learner-enrolled.v1", PROGRAMME)
class LearnerEnrolled(EventData):
    """Fixes the cohort: whoever is compared later is compared as enrolled (intention to treat)."""

    pathway: Name
    cohort: Name
    learner: PersonRef
    at: Moment
    assigned: Assigned


@contract("praxis.programme.learner-withdrawn.v1", PROGRAMME)
class LearnerWithdrawn(EventData):
    """Leaves the pathway, and stays in the cohort."""

    pathway: Name
    cohort: Name
    learner: PersonRef
    at: Moment
    reason: Name | None = None


class CostSubject(OneOf):
    pathway: Name | None = None
    pilot: Name | None = None
    activity: Iri | None = None


class Period(EventData):
    """Days, both included."""

    from_: Day = Field(alias="from")
    to: Day

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise PydanticCustomError("ends_earlier", "to must not be earlier than from")
        return self


@contract("praxis.programme.cost-recorded.v1", PROGRAMME)
class CostRecorded(EventData):
    """All that it cost in the period, time of learners included. Without it there is no return on investment."""

    about: CostSubject
    amount: Annotated[float, Field(ge=0)]
    currency: Currency
    period: Period
