"""How people's habits are observed: those that they keep, hours that they were given, and who coaches them."""

from collections.abc import Callable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.kpis.habit_days import DONE, DUE, KEPT, SCOPES
from praxis_metrics.kpis.kpi import Asked
from praxis_metrics.kpis.micro_habits import zones
from praxis_metrics.kpis.peer_coaching import TALKS
from praxis_metrics.kpis.protected_hours import BLOCKS, blocks
from praxis_metrics.programme.observing.learning import AT_WORK, PRESENCE
from praxis_metrics.programme.observing.observed import Observed

_KEPT = f"{SCOPES}, {DUE}, {DONE}, {KEPT}, observations AS (SELECT person_id, day, is_done FROM kept)"  # noqa: S608

_BLOCKS = f"""
    {BLOCKS}, observations AS (SELECT c.* FROM periods p JOIN counted c ON c.day BETWEEN p.first AND p.last)
"""  # noqa: S608 - of our own

_COACHED = f"""
    {TALKS}, {AT_WORK}, observations AS (
        SELECT person_id, day, CAST(NULL AS bigint) AS coach_id, is_present FROM at_work
        UNION ALL SELECT person_id, day, coach_id, false FROM talks WHERE employed AND NOT from_above
    )
"""  # noqa: S608 - of our own


async def _zones(session: AsyncSession) -> Callable[[Asked], Mapping[str, object]]:
    found = await zones(session)
    return lambda _: found


HABITS = (
    Observed(
        kpi="micro-habits",
        words="of the times that people were to keep a micro-habit, the share that they kept",
        tables=_KEPT,
        figure="count(*) FILTER (WHERE o.is_done)",
        denominator="count(*)",
        stepwise=True,
        parameters=_zones,
    ),
    Observed(
        kpi="protected-hours",
        words="of the hours that were booked for people, the share that their learning sessions cover",
        tables=_BLOCKS,
        figure="sum(o.inside) / 3600",
        denominator="sum(o.booked) / 3600",
        stepwise=True,
        parameters=blocks,
    ),
    Observed(
        kpi="peer-coaching",
        words=(
            "colleagues who coached a person, each once, per person: of employees, by the part of the period for which "
            "they were at work and not on leave; whoever was above the person on the day of a conversation is none"
        ),
        tables=_COACHED,
        figure="count(DISTINCT o.coach_id)",
        denominator=PRESENCE,
        by_doers=True,
    ),
)
