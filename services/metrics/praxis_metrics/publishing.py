"""Making a KPI's published cells what its definition says: computing what is due, and hiding what must be hidden."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics import due
from praxis_metrics.calendar import DAY, Period, periods
from praxis_metrics.cells import hide, people_of, write_cells
from praxis_metrics.day_ranges import ranges as merged
from praxis_metrics.kpis.kpi import Asked, Kpi
from praxis_metrics.lattice import Slice, relations
from praxis_metrics.placing.kept import definitions
from praxis_metrics.suppression import hidden
from praxis_people.history import Heard
from praxis_people.identifiers import bounded
from praxis_people.units import units_at

PERIODS_AT_ONCE = 60

_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '/cells/' || :kpi, 0))")
_SINCE = text("SELECT since FROM publications WHERE kpi = :kpi")
_SET_SINCE = text("UPDATE publications SET since = :since WHERE kpi = :kpi")
_FORGET_EARLIER = text("DELETE FROM cells WHERE kpi = :kpi AND (CAST(:since AS date) IS NULL OR last_day < :since)")


async def publish(session: AsyncSession, kpi: Kpi, today: date, threshold: int) -> int:
    """Compute what is due of this KPI; returns the number of periods. Nothing, while somebody else publishes it.

    The lock is taken, and then what is due, in statements before those that compute: these see all that was committed
    by whoever held it, and by whoever made something due.
    """
    if not await session.scalar(_LOCK, {"kpi": kpi.name}):
        return 0
    ranges = await _ranges(session, kpi, today)
    through = today - DAY
    done = 0
    for grain in sorted({*kpi.grains, kpi.cut_grain} if kpi.cuts else {*kpi.grains}):
        cuts = kpi.cuts if grain == kpi.cut_grain else ()
        wanted = sorted({period for days in ranges for period in periods(*days, grain)})
        for start in range(0, len(wanted), PERIODS_AT_ONCE):
            some = wanted[start : start + PERIODS_AT_ONCE]
            found = await kpi.compute(session, Asked(some, through, cuts))
            await write_cells(session, kpi.name, grain, some, found, threshold)
        done += len(wanted)
    if ranges:
        await _decide(session, kpi, {p for days in ranges for p in periods(*days, kpi.cut_grain)}, threshold)
    return done


async def _ranges(session: AsyncSession, kpi: Kpi, today: date) -> list[Period]:
    """What is due, from the first day on which there is anything to count; and all that lies before what stands."""
    ranges = await due.take(session, kpi.name)
    since: date | None = await session.scalar(text(kpi.since))
    before: date | None = await session.scalar(_SINCE, {"kpi": kpi.name})
    if since != before:
        await session.execute(_SET_SINCE, {"kpi": kpi.name, "since": since})
        await session.execute(_FORGET_EARLIER, {"kpi": kpi.name, "since": since})
        if since is not None:
            ranges.append(Period(since, before or today))
    return [] if since is None else due.clipped(merged(ranges), since, today)


async def _decide(session: AsyncSession, kpi: Kpi, cut: Collection[Period], threshold: int) -> None:
    """Hide what must be, of all cells about everybody and of the slices of these periods; show the rest."""
    found = await people_of(session, kpi.name, [period.first for period in cut])
    people = {place: n for place, (n, _) in found.items()}
    was = {place for place, (_, is_hidden) in found.items() if is_hidden}
    to_hide = hidden(people, relations(people, await _above(session, cut)), threshold, before=was)
    await hide(session, kpi.name, to_hide - was, was - to_hide)


async def _above(session: AsyncSession, cut: Collection[Period]) -> Mapping[Period, Mapping[Slice, Slice]]:
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
