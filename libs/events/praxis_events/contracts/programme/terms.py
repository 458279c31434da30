"""Value types that the events of the programme share."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.contracts.base import EventData, Iri, Name, PersonRef

KPIS = frozenset(
    {
        "monthly-active-learners", "learning-hours", "application-rate", "tasks-with-new-skills", "time-saved",
        "error-reduction", "revenue-influenced", "productivity", "revision-cycles", "time-to-competency",
        "cross-skill-mobility", "high-performer-retention", "participation", "peer-coaching",
        "visible-leader-participation", "micro-habits", "protected-hours", "review-citation", "promotion-association",
        "feedback-interval", "return-on-investment", "enrolments", "completions", "active-days",
    }
)  # fmt: skip
"""What a goal, a pilot or a pathway may be measured by."""

SLICES = frozenset({"unit", "role", "pathway", "cohort", "skill", "currency", "manager", "platform"})
"""What filters may name. Not every KPI is published by each (``GET /kpis``)."""

STEP_DAYS = range(30, 91)
"""How long a planned step or a pilot lasts, both ends included."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _kpi(name: str) -> str:
    if name not in KPIS:
        raise PydanticCustomError("kpi", "must be a KPI of Praxis, such as application-rate")
    return name


def _filters(given: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(given.keys() - SLICES):
        names = {"unknown": unknown[0], "known": ", ".join(sorted(SLICES))}
        raise PydanticCustomError("slice", "{unknown} is no slice; there are {known}", names)
    return given


def _day(value: object) -> object:
    """Read here, because pydantic would also take a number of seconds for a day."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    if type(value) is date:
        return value
    raise PydanticCustomError("day", "must be a day, YYYY-MM-DD")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError(
            "time_zone", "must be a time zone of the IANA database, such as Europe/Berlin"
        ) from None
    return name


def distinct(given: list[str]) -> list[str]:
    if len(set(given)) < len(given):
        raise PydanticCustomError("distinct", "must not name one twice")
    return given


KpiName = Annotated[Name, AfterValidator(_kpi)]
Filters = Annotated[dict[Name, Name], AfterValidator(_filters)]
Day = Annotated[date, BeforeValidator(_day)]
Quarter = Annotated[str, Field(pattern=r"^\d{4}-Q[1-4]$")]
TimeZone = Annotated[Name, AfterValidator(_zone)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""
Minutes = Annotated[float, Field(gt=0, le=100_000)]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Skills = Annotated[list[Name], Field(min_length=1, max_length=1_000), AfterValidator(distinct)]
Barrier = Literal["time", "access", "recognition", "manager", "relevance", "other"]


class SkillLevel(EventData):
    skill: Name
    level: Name | None = None


def _each_skill_once(given: list[SkillLevel]) -> list[SkillLevel]:
    distinct([each.skill for each in given])
    return given


SkillLevels = Annotated[list[SkillLevel], Field(min_length=1, max_length=1_000), AfterValidator(_each_skill_once)]


def ends_later(start: datetime | None, end: datetime | None) -> None:
    """Raises what pydantic reports when both are given and ``until`` is not later than ``from``."""
    if start is not None and end is not None and end <= start:
        raise PydanticCustomError("ends_earlier", "until must be later than from")


class Planned(EventData):
    """Something with an end in sight: 30 to 90 days, the first and the last included."""

    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _thirty_to_ninety_days(self) -> Self:
        days = (self.ends_on - self.starts_on + timedelta(days=1)).days
        if days not in STEP_DAYS:
            raise PydanticCustomError(
                "days",
                "must last {least} to {most} days from starts_on to ends_on, both included, not {days}",
                {"least": STEP_DAYS[0], "most": STEP_DAYS[-1], "days": days},
            )
        return self


class PersonOrUnit(EventData):
    """What concerns one person, or a whole unit."""

    person: PersonRef | None = None
    unit: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        exactly_one(self, ("person", "unit"))
        return self


def exactly_one(model: EventData, names: Sequence[str]) -> None:
    """Raises what pydantic reports when none of these fields is given, or more than one."""
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        raise PydanticCustomError("exactly_one", "must have exactly one of {names}", {"names": ", ".join(names)})


class OneOf(EventData):
    """Exactly one of its fields is given."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        exactly_one(self, tuple(type(self).model_fields))
        return self


class Subject(OneOf):
    """What is spoken of."""

    kpi: KpiName | None = None
    activity: Iri | None = None
    pathway: Name | None = None
    pilot: Name | None = None
