"""A question about a KPI into its answer, the same for programs and for pages."""

from dataclasses import dataclass

from sqlalchemy import text

from praxis_events.clock import Clock
from praxis_metrics.asking import asked_periods, asked_slice, compared
from praxis_metrics.calendar import local_day
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.lattice import Slice
from praxis_metrics.programme.goal_schemas import GoalOut
from praxis_metrics.programme.goals import goals_of
from praxis_metrics.schemas import ComparisonOut, SeriesOut, SeriesQuery
from praxis_metrics.series import Reporting, as_begun, several, snapshot
from praxis_service.database import ServiceDatabase

_SLICES = text(
    "SELECT DISTINCT kind, slice FROM published WHERE kpi = :kpi AND grain = :grain AND kind <> 'all' ORDER BY 1, 2"
)
_ANYTHING = text("SELECT EXISTS (SELECT FROM published)")


@dataclass(frozen=True, slots=True)
class Answers:
    database: ServiceDatabase
    reporting: Reporting
    clock: Clock

    async def series(self, kpi: Kpi, query: SeriesQuery) -> SeriesOut:
        """Of one moment. Raises ``BadRequest`` for what is not published."""
        asked, of = asked_periods(query, local_day(self.clock(), self.reporting.zone)), asked_slice(query, kpi)
        beside = compared(query, kpi, asked, of)
        wanted = [(asked, of)] if beside is None else [(asked, of), beside]
        async with self.database.reads.connect() as connection:
            found, *others = await several(connection, kpi, query.grain, wanted, self.reporting)
        comparison = ComparisonOut.of(query.compare or "", others[0]) if others else None
        return SeriesOut.of(found, query.grain, self.clock(), comparison)

    async def goals(self) -> list[GoalOut]:
        """As ``/goals`` has them, the next due first."""
        async with self.database.sessions.begin() as session:
            await snapshot(session)
            reporting = await as_begun(session, self.reporting)
            return await goals_of(session, reporting, local_day(self.clock(), reporting.zone))

    async def slices(self, kpi: Kpi) -> list[Slice]:
        """All that it is published by, hidden ones too."""
        async with self.database.sessions() as session:
            found = await session.execute(_SLICES, {"kpi": kpi.name, "grain": kpi.cut_grain})
            return [Slice(row.kind, row.slice) for row in found]

    async def has_anything(self) -> bool:
        """Whether there is any figure of any KPI."""
        async with self.database.sessions() as session:
            return bool(await session.scalar(_ANYTHING))
