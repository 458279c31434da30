"""What ``/skills/coverage`` takes and answers."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from praxis_metrics.schemas import IntervalOut

Limit = Annotated[int, Field(ge=1, le=500, description="How many of them.")]


class CoverageQuery(BaseModel):
    """Unknown parameters are refused, so that a misspelt filter is not an answer about all."""

    model_config = ConfigDict(extra="forbid")

    skill: Annotated[str | None, Field(description="Only this skill.")] = None
    role: Annotated[str | None, Field(description="Only skills that this role requires, and only its people.")] = None
    unit: Annotated[str | None, Field(description="Only people of this unit, with all under it.")] = None
    limit: Limit = 100
    after: Annotated[str | None, Field(description="`next` of the page before.")] = None


class GroupOut(BaseModel):
    """People of one role, of one unit with all under it, or all, whose role requires the skill; at work, employees.
    Null where ``suppressed``: too few, or they would give too few away.
    """

    kind: str
    slice: str
    suppressed: bool
    people: int | None
    held: int | None
    gap: int | None
    coverage: float | None


class RequiredBy(BaseModel):
    role: str
    family: str | None
    level: str | None


class ApplicationOut(BaseModel):
    """Pairs of an employee and a skill whose 30 days after the first completion are over; numerator: with accepted
    evidence within them. ``n``: people; ``waiting``: people whose 30 days are not over."""

    suppressed: bool
    value: float | None
    numerator: int | None
    denominator: int | None
    n: int | None
    waiting: int | None
    interval: IntervalOut | None


class TaughtBy(BaseModel):
    activity: str
    name: str | None
    level: str | None
    application: ApplicationOut | None


class AlignmentOut(BaseModel):
    target_name: str
    target_url: str


class SkillOut(BaseModel):
    """``unmatched``: who holds it, and whom the directory does not know: in no group."""

    skill: str
    name: str | None
    description: str | None
    family: str | None
    alignments: list[AlignmentOut]
    required_by: list[RequiredBy]
    groups: list[GroupOut]
    unmatched: int
    taught_by: list[TaughtBy]
    on: date


class CoverageOut(BaseModel):
    """``not_taught``: skills of this page that a role requires and no activity teaches."""

    definition: str
    definition_version: int
    watermark: datetime | None
    as_of: datetime
    filters: dict[str, str]
    skills: list[SkillOut]
    not_taught: list[str]
    next: str | None

    model_config = ConfigDict(json_schema_extra={"example": {
        "definition": "…", "definition_version": 1, "watermark": "2026-06-15T23:36:28Z",
        "as_of": "2026-06-15T23:36:29Z", "filters": {"role": "analyst"},
        "skills": [{
            "skill": "sql", "name": "SQL", "description": None, "family": "data",
            "alignments": [{
                "target_name": "SQL", "target_url": "http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742"}],
            "required_by": [{"role": "analyst", "family": "data", "level": "advanced"}],
            "groups": [{"kind": "role", "slice": "analyst", "suppressed": False, "people": 40, "held": 12, "gap": 28,
                        "coverage": 0.3}],
            "unmatched": 0,
            "taught_by": [{"activity": "https://lms.example/sql", "name": "SQL basics", "level": None,
                           "application": {"suppressed": False, "value": 0.25, "numerator": 5, "denominator": 20,
                                           "n": 20, "waiting": 0, "interval": None}}],
            "on": "2026-06-14",
        }],
        "not_taught": [], "next": None,
    }})  # fmt: skip
