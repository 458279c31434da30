"""Policies, and whom and what they trust."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.contracts.base import EventData, Moment, Name, PersonRef, contract
from praxis_events.contracts.evidence import Kind
from praxis_events.contracts.programme.terms import Skills, ends_later
from praxis_events.topics import PROGRAMME

Weight = Annotated[float, Field(ge=0, le=1)]


class PerPerson(EventData):
    times: Annotated[int, Field(ge=1, le=1_000)] = 1
    days: Annotated[int, Field(ge=1, le=36_500)] = 365


class PerEndorser(EventData):
    """So often somebody's endorsements count, whoever and whatever they are about: a policy may ask for less."""

    times: Annotated[int, Field(ge=1, le=4)] = 4
    days: Annotated[int, Field(ge=30, le=730)] = 30


class Weights(EventData):
    """What an item of each kind is worth; a kind that is left out keeps its default."""

    task_completed: Weight = Field(default=0.6, alias="task-completed")
    project_result: Weight = Field(default=0.8, alias="project-result")
    peer_endorsement: Weight = Field(default=0.3, alias="peer-endorsement")
    peer_endorsement_same_team: Weight = Field(default=0.2, alias="peer-endorsement-same-team")
    manager_verification: Weight = Field(default=1.0, alias="manager-verification")
    assessor_validation: Weight = Field(default=1.0, alias="assessor-validation")

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    def of(self, kind: Kind) -> float:
        return float(getattr(self, kind.replace("-", "_")))

    def of_peer(self, *, same_team: bool) -> float:
        """Never more within a team than across."""
        return min(self.peer_endorsement_same_team, self.peer_endorsement) if same_team else self.peer_endorsement


class Criteria(EventData):
    """Floors are rules, not defaults: a policy may ask for more items, actors and artefacts, never for less."""

    weights: Weights = Weights()
    threshold: Annotated[float, Field(gt=0)] = 1.4
    min_items: Annotated[int, Field(ge=2, le=1_000)] = 2
    min_actors: Annotated[int, Field(ge=2, le=1_000)] = 2
    min_artefacts: Annotated[int, Field(ge=2, le=1_000)] = 2
    min_non_peer: Annotated[int, Field(ge=1, le=1_000)] = 1
    max_peer_weight: Annotated[float, Field(ge=0, le=0.5)] = 0.5
    window_days: Annotated[int, Field(ge=1, le=730)] = 90
    per_person: PerPerson = PerPerson()
    per_endorser: PerEndorser = PerEndorser()

    @model_validator(mode="after")
    def _peers_alone_never_suffice(self) -> "Criteria":
        if self.max_peer_weight >= self.threshold:
            raise PydanticCustomError(
                "peers_suffice", "threshold must be above max_peer_weight: peers alone never reach a threshold"
            )
        return self


class Reward(EventData):
    type: Literal["badge", "project-based", "promotion-linked", "social-recognition"]
    name: Name
    description: Name | None = None
    criteria: Name | None = None


@contract("praxis.programme.policy-published.v1", PROGRAMME)
class PolicyPublished(EventData):
    """A policy version. Policies change forwards only: nothing granted is judged by a later version."""

    policy: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    owner: PersonRef
    skills: Annotated[list[Name], Field(min_length=1)]
    criteria: Criteria = Criteria()
    reward: Reward
    effective_from: Moment


@contract("praxis.programme.system-registered.v1", PROGRAMME)
class SystemRegistered(EventData):
    """An artefact in a learning system is no evidence of application (a quiz posted as a task)."""

    system: Name
    kind: Literal["work", "learning"]


@contract("praxis.programme.assessor-appointed.v1", PROGRAMME)
class AssessorAppointed(EventData):
    """Who may validate these skills, and how long."""

    person: PersonRef
    skills: Skills
    from_: Moment = Field(alias="from")
    until: Moment | None = None

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _ends_later(self) -> "AssessorAppointed":
        ends_later(self.from_, self.until)
        return self
