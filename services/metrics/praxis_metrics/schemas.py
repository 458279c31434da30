"""What ``/kpis`` takes and answers."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from praxis_metrics.calendar import FIRST_DAY, LAST_DAY, Grain
from praxis_metrics.kpis.kpi import Kpi, Stage
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.series import Point, Series
from praxis_people.identifiers import bounded

KINDS = ("unit", "role", "pathway", "cohort", "skill", "currency")
"""The kinds of slice that any KPI is published by."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(text: Any) -> Any:
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise ValueError("must be a date as YYYY-MM-DD")
    return text


Day = Annotated[date, BeforeValidator(_day), Field(ge=FIRST_DAY, le=LAST_DAY)]


class SeriesQuery(BaseModel):
    """Unknown parameters are refused, so that a misspelt slice is not an answer about everybody."""

    model_config = ConfigDict(extra="forbid")

    first: Annotated[
        Day | None, Field(alias="from", description="A day of the first period; by default a year back, or the like.")
    ] = None
    last: Annotated[Day | None, Field(alias="to", description="A day of the last period; by default today.")] = None
    grain: Annotated[Grain, Field(description="The length of one period. Weeks are ISO 8601's.")] = Grain.MONTH
    unit: Annotated[str | None, Field(description="Only people of this unit, and of all under it.")] = None
    role: Annotated[str | None, Field(description="Only people in this role.")] = None
    pathway: Annotated[str | None, Field(description="Only people enrolled on this pathway, from then on.")] = None
    cohort: Annotated[str | None, Field(description="Only people of this cohort of a pathway, as `sql/2026-a`.")] = None
    skill: Annotated[str | None, Field(description="Only of this skill.")] = None
    currency: Annotated[str | None, Field(description="Only amounts in this currency (ISO 4217).")] = None
    compare: Annotated[
        str | None,
        Field(description="Beside it: `previous` (as many periods before these), `all`, or a slice, as `unit:sales`."),
    ] = None

    format: Annotated[
        Literal["json", "csv"] | None, Field(description="In place of Accept, for links and for tools without headers.")
    ] = None

    @property
    def slices(self) -> list[Slice]:
        """The slices that are named: no more than one has an answer."""
        given = {kind: getattr(self, kind) for kind in KINDS}
        return [Slice(kind, bounded(name)) for kind, name in given.items() if name is not None]


class IntervalOut(BaseModel):
    low: float
    high: float
    level: float
    method: str


class PointOut(BaseModel):
    """One whole period, both days included. Where ``suppressed``, the figures are null: too few people."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    value: float | int | None
    numerator: float | int | None
    denominator: float | int | None
    n: int | None
    unmatched: int | None
    interval: IntervalOut | None = None
    suppressed: bool
    provisional: bool
    detail: Mapping[str, float | int | None]

    @classmethod
    def of(cls, point: Point) -> "PointOut":
        return cls(
            first=point.period.first,
            last=point.period.last,
            value=point.value,
            numerator=point.numerator,
            denominator=point.denominator,
            n=point.n,
            unmatched=point.unmatched,
            interval=point.interval and IntervalOut(**point.interval._asdict()),
            suppressed=point.suppressed,
            provisional=point.provisional,
            detail=point.detail,
        )


class ComparisonOut(BaseModel):
    """Another series beside the one asked for, point by point."""

    compare: str
    filters: dict[str, str]
    points: list[PointOut]

    @classmethod
    def of(cls, compare: str, found: Series) -> "ComparisonOut":
        points = [PointOut.of(point) for point in found.points]
        return cls(compare=compare, filters=_filters(found.slice), points=points)


def _filters(of: Slice) -> dict[str, str]:
    return {} if of == ALL else {of.kind: of.name}


class SeriesOut(BaseModel):
    """``watermark``: all that was acknowledged before it is counted; null until the log has once been read through."""

    kpi: str
    definition_version: int
    unit: str
    grain: Grain
    time_zone: str
    filters: dict[str, str]
    watermark: datetime | None
    as_of: datetime
    points: list[PointOut]
    comparison: ComparisonOut | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kpi": "monthly-active-learners",
                "definition_version": 1,
                "unit": "people",
                "grain": "month",
                "time_zone": "UTC",
                "filters": {},
                "watermark": "2026-06-15T23:36:28Z",
                "as_of": "2026-06-15T23:36:29Z",
                "points": [
                    {
                        "from": "2026-05-01", "to": "2026-05-31", "value": 412, "numerator": 401, "denominator": 580,
                        "n": 412, "unmatched": 8, "interval": None, "suppressed": False, "provisional": False,
                        "detail": {"stickiness": 0.21, "not_employed": 3, "contractors": 2},
                    }
                ],
            }
        }
    )  # fmt: skip

    @classmethod
    def of(cls, found: Series, grain: Grain, as_of: datetime, comparison: ComparisonOut | None = None) -> "SeriesOut":
        return cls(
            kpi=found.kpi.name,
            definition_version=found.kpi.version,
            unit=found.kpi.unit,
            grain=grain,
            time_zone=found.zone.key,
            filters=_filters(found.slice),
            watermark=found.watermark,
            as_of=as_of,
            points=[PointOut.of(point) for point in found.points],
            comparison=comparison,
        )


class KpiOut(BaseModel):
    kpi: str
    definition: str
    definition_version: int
    stage: Stage
    unit: str
    grains: list[Grain]
    slices: list[str]
    slice_grain: Grain

    @classmethod
    def of(cls, kpi: Kpi) -> "KpiOut":
        return cls(
            kpi=kpi.name,
            definition=kpi.definition,
            definition_version=kpi.version,
            stage=kpi.stage,
            unit=kpi.unit,
            grains=list(kpi.grains),
            slices=list(kpi.cuts),
            slice_grain=kpi.cut_grain,
        )


class Catalogue(BaseModel):
    kpis: list[KpiOut]
