"""Goals, central standards and where teams depart from them, and the published report."""

from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.contracts.base import EventData, EventRef, Moment, Name, PersonRef, contract, storable
from praxis_events.contracts.programme.terms import Day, Filters, KpiName, OneOf, Quarter, Text
from praxis_events.topics import PROGRAMME


def _value(given: object) -> object:
    """Told here, because of a union pydantic names each way in which it failed."""
    if isinstance(given, str | float | int):
        return given
    raise PydanticCustomError("value", "must be a text, a number, true or false")


Value = Annotated[str | float | bool, BeforeValidator(_value)]


class Intervention(OneOf):
    """What serves a goal."""

    pathway: Name | None = None
    pilot: Name | None = None
    policy: Name | None = None
    habit: Name | None = None


@contract("praxis.programme.goal-set.v1", PROGRAMME)
class GoalSet(EventData):
    """A business goal: a KPI from its baseline to its target, and what is done for it."""

    goal: Name
    kpi: KpiName
    filters: Filters | None = None
    baseline: float
    target: float
    due_on: Day
    owner: PersonRef
    interventions: Annotated[list[Intervention], Field(max_length=100)]

    @model_validator(mode="after")
    def _somewhere_else(self) -> Self:
        if self.target == self.baseline:
            raise PydanticCustomError("no_goal", "target must differ from baseline")
        return self


class Bounds(EventData):
    """Within which a team may depart from a standard."""

    least: float
    most: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most < self.least:
            raise PydanticCustomError("bounds", "most must not be less than least")
        return self


@contract("praxis.programme.standard-set.v1", PROGRAMME)
class StandardSet(EventData):
    """A definition, policy or threshold for all. With ``bounds`` the value is a number within them."""

    id: Name
    about: Name
    value: Value
    bounds: Bounds | None = None
    owner: PersonRef

    @model_validator(mode="after")
    def _within_its_bounds(self) -> Self:
        if self.bounds is None:
            return self
        if isinstance(self.value, bool | str) or not self.bounds.least <= self.value <= self.bounds.most:
            raise PydanticCustomError("out_of_bounds", "value must be a number within bounds")
        return self


@contract("praxis.programme.override-set.v1", PROGRAMME)
class OverrideSet(EventData):
    """A unit departs from the standard ``id``; outside the standard's bounds it has no effect."""

    id: Name
    about: Name
    value: Value
    unit: Name
    owner: PersonRef


@contract("praxis.programme.playbook-published.v1", PROGRAMME)
class PlaybookPublished(EventData):
    """How something is done here. ``about``: the object it belongs to, by its name or IRI."""

    id: Name
    about: Name
    text: Text
    unit: Name | None = None
    owner: PersonRef


class _ReportPublished(EventData):
    quarter: Quarter
    watermark: Moment
    definition_versions: dict[KpiName, Annotated[int, Field(ge=1)]]
    snapshot_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    published_by: PersonRef


@contract("praxis.programme.report-published.v1", PROGRAMME)
class ReportPublishedV1(_ReportPublished):
    """A frozen quarter: how far the log was read, by which definitions, and the hash of what was shown."""

    model_config = ConfigDict(title="ReportPublished")


@contract("praxis.programme.report-published.v2", PROGRAMME)
class ReportPublished(_ReportPublished):
    """A frozen quarter: what was shown too. ``snapshot``: the JSON text of it, as ``GET /reports/{quarter}`` gives it,
    whose SHA-256 is ``snapshot_sha256``; it names no person. Null where only the hash was kept."""

    snapshot: Annotated[str, Field(min_length=2, max_length=400_000), AfterValidator(storable)] | None


@contract("praxis.programme.rescinded.v1", PROGRAMME)
class ProgrammeRescinded(EventData):
    event: EventRef
    reason: Name
