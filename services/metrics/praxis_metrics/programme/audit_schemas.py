"""What ``/audits/{quarter}`` answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Measured(BaseModel):
    """The same barrier in a quarter beside. ``…_change``: from the earlier of the two quarters to the later; below 0 a
    score has fallen, and a rank has come nearer to the top."""

    quarter: str
    rank: int | None
    score: float | None
    rank_change: int | None
    score_change: float | None


class BarrierOut(BaseModel):
    """Figures are null where ``suppressed``: too few people named it, or it would give such a barrier away. ``owner``
    and what follows are null while nobody has taken it on."""

    barrier: str
    rank: int | None
    top: bool
    suppressed: bool
    people: int | None
    prevalence: float | None
    severity: float | None
    score: float | None
    owner: dict[str, Any] | None
    due_on: date | None
    action: str | None
    status: Literal["open", "in-progress", "done", "dropped"] | None
    note: str | None
    overdue: bool
    previous: Measured
    next: Measured


class SurveyOut(BaseModel):
    """``responded``: the least that can have answered. Null where few did."""

    survey: str
    invited: int
    responded: int | None
    response_rate: float | None
    suppressed: bool


class FindingOut(BaseModel):
    barrier: str
    finding: Literal["no-owner", "overdue"]


class AuditOut(BaseModel):
    """``people``: who named any barrier. ``barriers``: the first in rank first."""

    model_config = ConfigDict(
        serialize_by_alias=True,
        populate_by_name=True,
        json_schema_extra={
            "example": {
                "quarter": "2026-Q1", "from": "2026-01-01", "to": "2026-03-31", "time_zone": "UTC",
                "watermark": "2026-04-12T08:00:00Z", "as_of": "2026-04-12T08:00:01Z", "provisional": False,
                "definition": "What keeps people from learning …", "definition_version": 1, "people": 40,
                "suppressed": False,
                "surveys": [
                    {"survey": "pulse-1", "invited": 120, "responded": 36, "response_rate": 0.3, "suppressed": False}
                ],
                "barriers": [
                    {
                        "barrier": "time", "rank": 1, "top": True, "suppressed": False, "people": 20,
                        "prevalence": 0.5, "severity": 4.0, "score": 2.0, "owner": {"person_id": "p-7"},
                        "due_on": "2026-05-31", "action": "Fridays until noon are free for learning.",
                        "status": "in-progress", "note": None, "overdue": False,
                        "previous": {
                            "quarter": "2025-Q4", "rank": 2, "score": 1.6, "rank_change": -1, "score_change": 0.4
                        },
                        "next": {
                            "quarter": "2026-Q2", "rank": None, "score": None, "rank_change": None,
                            "score_change": None
                        },
                    }
                ],
                "findings": [{"barrier": "access", "finding": "no-owner"}],
            }
        },
    )  # fmt: skip

    quarter: str
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    time_zone: str
    watermark: datetime | None
    as_of: datetime
    provisional: bool
    definition: str
    definition_version: int
    people: int | None
    suppressed: bool
    surveys: list[SurveyOut]
    barriers: list[BarrierOut]
    findings: list[FindingOut]
