"""Making a KPI's published cells what its definition says: computing what is due, and hiding what must be hidden."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics import due
from praxis_metrics.calendar import DAY, Period, period_of, periods
from praxis_metrics.cells import drop_others, hide, people_of, write_cells
from praxis_metrics.day_ranges import ranges as merged
from praxis_metrics.kpis.kpi import Asked, Kpi
from praxis_metrics.lattice import Slice, relations
from praxis_metrics.placing.kept import definitions
from praxis_metrics.settled import settle, settled
from praxis_metrics.suppression import hidden
from praxis_people.history import Heard
from praxis_people.identifiers import bounded
from praxis_people.units import units_at

PERIODS_AT_ONCE = 60

FURTHEST = timedelta(days=20 * 366)
"""Nothing earlier is published of what has something to say of every period: a wrong clock or a founder's hire."""

_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '/cells/' || :kpi, 0))")
_STANDING = text("SELECT since FROM publications WHERE kpi = :kpi")
_COHORTS = text("SELECT DISTINCT pathway, pathway || '/' || cohort AS cohort FROM enrolments")
_SET_SINCE = text("UPDATE publications SET since = :since WHERE kpi = :kpi")
_FORGET_EARLIER = text("DELETE FROM cells WHERE kpi = :kpi AND (CAST(:since AS date) IS NULL OR last_day < :since)")


async def publish(session: AsyncSession, kpi: Kpi, today: date, threshold: int, lateness: timedelta) -> int:
    """Compute what is due of this KPI; returns the number of periods. Nothing, while somebody else publishes it.

    The lock is taken, and then what is due, in statements before those that compute: these see all that was committed
    by whoever held it, and by whoever made something due.
    """
    if not await session.scalar(_LOCK, {"kpi": kpi.name}):
        return 0
    ranges = await due.take(session, kpi.name)
    await settle(session, kpi, today, lateness)
    spans = await _told(session, kpi, ranges) if kpi.days else await _since(session, kpi, ranges, today)
    done = 0
    for grain in sorted({*kpi.grains, kpi.cut_grain} if kpi.cuts else {*kpi.grains}):
        told = {period for span in spans for period in periods(*span, grain)}
        wanted = sorted(period for period in told if any(_overlap(period, each) for each in ranges))
        await drop_others(session, kpi.name, grain, ranges, wanted)
        cuts = kpi.cuts if grain == kpi.cut_grain else ()
        for start in range(0, len(wanted), PERIODS_AT_ONCE):
            some = wanted[start : start + PERIODS_AT_ONCE]
            found = await kpi.compute(session, Asked(some, today - DAY, cuts))
            await write_cells(session, kpi.name, grain, some, found, threshold)
        done += len(wanted)
    if ranges:
        await _decide(session, kpi, threshold)
    return done


_DAYS = """
    WITH RECURSIVE told(day) AS (
        SELECT min(day) FROM {table} WHERE day BETWEEN :first AND :last
        UNION ALL
        SELECT (SELECT min(day) FROM {table} t WHERE t.day > told.day AND t.day <= :last) FROM told
        WHERE told.day IS NOT NULL
    )
    SELECT day FROM told WHERE day IS NOT NULL
"""


async def _told(session: AsyncSession, kpi: Kpi, ranges: Sequence[Period]) -> list[Period]:
    """The days in these ranges on which there is something to count, looked up one after the other by index: one wrong
    clock must not fill half a century with zeros."""
    query = text(_DAYS.format(table=kpi.days))
    wider = merged(_whole(each, kpi) for each in ranges)
    found = [day for each in wider for day in await session.scalars(query, each._asdict())]
    return [Period(day, day) for day in found]


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def _whole(days: Period, kpi: Kpi) -> Period:
    """With all of the periods that they lie in: cells that are due hold days that are not."""
    return Period(
        min(period_of(days.first, grain).first for grain in kpi.grains),
        max(period_of(days.last, grain).last for grain in kpi.grains),
    )


async def _since(session: AsyncSession, kpi: Kpi, ranges: list[Period], today: date) -> list[Period]:
    """What of these ranges lies between the first day of which there is something to say and today; and all that lies
    before what stands."""
    first: date | None = await session.scalar(text(kpi.since))
    since = first and max(first, today - FURTHEST)
    before: date | None = await session.scalar(_STANDING, {"kpi": kpi.name})
    if since != before:
        await session.execute(_SET_SINCE, {"kpi": kpi.name, "since": since})
        await session.execute(_FORGET_EARLIER, {"kpi": kpi.name, "since": since})
        ranges += [] if since is None else [Period(since, before or today)]
    return [] if since is None else due.clipped(merged(ranges), since, today)


async def _decide(session: AsyncSession, kpi: Kpi, threshold: int) -> None:
    """Hide what must be of all its cells, and show the rest: in time, and with their slices, all hang together."""
    found = await people_of(session, kpi.name)
    people = {place: n for place, (n, _) in found.items()}
    was = {place for place, (_, is_hidden) in found.items() if is_hidden}
    stays = await settled(session, kpi)
    cut = {place.period for place in people if place.slice.kind in ("unit", "cohort")}
    to_hide = hidden(people, relations(people, await _above(session, cut)), threshold, stays)
    await hide(session, kpi.name, to_hide - was, was - to_hide)


async def _above(session: AsyncSession, cut: Collection[Period]) -> Mapping[Period, Mapping[Slice, Slice]]:
    """The slice right above each: a unit's unit at the end of each period, a cohort's pathway."""
    cohorts = {Slice("cohort", row.cohort): Slice("pathway", row.pathway) for row in await session.execute(_COHORTS)}
    return {period: {**units, **cohorts} for period, units in (await units_above(session, cut)).items()}


async def units_above(session: AsyncSession, cut: Collection[Period]) -> Mapping[Period, Mapping[Slice, Slice]]:
    """The unit right above each unit at the end of each period."""
    defined = await definitions(session)
    return {period: _units(defined, datetime.combine(period.last + DAY, time(), UTC)) for period in cut}


def _units(defined: Sequence[Heard], moment: datetime) -> dict[Slice, Slice]:
    units = units_at(defined, moment)
    return {
        Slice("unit", bounded(name)): Slice("unit", bounded(unit.parent))
        for name, unit in units.items()
        if unit.parent is not None
    }
