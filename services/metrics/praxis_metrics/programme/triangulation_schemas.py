"""What ``/triangulation/{quarter}`` answers."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from praxis_metrics.programme.audit_schemas import SurveyOut


class ThemeOut(BaseModel):
    """``sentiment``: the mean of ``n`` people's, from -2 (bad) to 2 (good); both null where few people spoke of it."""

    theme: str
    n: int | None
    sentiment: float | None
    suppressed: bool


class TriangleOut(BaseModel):
    """``trend``: of ``value`` from ``previous``, the quarter before. ``disagree``: by the ``rule``; null if unknown."""

    kpi: str
    definition_version: int
    value: float | int | None
    previous: float | int | None
    suppressed: bool
    provisional: bool
    trend: Literal["better", "worse", "steady"] | None
    themes: list[ThemeOut]
    sentiment: float | None
    disagree: bool | None


class TriangulationOut(BaseModel):
    """``surveys``: those sent for the quarter, with how many answered. Feedback does not say in which it was given."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "quarter": "2026-Q1", "watermark": "2026-04-12T08:00:00Z", "as_of": "2026-04-12T08:00:01Z",
                "rule": "A KPI moved if …",
                "surveys": [
                    {"survey": "pulse-1", "invited": 120, "responded": 36, "response_rate": 0.3, "suppressed": False}
                ],
                "kpis": [
                    {
                        "kpi": "application-rate", "definition_version": 1, "value": 0.41, "previous": 0.33,
                        "suppressed": False, "provisional": False, "trend": "better",
                        "themes": [{"theme": "pressure to report", "n": 12, "sentiment": -1.25, "suppressed": False}],
                        "sentiment": -1.25, "disagree": True,
                    }
                ],
            }
        }
    )  # fmt: skip

    quarter: str
    watermark: datetime | None
    as_of: datetime
    rule: str
    surveys: list[SurveyOut]
    kpis: list[TriangleOut]
