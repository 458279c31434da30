"""What publishing costs: each KPI as a whole, as after an upgrade, and again after one day has changed."""

import resource
from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

from sqlalchemy import text

from bench.comparison import Limit, console
from bench.organisation import LAST, READ_THROUGH
from praxis_metrics import changes, due, statistics
from praxis_metrics.calendar import DAY
from praxis_metrics.changes import Change, Source
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.publishing import publish
from praxis_service.database import ServiceDatabase

THRESHOLD, LATENESS = 5, timedelta(days=2)
TODAY = LAST + DAY
SLOWEST_SECONDS = 60.0
"""A KPI that took longer would be a minute behind whenever something of long ago is told."""

_DUE = text("INSERT INTO due (kpi, first_day, last_day, appended_at) VALUES (:kpi, :first, :last, :at)")


async def whole_and_by_day(database: ServiceDatabase) -> Sequence[Limit]:
    """The slowest KPI each way, in seconds. Each is printed."""
    async with database.sessions.begin() as session:
        await due.begin(session, KPIS.values(), THRESHOLD, TODAY, READ_THROUGH)
    wholes = {kpi.name: await _published(database, kpi) for kpi in KPIS.values()}
    async with database.sessions.begin() as session:
        of_one_day = [Change(source, LAST, LAST) for source in (Source.LEARNING, Source.WORK, Source.PEOPLE)]
        await changes.note(session, of_one_day, READ_THROUGH)
        await due.spread(session, KPIS.values())
    by_day = {kpi.name: await _published(database, kpi) for kpi in KPIS.values()}
    for name, (seconds, periods) in wholes.items():
        again, some = by_day[name]
        console.print(f"  {name}: {seconds:.1f} s for {periods} periods, {again:.1f} s for {some}", style="dim")
    statistics.close()
    return [
        Limit("publishing the slowest KPI as a whole, s", max(each[0] for each in wholes.values()), SLOWEST_SECONDS),
        Limit("publishing the slowest KPI after a changed day, s", max(e[0] for e in by_day.values()), SLOWEST_SECONDS),
        Limit("memory of the publisher's process, MB", _most_megabytes(), 700),
    ]


async def _published(database: ServiceDatabase, kpi: Kpi) -> tuple[float, int]:
    start = perf_counter()
    async with database.sessions.begin() as session:
        periods = await publish(session, kpi, TODAY, THRESHOLD, LATENESS)
    return perf_counter() - start, periods


def _most_megabytes() -> float:
    """So far, of this process: it publishes as the projector does."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
