"""Hidden cells that stay hidden: what late data say of them now would tell what they hid.

A cell is settled when it was hidden for as long as data may come late, after its period was final. Which are is kept in
the durable schema: a rebuild computes the same figures, and cannot know how long they were on show.
"""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period, period_of
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.lattice import Place, Slice

SETTLED_TABLE = """
CREATE TABLE settled_cells (
    kpi text NOT NULL,
    version integer NOT NULL,
    grain text NOT NULL,
    kind text NOT NULL,
    slice text NOT NULL,
    first_day date NOT NULL,
    PRIMARY KEY (kpi, version, grain, kind, slice, first_day)
)
"""
"""The statement that the durable schema's migration runs."""

_SETTLE = text(
    """
    INSERT INTO settled_cells (kpi, version, grain, kind, slice, first_day)
    SELECT kpi, :version, grain, kind, slice, first_day FROM cells
    WHERE kpi = :kpi AND hidden AND last_day < :final AND hidden_at <= now() - CAST(:lateness AS interval)
    ON CONFLICT DO NOTHING
    """
)

_SETTLED = text("SELECT grain, kind, slice, first_day FROM settled_cells WHERE kpi = :kpi AND version = :version")


async def settle(session: AsyncSession, kpi: Kpi, today: date, lateness: timedelta) -> None:
    """Note which cells are settled, before they are computed again."""
    final = today - lateness - kpi.matures
    asked = {"kpi": kpi.name, "version": kpi.version, "final": final, "lateness": lateness}
    await session.execute(_SETTLE, asked)


async def settled(session: AsyncSession, kpi: Kpi) -> set[Place]:
    rows = await session.execute(_SETTLED, {"kpi": kpi.name, "version": kpi.version})
    return {_place(Grain(grain), Slice(kind, name), first) for grain, kind, name, first in rows}


def _place(grain: Grain, of: Slice, first: date) -> Place:
    return Place(grain, Period(*period_of(first, grain)), of)
