"""What ``/governance`` answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PersonOut = dict[str, Any]
"""``{"person_id": …}``, or one identifier as xAPI writes it."""


class BoundsOut(BaseModel):
    least: float
    most: float


class StandardOut(BaseModel):
    standard: str
    about: str
    value: str | float | bool
    bounds: BoundsOut | None
    owner: PersonOut | None


class OverrideOut(BaseModel):
    """Without effect (``why_not``): there is no such standard; it is about something else; the standard has no bounds,
    and so holds for all; or the value is not a number within them."""

    standard: str
    about: str
    unit: str
    value: str | float | bool
    owner: PersonOut | None
    in_effect: bool
    why_not: Literal["no-such-standard", "about-something-else", "no-bounds", "out-of-bounds"] | None


class LeadOut(BaseModel):
    """``due_to_rotate``: the unit's last term, and it is past or ends within 30 days."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    unit: str
    person: PersonOut | None
    starts: Annotated[datetime, Field(alias="from")]
    ends: Annotated[datetime, Field(alias="until")]
    state: Literal["to-come", "serving", "ended"]
    due_to_rotate: bool


class PlaybookOut(BaseModel):
    """``linked_to``: the kinds of object here that have the name ``about``; none where there is no such object."""

    playbook: str
    about: str
    linked_to: list[str]
    unit: str | None
    text: str
    owner: PersonOut | None


class StepOut(BaseModel):
    step: str
    stage: Literal["design", "embed", "measure", "iterate"]
    state: Literal["planned", "running", "overdue", "concluded"]
    starts_on: date
    ends_on: date
    success: str
    owner: PersonOut | None
    concluded_on: date | None
    met: bool | None
    note: str | None


class PilotDueOut(BaseModel):
    pilot: str
    ended_on: date
    owner: PersonOut | None


class FollowUpOut(BaseModel):
    """``missing``: the roll-out step that nobody has planned, or the linked pilot that nobody has registered."""

    pilot: str
    decision: Literal["scale", "extend"]
    missing: str
    owner: PersonOut | None


class OwnerlessOut(BaseModel):
    """``owner-has-left``: the directory knows the owner, and not as at work today."""

    kind: str
    id: str
    owner: PersonOut | None
    why: Literal["no-owner", "owner-has-left"]


class GovernanceOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "watermark": "2026-06-15T23:36:28Z", "as_of": "2026-06-15T23:36:29Z",
                "standards": [
                    {
                        "standard": "window", "about": "application-rate", "value": 30.0,
                        "bounds": {"least": 14.0, "most": 60.0}, "owner": {"person_id": "p-7"},
                    }
                ],
                "overrides": [
                    {
                        "standard": "window", "about": "application-rate", "unit": "sales", "value": 90.0,
                        "owner": {"person_id": "p-8"}, "in_effect": False, "why_not": "out-of-bounds",
                    }
                ],
                "learning_leads": [
                    {
                        "unit": "sales", "person": {"person_id": "p-9"}, "from": "2026-01-01T00:00:00Z",
                        "until": "2026-07-01T00:00:00Z", "state": "serving", "due_to_rotate": True,
                    }
                ],
                "playbooks": [
                    {
                        "playbook": "pairing", "about": "sql", "linked_to": ["skill"], "unit": None,
                        "text": "Two people, one keyboard, one hour.", "owner": {"person_id": "p-7"},
                    }
                ],
                "steps": [
                    {
                        "step": "roll out", "stage": "embed", "state": "overdue", "starts_on": "2026-03-01",
                        "ends_on": "2026-05-29", "success": "Half of sales has a habit.",
                        "owner": {"person_id": "p-7"}, "concluded_on": None, "met": None, "note": None,
                    }
                ],
                "pilots_to_conclude": [{"pilot": "sprints", "ended_on": "2026-06-01", "owner": {"person_id": "p-7"}}],
                "follow_ups_missing": [
                    {"pilot": "pairs", "decision": "scale", "missing": "roll out", "owner": {"person_id": "p-7"}}
                ],
                "ownerless": [
                    {"kind": "goal", "id": "faster", "owner": {"person_id": "p-1"}, "why": "owner-has-left"}
                ],
            }
        }
    )  # fmt: skip

    watermark: datetime | None
    as_of: datetime
    standards: list[StandardOut]
    overrides: list[OverrideOut]
    learning_leads: list[LeadOut]
    playbooks: list[PlaybookOut]
    steps: list[StepOut]
    pilots_to_conclude: list[PilotDueOut]
    follow_ups_missing: list[FollowUpOut]
    ownerless: list[OwnerlessOut]
