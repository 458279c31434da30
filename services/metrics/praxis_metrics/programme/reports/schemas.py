"""What ``/reports/{quarter}`` answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from praxis_metrics.programme.reports.example import EXAMPLE
from praxis_metrics.schemas import IntervalOut


class FigureOut(BaseModel):
    """A KPI in the quarter, and its ``previous`` value, a quarter before."""

    kpi: str
    definition_version: int
    stage: str
    unit: str
    value: float | int | None
    numerator: float | int | None
    denominator: float | int | None
    n: int | None
    interval: IntervalOut | None
    previous: float | int | None
    suppressed: bool
    provisional: bool


class GoalFigureOut(BaseModel):
    """As it stood on the last day of the quarter, or today."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    goal: str
    kpi: str
    definition_version: int
    filters: dict[str, str]
    baseline: float
    target: float
    due_on: date
    first: Annotated[date | None, Field(alias="from")]
    last: Annotated[date | None, Field(alias="to")]
    value: float | int | None
    progress: float | None
    standing: str
    suppressed: bool
    provisional: bool


class BarrierFigureOut(BaseModel):
    barrier: str
    rank: int
    people: int | None
    prevalence: float | None
    severity: float | None
    score: float | None


class TrialOut(BaseModel):
    """A pilot that ran in the quarter, or a pathway, with what was found of it; null while nothing is."""

    id: str
    verdict: str | None
    recommendation: str | None


class DecisionOut(BaseModel):
    """``kind``: pilot-concluded, step-concluded, standard-set or policy-published. ``decision``: what was decided."""

    on: date
    kind: str
    id: str
    decision: str


class Snapshot(BaseModel):
    """What is frozen. It names no person, so that nobody who is forgotten stays in it. ``headline``: the three KPIs
    that stand first; ``disagreements``: the KPIs whose trend and feedback disagree.

    What was published has to be read for ever: a field that comes later needs a default.
    """

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    quarter: str
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    time_zone: str
    watermark: datetime | None
    headline: list[str]
    goals: list[GoalFigureOut]
    kpis: list[FigureOut]
    pilots: list[TrialOut]
    pathways: list[TrialOut]
    barriers: list[BarrierFigureOut]
    disagreements: list[str]
    decisions: list[DecisionOut]


class RestatementOut(BaseModel):
    """A figure of a published report that is another now. ``then`` and ``now``: what it said and says; null where it
    was or is not there."""

    figure: str
    then: dict[str, Any] | None
    now: dict[str, Any] | None
    why: Literal["definition-changed", "hidden-now", "was-provisional", "late-data"]


class ResponsibleOut(BaseModel):
    kind: Literal["goal", "barrier"]
    id: str
    owner: dict[str, Any]


class ReportOut(BaseModel):
    """A ``draft`` is of now. Of what is ``published`` the snapshot stays, and what has changed since is listed.

    ``kept``: whether the snapshot is the one that was published; if only its hash was, the figures are of now.
    ``intact``: whether it has the published hash. ``frozen``: the snapshot as the text whose SHA-256 is
    ``snapshot_sha256``; null where it was not kept. ``responsible``: the owners now.
    """

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    state: Literal["draft", "published"]
    published_at: datetime | None
    published_by: dict[str, Any] | None
    snapshot_sha256: str
    kept: bool | None
    intact: bool | None
    definition_versions: dict[str, int]
    snapshot: Snapshot
    restatements: list[RestatementOut]
    responsible: list[ResponsibleOut]
    frozen: str | None
    as_of: datetime
