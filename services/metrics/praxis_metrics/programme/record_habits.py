"""A person's own habits: how often they were due and kept, how long the streak is, and the reward agreed for it.

The reward is an acknowledgement on one's own page. It is never recognition.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.kpis.habit_days import KEPT, SCOPES, ZONES, done, due
from praxis_metrics.kpis.kpi import Asked
from praxis_metrics.kpis.slicing import PERIODS
from praxis_metrics.reporting_zone import UTC_ZONE, reporting_zone

DAYS = 90
"""As many as are looked at: a quarter of working days."""

_KEPT = text(
    f"""
    WITH {PERIODS}, {SCOPES}, {due("e.person_id = :person")}, {done("learner_id = :learner")}, {KEPT}
    SELECT habit, day, is_done FROM kept ORDER BY habit, day
    """  # noqa: S608 - of our own
)

_DESIGNS = text(
    "SELECT habit, kind, reward FROM habit_designs WHERE kind <> 'other' AND (unit IS NULL OR unit = ANY(:units)) "
    "ORDER BY kind, habit"
)


async def habits(
    session: AsyncSession, person_id: str, learner: int, units: Collection[str], through: date
) -> list[dict[str, Any]]:
    """By kind of habit, of the ``DAYS`` days up to ``through``."""
    zone = await reporting_zone(session) or UTC_ZONE
    period = Period(through - timedelta(days=DAYS - 1), through)
    further = {"zone": zone.key, "zones": list(await session.scalars(ZONES))}
    asked = {**Asked([period], through).parameters, **further, "person": person_id, "learner": learner}
    designs = (await session.execute(_DESIGNS, {"units": list(units)})).all()
    found: list[dict[str, Any]] = []
    for kind, rows in groupby(await session.execute(_KEPT, asked), key=attrgetter("habit")):
        times = [row.is_done for row in rows]
        streak, longest = streaks(times)
        own = [each for each in designs if each.kind == kind]
        found.append({
            "kind": kind, "habits": [each.habit for each in own], "since": period.first, "due": len(times),
            "kept": sum(times), "streak": streak, "longest": longest,
            "acknowledgements": [{"habit": each.habit, "reward": each.reward} for each in own] if streak else [],
        })  # fmt: skip
    return found


def streaks(kept: Sequence[bool]) -> tuple[int, int]:
    """How often the last times in a row were kept, and the most in a row. Pure."""
    runs = [len(list(run)) for is_kept, run in groupby(kept) if is_kept]
    return (runs[-1] if kept and kept[-1] else 0), max(runs, default=0)
