"""Goals: the KPI of each against baseline and target, and what is done for it."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import FIRST_DAY, local_day, periods
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.programme.goal_schemas import GoalOut
from praxis_metrics.programme.interventions import resolved
from praxis_metrics.programme.people import persons
from praxis_metrics.programme.progress import Goal, expected, latest, progress, standing
from praxis_metrics.series import Point, Reporting, series
from praxis_people.identifiers import bounded

LOOK_BACK = timedelta(days=3 * 366 + 92)
"""For a final value: some KPIs wait two years until a period is final."""

_GOALS = text("SELECT * FROM goals ORDER BY due_on, goal")


async def goals_of(session: AsyncSession, reporting: Reporting, today: date) -> list[GoalOut]:
    """The next due first; the session is in a ``snapshot``."""
    rows = (await session.execute(_GOALS)).all()
    owners = await persons(session, (row.owner_id for row in rows))
    known = await resolved(session, today)
    found = []
    for row in rows:
        kpi, filters = KPIS[row.kpi], row.filters or {}
        of = published_slice(kpi, filters)
        goal = Goal(row.baseline, row.target, local_day(row.at, reporting.zone), row.due_on)
        point = None if of is None else await _latest(session, kpi, of, reporting, today)
        found.append(
            GoalOut(
                goal=row.goal,
                kpi=kpi.name,
                definition_version=kpi.version,
                unit=kpi.unit,
                filters=filters,
                published=of is not None,
                baseline=goal.baseline,
                target=goal.target,
                set_on=goal.set_on,
                due_on=goal.due_on,
                owner=owners.get(row.owner_id),
                interventions=[known.look_up(each) for each in row.interventions],
                first=point and point.period.first,
                last=point and point.period.last,
                value=point and point.value,
                suppressed=bool(point and point.suppressed),
                provisional=bool(point and point.provisional),
                progress=None if point is None or point.value is None else progress(goal, point.value),
                expected=point and expected(goal, point.period.last),
                standing=standing(goal, point, today),
            )
        )
    return found


def published_slice(kpi: Kpi, filters: Mapping[str, str]) -> Slice | None:
    """The slice that filters mean; ``None`` where the KPI is not published by it, or not by two at once."""
    if not filters:
        return ALL
    if len(filters) > 1 or not filters.keys() <= set(kpi.cuts):
        return None
    ((kind, name),) = filters.items()
    return Slice(kind, bounded(name))


async def _latest(session: AsyncSession, kpi: Kpi, of: Slice, reporting: Reporting, today: date) -> Point | None:
    asked = periods(max(today - LOOK_BACK, FIRST_DAY), today, kpi.cut_grain)
    return latest((await series(session, kpi, kpi.cut_grain, asked, reporting, of)).points, today)
