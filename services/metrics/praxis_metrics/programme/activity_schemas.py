"""What ``/activities`` takes and answers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from praxis_metrics.programme.skill_schemas import ApplicationOut, Limit
from praxis_metrics.schemas import IntervalOut

Flag = Literal["never-applied", "no-feedback", "teaches-no-skill", "not-required"]


class Sort(StrEnum):
    ACTIVITY = "activity"
    BEGAN = "began"
    COMPLETION = "completion"
    DROP_OFF = "drop_off"
    HOURS = "hours"
    SENTIMENT = "sentiment"
    APPLICATION = "application"


class Order(StrEnum):
    ASCENDING = "asc"
    DESCENDING = "desc"


class QualityQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    activity: Annotated[str | None, Field(description="Only this activity, by its IRI.")] = None
    skill: Annotated[str | None, Field(description="Only what teaches this skill now.")] = None
    flag: Annotated[Flag | None, Field(description="Only what has this flag.")] = None
    sort: Annotated[Sort, Field(description="By what. Those without a figure come last.")] = Sort.ACTIVITY
    order: Order = Order.ASCENDING
    limit: Limit = 100
    offset: Annotated[int, Field(ge=0, le=1_000_000, description="How many to leave out before them.")] = 0


class CompletionOut(BaseModel):
    value: float | None
    numerator: int
    denominator: int
    interval: IntervalOut | None


class HoursOut(BaseModel):
    """Null where the median is not reached: half of them have not completed."""

    median: float | None
    interval: IntervalOut | None


class FeedbackOut(BaseModel):
    suppressed: bool
    responses: int | None
    sentiment: float | None


class Teaches(BaseModel):
    skill: str
    level: str | None


class AppliedOut(ApplicationOut):
    skill: str


class ActivityOut(BaseModel):
    """Where ``suppressed``, its learning is null: too few began it. Parts have a ``suppressed`` of their own."""

    activity: str
    name: str | None
    skills: list[Teaches]
    suppressed: bool
    began: int | None
    completed: int | None
    unmatched: int | None
    completion: CompletionOut | None
    drop_off: float | None
    hours_to_complete: HoursOut | None
    feedback: FeedbackOut
    application: ApplicationOut
    applied: list[AppliedOut]
    flags: list[str]
    on: date


class QualityOut(BaseModel):
    """``total``: how many there are, on all pages. ``flags``: what each means."""

    definition: str
    definition_version: int
    watermark: datetime | None
    as_of: datetime
    total: int
    flags: dict[str, str]
    activities: list[ActivityOut]


class SuggestionsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Limit = 100
    offset: Annotated[int, Field(ge=0, le=1_000_000, description="How many to leave out before them.")] = 0


class SuggestionOut(BaseModel):
    """``words``: what the activity's text and the skill's share, without endings; what says most stands first."""

    skill: str
    name: str
    score: float
    words: list[str]


class SuggestedOut(BaseModel):
    activity: str
    name: str | None
    began: int
    suggestions: list[SuggestionOut]


class SuggestionsOut(BaseModel):
    """What many have begun comes first. To confirm one, send ``programme.activity-mapped``."""

    definition: str
    definition_version: int
    watermark: datetime | None
    as_of: datetime
    total: int
    activities: list[SuggestedOut]
