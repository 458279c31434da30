"""What ``/pilots`` answers; what is stored of a pilot is the same without the moment of the answer."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from praxis_metrics.programme.governance_schemas import PersonOut, StepOut
from praxis_metrics.programme.pilots.example import EXAMPLE
from praxis_metrics.programme.pilots.states import State
from praxis_metrics.programme.pilots.verdict import Decision, Verdict
from praxis_metrics.schemas import IntervalOut


class DaysOut(BaseModel):
    """Both included."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]


class PeriodsOut(BaseModel):
    """Of one length, one after the other."""

    earlier: DaysOut
    before: DaysOut
    during: DaysOut


class GroupOut(BaseModel):
    """``people``: how many there were on the first day; null where few."""

    filters: dict[str, str]
    people: int | None


class FiguresOut(BaseModel):
    """A group's figure in each period. ``n``: about how many people those before and during are, the fewer of both."""

    earlier: float | None
    before: float | None
    during: float | None
    n: int | None


class ChangeOut(BaseModel):
    """What the treated changed by, less what the comparison group did."""

    value: float | None
    interval: IntervalOut | None


class MetricOut(BaseModel):
    """``figure``: what of people is compared, in words. ``threshold``: the change that counts as success, in the named
    direction. ``trend``: the same as ``effect``, one period earlier."""

    kpi: str
    definition_version: int
    unit: str
    figure: str | None
    filters: dict[str, str]
    direction: Literal["up", "down"]
    threshold: float
    baseline: float | None
    final_on: date
    treated: FiguresOut
    comparison: FiguresOut
    effect: ChangeOut
    trend: ChangeOut
    suppressed: bool
    verdict: Verdict
    reasons: list[str]


class ConclusionOut(BaseModel):
    """``step`` and its owner: by what it is scaled; ``extension``: the pilot that goes on with it."""

    decision: Decision
    reason: str
    decided_by: PersonOut | None
    concluded_at: datetime
    step: str | None
    step_owner: PersonOut | None
    extension: str | None


class CostOut(BaseModel):
    currency: str
    amount: float


class PilotSummary(BaseModel):
    """``recommendation`` follows from the verdict, and is null until that could be one; ``decision`` is what people
    decided. ``reminder``: what its owner has to do now."""

    pilot: str
    objective: str
    owner: PersonOut | None
    sponsor: PersonOut | None
    starts_on: date
    ends_on: date
    state: State
    pre_registered: bool
    verdict: Verdict
    recommendation: Decision | None
    decision: Decision | None
    reminder: str | None


class PilotFound(PilotSummary):
    success: str
    registered_on: date
    final_on: date
    periods: PeriodsOut
    treated: GroupOut
    comparison: GroupOut
    in_both: Annotated[int | None, Field(description="People in both groups, who count in neither; null where few.")]
    randomised: bool
    association_only: bool
    method: str
    metrics: list[MetricOut]
    reasons: list[str]
    conclusion: ConclusionOut | None
    roll_out: Annotated[StepOut | None, Field(description="The step of its conclusion; null until planned.")]
    extends: Annotated[str | None, Field(description="The pilot that this one goes on with.")]
    costs: list[CostOut]


class PilotOut(PilotFound):
    """``watermark``: all that was acknowledged before it is counted; ``provisional``: what comes late may still change
    the figures."""

    watermark: datetime | None
    as_of: datetime
    provisional: bool

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})


class PilotsOut(BaseModel):
    watermark: datetime | None
    as_of: datetime
    pilots: list[PilotSummary]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "watermark": "2026-06-15T23:36:28Z",
                "as_of": "2026-06-15T23:36:29Z",
                "pilots": [{name: EXAMPLE[name] for name in PilotSummary.model_fields}],
            }
        }
    )
