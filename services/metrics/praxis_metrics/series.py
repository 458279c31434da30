"""A KPI over periods as it is published: cells and watermark of one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from praxis_metrics.calendar import DAY, Grain, Period, day_start
from praxis_metrics.kpis.kpi import Interval, Kpi
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.reporting_zone import reporting_zone
from praxis_metrics.watermark import WATERMARK, watermark_of


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


# One statement sees one moment, so no transaction has to hold it: four round trips fewer. Nobody's headcount is counted
# only where there was nothing to count.
STATEMENT = text(
    f"""
    SELECT ({WATERMARK}) AS watermark, (SELECT name FROM reporting_zone) AS zone,
           EXISTS (SELECT FROM employment) AS has_directory, a.number, a.first, p.*,
           CASE WHEN p.kpi IS NULL AND a.kind = '{ALL.kind}' AND :counts AND EXISTS (SELECT FROM employment) THEN (
               SELECT count(DISTINCT e.person_id) FROM employment e
               WHERE e.first_day <= a.last AND e.last_day >= a.first AND e.employee AND NOT e.on_leave
           ) END AS headcount
    FROM unnest(CAST(:numbers AS int[]), CAST(:kinds AS text[]), CAST(:slices AS text[]), CAST(:firsts AS date[]),
                CAST(:lasts AS date[])) AS a(number, kind, slice, first, last)
    LEFT JOIN published p ON (p.kpi, p.grain) = (CAST(:kpi AS text), CAST(:grain AS text))
        AND (p.kind, p.slice, p.first_day) = (a.kind, a.slice, a.first)
    """  # noqa: S608 - of our own
)


async def snapshot(session: AsyncSession) -> None:
    """Its transaction is new: what several statements read is of one moment."""
    await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


async def as_begun(session: AsyncSession, reporting: Reporting) -> Reporting:
    """With the zone in which this generation's days are cut."""
    return replace(reporting, zone=await reporting_zone(session) or reporting.zone)


Wanted: TypeAlias = tuple[Sequence[Period], Slice]
"""Of which periods and slice."""


async def series(
    session: AsyncConnection | AsyncSession,
    kpi: Kpi,
    grain: Grain,
    periods: Sequence[Period],
    reporting: Reporting,
    of: Slice = ALL,
) -> Series:
    return (await several(session, kpi, grain, [(periods, of)], reporting))[0]


async def several(
    connection: AsyncConnection | AsyncSession, kpi: Kpi, grain: Grain, wanted: Sequence[Wanted], reporting: Reporting
) -> list[Series]:
    """One for each that is wanted, all of the same moment."""
    rows = (await connection.execute(STATEMENT, asked_of(kpi, grain, wanted))).all()
    found = {(row.number, row.first): row for row in rows}
    read, name = rows[0].watermark, rows[0].zone
    zone = reporting.zone if name is None else ZoneInfo(name)
    lateness = reporting.lateness + kpi.matures
    return [
        Series(
            kpi,
            of,
            [
                _of(kpi, period, found[number, period.first], is_final(period, zone, lateness, read))
                for period in periods
            ],
            zone,
            read,
        )
        for number, (periods, of) in enumerate(wanted)
    ]


def asked_of(kpi: Kpi, grain: Grain, wanted: Sequence[Wanted]) -> dict[str, object]:
    """The parameters of ``STATEMENT``."""
    cells = [(number, of.kind, of.name, *period) for number, (periods, of) in enumerate(wanted) for period in periods]
    names = ("numbers", "kinds", "slices", "firsts", "lasts")
    columns = dict(zip(names, map(list, zip(*cells, strict=True)), strict=True))
    return {**columns, **watermark_of(kpi.name), "grain": grain, "counts": kpi.of_nobody is not None}


def _of(kpi: Kpi, period: Period, row: Row[Any], final: bool) -> Point:
    if row.kpi is None:
        return _empty(kpi, period, row.headcount, final)
    return _point(period, row, final, can_tell=not kpi.by_headcount or row.has_directory)


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
