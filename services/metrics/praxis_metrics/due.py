"""What is due: of which KPI the cells of which days are to be published again.

Each row bears the log's time of what made it so: while it stands, the KPI's cells are not whole from then on.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics import dirty
from praxis_metrics.calendar import FIRST_DAY, LAST_DAY, Period
from praxis_metrics.changes import Change, Source
from praxis_metrics.copying import copy
from praxis_metrics.day_ranges import ranges
from praxis_metrics.kpis.kpi import Reach

AT_ONCE = 50_000

DUE_TABLES = (
    """
    CREATE TABLE due (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kpi text NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        appended_at timestamptz NOT NULL
    )
    """,
    # Under which definition and threshold a KPI's cells stand, and from which day through which they reach.
    """
    CREATE TABLE publications (
        kpi text PRIMARY KEY,
        version integer NOT NULL,
        threshold integer NOT NULL,
        since date,
        through date NOT NULL
    )
    """,
)
"""The statements that a generation's first migration runs."""


class Published(Protocol):
    """What may be due: a KPI, or a kind of finding. Where this module says KPI, it means either."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def reads(self) -> Mapping[Source, Reach]: ...


async def spread(session: AsyncSession, kpis: Collection[Published]) -> int:
    """Take what has changed; each KPI that reads it is due for the days within its reach."""
    taken = await dirty.take(session, dirty.Queue.CHANGES, AT_ONCE)
    since = dirty.oldest((Change(Source(row.source), row.first_day, row.last_day), row.appended_at) for row in taken)
    found = dirty.oldest(
        ((kpi.name, reached(change, kpi.reads[change.source])), at)
        for change, at in since.items()
        for kpi in kpis
        if change.source in kpi.reads
    )
    await _add(session, found)
    return len(taken)


def reached(change: Change, reach: Reach) -> Period:
    """The days whose figures a change may have changed."""
    first = max(change.first.toordinal() - reach.before, FIRST_DAY.toordinal())
    after = LAST_DAY.toordinal() if reach.after is None else change.last.toordinal() + reach.after
    return Period(date.fromordinal(first), date.fromordinal(min(after, LAST_DAY.toordinal())))


async def begin(session: AsyncSession, kpis: Collection[Published], threshold: int, today: date, now: datetime) -> None:
    """What no event says: a KPI that is new, or defined anew, is due as a whole, and everyone is when a day begins."""
    rows = await session.execute(text("SELECT kpi, version, threshold, through FROM publications"))
    known: Mapping[str, tuple[int, int, date]] = {row[0]: (row[1], row[2], row[3]) for row in rows}
    found: dict[tuple[str, Period], datetime] = {}
    for kpi in kpis:
        version, hiding, through = known.get(kpi.name, (None, None, FIRST_DAY))
        if (version, hiding) != (kpi.version, threshold):
            found[kpi.name, Period(FIRST_DAY, LAST_DAY)] = now
        elif through < today:
            reach = Reach(max(reach.before for reach in kpi.reads.values()))
            found[kpi.name, reached(Change(Source.LEARNING, through, today), reach)] = now
    await _add(session, found)
    if found:
        await session.execute(
            text(
                "INSERT INTO publications (kpi, version, threshold, through) "
                "SELECT unnest(CAST(:kpis AS text[])), unnest(CAST(:versions AS int[])), :threshold, :today "
                "ON CONFLICT (kpi) DO UPDATE SET version = excluded.version, threshold = excluded.threshold, "
                "through = excluded.through"
            ),
            {
                "kpis": [kpi.name for kpi in kpis],
                "versions": [kpi.version for kpi in kpis],
                "threshold": threshold,
                "today": today,
            },
        )


async def _add(session: AsyncSession, found: Mapping[tuple[str, Period], datetime]) -> None:
    rows = [(kpi, *days, at) for (kpi, days), at in found.items() if days.first <= days.last]
    await copy(session, "due", ("kpi", "first_day", "last_day", "appended_at"), rows)


async def take(session: AsyncSession, kpi: str) -> list[Period]:
    """The days for which this KPI is due, merged; gone when the transaction commits. The caller has locked the KPI."""
    rows = await session.execute(text("DELETE FROM due WHERE kpi = :kpi RETURNING first_day, last_day"), {"kpi": kpi})
    return ranges(Period(row.first_day, row.last_day) for row in rows)


def clipped(ranges: Sequence[Period], first: date, last: date) -> list[Period]:
    """What of them lies from ``first`` to ``last``."""
    cut = [Period(max(each.first, first), min(each.last, last)) for each in ranges]
    return [each for each in cut if each.first <= each.last]
