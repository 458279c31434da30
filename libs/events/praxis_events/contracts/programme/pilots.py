"""Steps of the loop, and pilots: short, owned, and fixed before they start."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.contracts.base import EventData, Name, PersonRef, contract
from praxis_events.contracts.programme.terms import Day, Filters, KpiName, Planned, Text
from praxis_events.topics import PROGRAMME

Stage = Literal["design", "embed", "measure", "iterate"]


@contract("praxis.programme.step-planned.v1", PROGRAMME)
class StepPlanned(Planned):
    step: Name
    stage: Stage
    owner: PersonRef
    success: Text


@contract("praxis.programme.step-concluded.v1", PROGRAMME)
class StepConcluded(EventData):
    """``met``: whether its success criterion was."""

    step: Name
    concluded_on: Day
    met: bool
    note: Text | None = None


class Metric(EventData):
    """``threshold``: the change from the baseline that counts as success, in the KPI's own unit."""

    kpi: KpiName
    filters: Filters | None = None
    direction: Literal["up", "down"]
    threshold: float
    baseline: float | None = None


class People(EventData):
    """Whom a pilot is about, by a unit, a role, a pathway or a cohort; all that are given must hold."""

    unit: Name | None = None
    role: Name | None = None
    pathway: Name | None = None
    cohort: Name | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.model_dump(exclude_none=True) == {}:
            raise PydanticCustomError("nobody", "must have at least one of unit, role, pathway and cohort")
        return self


def _distinct(metrics: list[Metric]) -> list[Metric]:
    if len({(each.kpi, *sorted((each.filters or {}).items())) for each in metrics}) < len(metrics):
        raise PydanticCustomError("distinct", "must be three different metrics")
    return metrics


@contract("praxis.programme.pilot-registered.v1", PROGRAMME)
class PilotRegistered(Planned):
    """One objective and exactly three metrics, said before it starts and never changed after."""

    pilot: Name
    objective: Text
    metrics: Annotated[list[Metric], Field(min_length=3, max_length=3), AfterValidator(_distinct)]
    owner: PersonRef
    sponsor: PersonRef | None = None
    treated: People
    comparison: People
    success: Text

    @model_validator(mode="after")
    def _compared_with_others(self) -> Self:
        if self.treated == self.comparison:
            raise PydanticCustomError("same_group", "comparison must be another group than treated")
        return self


@contract("praxis.programme.pilot-concluded.v1", PROGRAMME)
class PilotConcluded(EventData):
    """To scale it takes a roll-out step and who owns that; to extend, another pilot that goes on."""

    pilot: Name
    decision: Literal["scale", "stop", "extend"]
    step: Name | None = None
    step_owner: PersonRef | None = None
    extension: Name | None = None
    decided_by: PersonRef
    reason: Text

    @model_validator(mode="after")
    def _with_what_follows(self) -> Self:
        wanted: set[str] = {"scale": {"step", "step_owner"}, "extend": {"extension"}, "stop": set()}[self.decision]
        for name in ("step", "step_owner", "extension"):
            if (getattr(self, name) is not None) != (name in wanted):
                said = "is required to" if name in wanted else "has no place in a decision to"
                context = {"name": name, "said": said, "decision": self.decision}
                raise PydanticCustomError("follows", "{name} {said} {decision}", context)
        if self.extension == self.pilot:
            raise PydanticCustomError("extends_itself", "extension must be another pilot")
        return self
