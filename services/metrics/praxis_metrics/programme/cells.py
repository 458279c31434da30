"""Published cells of a quarter that are no series: what is shown of each slice."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.lattice import Slice


class Shown(NamedTuple):
    """All ``None`` where it is hidden. ``value``: as the definition says; ``n``: how many people it is about."""

    n: int | None
    value: float | None
    numerator: float | None

    @property
    def hidden(self) -> bool:
        return self.n is None


_CELLS = text(
    "SELECT kind, slice, n, value, numerator FROM published "
    "WHERE kpi = :kpi AND grain = 'quarter' AND first_day = :first ORDER BY kind, slice"
)


async def shown(session: AsyncSession, kpi: str, quarter: Period) -> dict[Slice, Shown]:
    """Of everybody and of each slice, of whatever kind."""
    rows = await session.execute(_CELLS, {"kpi": kpi, "first": quarter.first})
    return {Slice(row.kind, row.slice): Shown(row.n, row.value, row.numerator) for row in rows}
