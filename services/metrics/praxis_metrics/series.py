"""A KPI over periods as it is published: cells and watermark from one snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import DAY, Grain, Period, day_start
from praxis_metrics.kpis.kpi import Interval, Kpi
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.reporting_zone import reporting_zone
from praxis_metrics.watermark import watermark


@dataclass(frozen=True, slots=True)
class Point:
    """One period's answer; where ``suppressed``, all figures are ``None``."""

    period: Period
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int | None
    unmatched: int | None
    suppressed: bool
    provisional: bool
    interval: Interval | None
    detail: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Series:
    kpi: Kpi
    slice: Slice
    points: list[Point]
    zone: ZoneInfo
    watermark: datetime | None


@dataclass(frozen=True, slots=True)
class Reporting:
    """When figures are final; ``zone`` is that of a generation that is not begun."""

    zone: ZoneInfo
    lateness: timedelta


_CELLS = text(
    "SELECT * FROM published WHERE kpi = :kpi AND grain = :grain AND kind = :kind AND slice = :slice "
    "AND first_day BETWEEN :first AND :last"
)

_HAS_DIRECTORY = text("SELECT EXISTS (SELECT FROM employment)")

_HEADCOUNT = text(
    """
    SELECT p.first, count(DISTINCT e.person_id) AS headcount
    FROM unnest(CAST(:firsts AS date[]), CAST(:lasts AS date[])) AS p(first, last)
    LEFT JOIN employment e ON e.first_day <= p.last AND e.last_day >= p.first AND e.employee AND NOT e.on_leave
    WHERE EXISTS (SELECT FROM employment) GROUP BY 1
    """
)


async def snapshot(session: AsyncSession) -> None:
    """Its transaction is new: figures and watermark are read at one moment."""
    await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


async def as_begun(session: AsyncSession, reporting: Reporting) -> Reporting:
    """With the zone in which this generation's days are cut."""
    return replace(reporting, zone=await reporting_zone(session) or reporting.zone)


async def series(
    session: AsyncSession, kpi: Kpi, grain: Grain, periods: Sequence[Period], reporting: Reporting, of: Slice = ALL
) -> Series:
    """The session is in a ``snapshot``."""
    read, zone = await watermark(session, kpi.name), await reporting_zone(session) or reporting.zone
    asked = {"kpi": kpi.name, "grain": grain, "kind": of.kind, "slice": of.name}
    rows = await session.execute(_CELLS, {**asked, "first": periods[0].first, "last": periods[-1].first})
    found = {row.first_day: row for row in rows}
    heads = await _headcounts(session, [period for period in periods if period.first not in found])
    can_tell = not kpi.by_headcount or bool(await session.scalar(_HAS_DIRECTORY))
    points = []
    for period in periods:
        final = is_final(period, zone, reporting.lateness + kpi.matures, read)
        row = found.get(period.first)
        points.append(
            _empty(kpi, period, heads.get(period.first) if of == ALL else None, final)
            if row is None
            else _point(period, row, final, can_tell=can_tell)
        )
    return Series(kpi, of, points, zone, read)


async def _headcounts(session: AsyncSession, periods: Sequence[Period]) -> dict[date, int]:
    """Of periods in which there was nothing to count."""
    if not periods:
        return {}
    asked = {"firsts": [period.first for period in periods], "lasts": [period.last for period in periods]}
    return {row.first: row.headcount for row in await session.execute(_HEADCOUNT, asked)}


def is_final(period: Period, zone: ZoneInfo, lateness: timedelta, read: datetime | None) -> bool:
    """Whether the log has been read past the period's end and what may come late."""
    return read is not None and read > day_start(period.last + DAY, zone) + lateness


def _empty(kpi: Kpi, period: Period, headcount: int | None, final: bool) -> Point:
    if kpi.of_nobody is None:
        return Point(period, None, 0, 0, 0, 0, False, not final, None, kpi.detail_of_nobody)
    numerator = None if headcount is None else kpi.of_nobody
    return Point(period, kpi.of_nobody, numerator, headcount, 0, 0, False, not final, None, kpi.detail_of_nobody)


def _point(period: Period, row: Row[Any], final: bool, *, can_tell: bool) -> Point:
    return Point(
        period=period,
        value=_number(row.value),
        numerator=_number(row.numerator) if can_tell else None,
        denominator=_number(row.denominator) if can_tell else None,
        n=row.n,
        unmatched=row.unmatched,
        suppressed=row.suppressed,
        provisional=not final,
        interval=None if row.interval is None else Interval(**row.interval),
        detail={name: _number(found) for name, found in row.detail.items()},
    )


def _number(found: Any) -> float | None:
    """Whole numbers stay whole."""
    if found is None:
        return None
    number = float(found)
    return int(number) if number.is_integer() else number
