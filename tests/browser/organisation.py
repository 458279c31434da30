"""Half a year of published figures of an organisation with two units, one month of which is about too few people.

They are put where the publisher puts them, so that nothing has to be computed first.
"""

from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period, period_of
from praxis_metrics.cells import hide, write_cells
from praxis_metrics.dashboard.headlines import HEADLINES
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Cell, Interval, Kpi
from praxis_metrics.lattice import ALL, Place, Slice
from praxis_metrics.watermark import READ

THRESHOLD = 5
UNITS = [Slice("unit", "operations"), Slice("unit", "sales")]


def _month_before(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


MONTHS = [_month_before(datetime.now(UTC).date(), count) for count in range(9, 3, -1)]
"""Six months that are over, and final for every headline."""

HIDDEN = MONTHS[2]

_READ = text(
    "INSERT INTO checkpoints (projection, topic, partition, next_offset, read_through) "
    "VALUES (:projection, :topic, :partition, 0, now())"
)
_EMPLOYED = text("INSERT INTO employment VALUES ('ann', '2020-01-01', 'infinity', false, true)")


async def publish(session: AsyncSession) -> None:
    for kpi in map(KPIS.__getitem__, HEADLINES):
        for grain in {Grain.MONTH, kpi.cut_grain}:
            cells = _cells(kpi, grain)
            await write_cells(session, kpi.name, grain, sorted({cell.period for cell in cells}), cells, THRESHOLD)
            shown = [Place(grain, cell.period, cell.slice) for cell in cells if cell.n >= THRESHOLD]
            await hide(session, kpi.name, [], shown)
    await session.execute(_EMPLOYED)
    partitions = [
        {"projection": projection, "topic": topic.name, "partition": partition}
        for projection, topics in READ.items()
        for topic in topics
        for partition in range(topic.partitions)
    ]
    await session.execute(_READ, partitions)


def _cells(kpi: Kpi, grain: Grain) -> list[Cell]:
    places = {ALL: [period_of(first, Grain.MONTH) for first in MONTHS]} if grain is Grain.MONTH else {}
    if grain is kpi.cut_grain:
        places |= dict.fromkeys(UNITS, sorted({period_of(first, grain) for first in MONTHS}))
    return [
        _cell(kpi, period, of, number) for of, those in places.items() for number, period in enumerate(those, start=3)
    ]


def _cell(kpi: Kpi, period: Period, of: Slice, number: int) -> Cell:
    people = 2 if period.first == HIDDEN and of == ALL else 10 + number
    value = number / 10 if kpi.unit == "ratio" else 7.25 - number  # below zero too
    interval = None if kpi.stage == "input" else Interval(value - 0.125, value + 0.1, 0.95, "wilson")
    return Cell(period, value, number, 10, people, number % 2, of, interval)
