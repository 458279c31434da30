"""What ``/pathways/{id}/comparison`` answers; what is stored is the same without the moment of the answer."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from praxis_metrics.programme.governance_schemas import PersonOut
from praxis_metrics.programme.pathways.example import EXAMPLE
from praxis_metrics.schemas import IntervalOut

Result = Literal["differ", "no difference found", "inconclusive"]


class CohortOut(BaseModel):
    """``people``: employees whose first enrolment on the pathway was in this cohort. Of these ``withdrawn`` left it,
    ``completed`` all its modules, and the mean share of modules completed is ``modules``. ``n``: people with an
    outcome; ``median`` and ``interval``: of theirs. Of times, ``reached``: how many have got there, and ``p75``: when
    three quarters had. Null where few people, or nothing yet."""

    cohort: str
    people: int | None
    first_enrolled_on: date | None
    last_enrolled_on: date | None
    final_on: date | None
    randomised: bool | None
    withdrawn: int | None
    completed: int | None
    modules: float | None
    n: int | None
    median: float | None
    interval: IntervalOut | None
    p75: float | None
    reached: int | None
    suppressed: bool
    reasons: list[str]


class EffectOut(BaseModel):
    name: str
    value: float


class TestOut(BaseModel):
    """``adjusted_p_value``: by Holm, among all pairs."""

    cohorts: list[str]
    method: str
    statistic: float
    p_value: float
    adjusted_p_value: float | None
    effect: EffectOut | None


class OutcomeOut(BaseModel):
    """``figure``: what one person's is, in words; ``window_days``: the days from the one after the enrolment on."""

    kpi: str
    definition_version: int
    unit: str
    figure: str
    window_days: int


class ComparisonFound(BaseModel):
    pathway: str
    version: int
    name: str
    owner: PersonOut | None
    outcome: OutcomeOut
    modules: int
    unmatched: Annotated[int, Field(description="Enrolled learners whom the directory does not know, in no cohort.")]
    cohorts: list[CohortOut]
    test: TestOut | None
    pairs: list[TestOut]
    result: Result
    reasons: list[str]
    randomised: Annotated[bool, Field(description="Whether all enrolments of the cohorts compared were.")]
    association_only: bool


class ComparisonOut(ComparisonFound):
    """``watermark``: all that was acknowledged before it is counted; ``provisional``: what comes late may still change
    the figures."""

    watermark: datetime | None
    as_of: datetime
    provisional: bool

    model_config = ConfigDict(title="PathwayComparison", json_schema_extra={"example": EXAMPLE})
