"""What ``/goals`` answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class InterventionOut(BaseModel):
    """``state``: of a pathway published or withdrawn; of a pilot registered, running, ended or concluded, with the
    decision; of a policy announced or in effect; of a habit designed; unknown of what nobody has published."""

    kind: str
    id: str
    name: str | None
    state: str


class GoalOut(BaseModel):
    """``published``: whether there are figures for its filters at all. ``from`` and ``to``: the days of the value."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    goal: str
    kpi: str
    definition_version: int
    unit: str
    filters: dict[str, str]
    published: bool
    baseline: float
    target: float
    set_on: date
    due_on: date
    owner: dict[str, Any] | None
    interventions: list[InterventionOut]
    first: Annotated[date | None, Field(alias="from")]
    last: Annotated[date | None, Field(alias="to")]
    value: float | int | None
    suppressed: bool
    provisional: bool
    progress: float | None
    expected: float | None
    standing: Literal["on-track", "behind", "reached", "overdue", "unknown"]


class GoalsOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "watermark": "2026-06-15T23:36:28Z", "as_of": "2026-06-15T23:36:29Z", "rule": "The value is …",
                "goals": [
                    {
                        "goal": "use what we learn", "kpi": "application-rate", "definition_version": 1,
                        "unit": "ratio", "filters": {"unit": "sales"}, "published": True, "baseline": 0.2,
                        "target": 0.4, "set_on": "2026-01-01", "due_on": "2026-12-31", "owner": {"person_id": "p-7"},
                        "interventions": [{"kind": "pathway", "id": "sql", "name": "SQL", "state": "published"}],
                        "from": "2026-01-01", "to": "2026-03-31", "value": 0.25, "suppressed": False,
                        "provisional": False, "progress": 0.25, "expected": 0.24, "standing": "on-track",
                    }
                ],
            }
        }
    )  # fmt: skip

    watermark: datetime | None
    as_of: datetime
    rule: str
    goals: list[GoalOut]
