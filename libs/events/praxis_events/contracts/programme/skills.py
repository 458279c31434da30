"""What the programme teaches for: skills, what teaches them, and who needs them."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from praxis_events.contracts.base import EventData, Iri, Moment, Name, PersonRef, contract
from praxis_events.contracts.evidence import Kind
from praxis_events.contracts.programme.terms import SkillLevels, Skills, Text, ends_later
from praxis_events.topics import PROGRAMME


class Alignment(EventData):
    """The same skill in a published framework: ESCO, O*NET, CASE (Open Badges 3.0, Alignment)."""

    target_name: Name
    target_url: Iri


@contract("praxis.programme.skill-defined.v1", PROGRAMME)
class SkillDefined(EventData):
    skill: Name
    name: Name
    description: Text | None = None
    family: Name | None = None
    alignments: Annotated[list[Alignment], Field(max_length=100)] | None = None
    owner: PersonRef


@contract("praxis.programme.activity-mapped.v1", PROGRAMME)
class ActivityMapped(EventData):
    """What an activity teaches, as a person has confirmed. The map in force at a completion is what counts for it."""

    activity: Iri
    skills: SkillLevels
    from_: Moment | None = Field(default=None, alias="from")
    until: Moment | None = None
    confirmed_by: PersonRef

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        ends_later(self.from_, self.until)
        return self


@contract("praxis.programme.role-profiled.v1", PROGRAMME)
class RoleProfiled(EventData):
    """What a role requires. ``family`` is the one that counts for mobility."""

    role: Name
    family: Name
    required: SkillLevels
    owner: PersonRef


class PlanStep(EventData):
    """``evidence``: the kinds that show it."""

    skills: Skills
    evidence: Annotated[list[Kind], Field(min_length=1, max_length=5)]
    responsibility: Name | None = None


@contract("praxis.programme.plan-published.v1", PROGRAMME)
class PlanPublished(EventData):
    """A career pathway: steps in their order, linked to a promotion or not."""

    plan: Name
    name: Name
    steps: Annotated[list[PlanStep], Field(min_length=1, max_length=100)]
    for_role: Name | None = None
    owner: PersonRef
