"""What ``/people/{person_id}/record`` answers."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from praxis_events.contracts.evidence import Kind


class Thing(BaseModel):
    """A task or an artefact, by its system and its id there."""

    system: str
    id: str


class HeldSkill(BaseModel):
    """``held_on``: the day of the first validation by an appointed assessor; ``evidence``: all of them, by event."""

    skill: str
    name: str | None
    held_on: date
    evidence: list[UUID]


class RequiredSkill(BaseModel):
    """Of the role now. ``taught_by``: activities that the map in force gives it."""

    role: str
    skill: str
    name: str | None
    level: str | None
    held: bool
    taught_by: list[str]


class EvidenceItem(BaseModel):
    """``accepted``: as the KPIs count it. Who vouched is not shown."""

    evidence: UUID
    skill: str
    level: str | None
    kind: Kind
    at: datetime
    artefact: Thing
    task: Thing | None
    accepted: bool


class AcceptedTask(BaseModel):
    task: Thing
    accepted_at: datetime


class EligibleTask(BaseModel):
    """A task in which a skill could be used; ``shown``: accepted evidence says that it was."""

    task: Thing
    skill: str
    eligible_from: datetime
    due_at: datetime | None
    shown: bool


class Completion(BaseModel):
    activity: str
    name: str | None
    at: datetime


class Hours(BaseModel):
    """``month``: its first day."""

    month: date
    measured: float
    estimated: float


class Step(BaseModel):
    activity: str
    completed: bool


class Enrolment(BaseModel):
    """``progress``: the share of its activities that are completed; null of a pathway that was not published."""

    pathway: str
    name: str | None
    version: int | None
    cohort: str
    enrolled_at: datetime
    withdrawn_at: datetime | None
    activities: list[Step]
    progress: float | None


class Acknowledgement(BaseModel):
    """The reward that was agreed for a habit that is being kept: never recognition."""

    habit: str
    reward: str


class HabitKept(BaseModel):
    """``due`` and ``kept``: times since ``since``; ``streak``: how many of the last in a row were kept."""

    kind: str
    habits: list[str]
    since: date
    due: int
    kept: int
    streak: int
    longest: int
    acknowledgements: list[Acknowledgement]


class OwnGoal(BaseModel):
    """What somebody set themselves as a manager."""

    goal: str
    due_on: date


class RecordOut(BaseModel):
    """Lists are newest first and hold no more than 500. ``units``: the unit and each one above it. No figure here is
    hidden, as all are about the one person who may read them, and who leads them."""

    person_id: str
    role: str | None
    units: list[str]
    skills: list[HeldSkill]
    required: list[RequiredSkill]
    evidence: list[EvidenceItem]
    tasks: list[AcceptedTask]
    eligible_tasks: list[EligibleTask]
    completions: list[Completion]
    learning_hours: list[Hours]
    enrolments: list[Enrolment]
    habits: list[HabitKept]
    goals: list[OwnGoal]
    time_zone: str
    watermark: datetime | None
    as_of: datetime

    model_config = ConfigDict(json_schema_extra={"example": {
        "person_id": "p-1", "role": "analyst", "units": ["data"],
        "skills": [{"skill": "sql", "name": "SQL", "held_on": "2026-03-02",
                    "evidence": ["6f1c1f4e-7c0e-5d0f-9e0a-3f1f2f7e9b11"]}],
        "required": [{"role": "analyst", "skill": "stats", "name": "Statistics", "level": None, "held": False,
                      "taught_by": ["https://lms.example/stats"]}],
        "evidence": [], "tasks": [], "eligible_tasks": [], "completions": [],
        "learning_hours": [{"month": "2026-03-01", "measured": 2.5, "estimated": 0.5}],
        "enrolments": [],
        "habits": [{"kind": "sprint", "habits": ["morning-sprint"], "since": "2026-03-17", "due": 64, "kept": 40,
                    "streak": 5, "longest": 9,
                    "acknowledgements": [{"habit": "morning-sprint", "reward": "A coffee on us"}]}],
        "goals": [], "time_zone": "UTC", "watermark": "2026-06-15T23:36:28Z", "as_of": "2026-06-15T23:36:29Z",
    }})  # fmt: skip
