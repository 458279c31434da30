"""A KPI over periods: figures, headcount and watermark from one snapshot, small numbers suppressed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import DAY, Period, day_start
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.reporting_zone import reporting_zone
from praxis_metrics.watermark import watermark


@dataclass(frozen=True, slots=True)
class Point:
    """One period's answer. ``numerator`` and ``denominator`` are ``None`` without a directory of employed people;
    where ``suppressed``, all figures are."""

    period: Period
    value: float | None
    numerator: float | None
    denominator: int | None
    n: int | None
    unmatched: int | None
    suppressed: bool
    provisional: bool
    detail: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Series:
    kpi: Kpi
    points: list[Point]
    zone: ZoneInfo
    watermark: datetime | None


@dataclass(frozen=True, slots=True)
class Reporting:
    """How figures are cut and when they are final; ``zone`` is that of a generation that is not begun."""

    zone: ZoneInfo
    threshold: int
    lateness: timedelta


async def series(session: AsyncSession, kpi: Kpi, periods: Sequence[Period], reporting: Reporting) -> Series:
    """The session's transaction is new: it becomes a read-only snapshot."""
    await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    has_directory = bool(await session.scalar(text("SELECT EXISTS (SELECT FROM employment)")))
    read, zone = await watermark(session), await reporting_zone(session) or reporting.zone
    asked = {"firsts": [period.first for period in periods], "lasts": [period.last for period in periods]}
    rows = await session.execute(text(kpi.query), asked)
    points = [
        _point(kpi, period, row, has_directory, reporting.threshold, _final(period, zone, reporting.lateness, read))
        for period, row in zip(periods, rows, strict=True)
    ]
    return Series(kpi, points, zone, read)


def _final(period: Period, zone: ZoneInfo, lateness: timedelta, read: datetime | None) -> bool:
    """Whether the log has been read past the period's end and what may come late."""
    return read is not None and read > day_start(period.last + DAY, zone) + lateness


def _point(kpi: Kpi, period: Period, row: Row[Any], has_directory: bool, threshold: int, final: bool) -> Point:
    if 0 < row.n < threshold:
        return Point(period, None, None, None, None, None, suppressed=True, provisional=not final, detail={})
    return Point(
        period=period,
        value=_number(row.value),
        numerator=_number(row.numerator) if has_directory else None,
        denominator=row.headcount if has_directory else None,
        n=row.n,
        unmatched=row.unmatched,
        suppressed=False,
        provisional=not final,
        detail={
            **{name: _number(getattr(row, name)) for name in kpi.detail},
            "not_employed": row.n - row.unmatched - row.employed,
            "contractors": row.contractors,
        },
    )


def _number(found: Any) -> float | None:
    """Whole numbers stay whole."""
    if found is None:
        return None
    number = float(found)
    return int(number) if number.is_integer() else number
