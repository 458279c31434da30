"""What an answer of ``/kpis`` costs beyond the query that it needs, and the least that the server does for any request.

One after the other, on one connection each: the route, an empty route of the same server, and the statement that the
route runs, by asyncpg alone. ``ratio`` is of the 99th percentiles: of the route's by the sum of the two others'.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from time import perf_counter
from typing import NamedTuple

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from bench.asking_server import EMPTY
from bench.comparison import Limit, console
from bench.http_client import Client
from bench.organisation import LAST
from praxis_metrics.asking import BY_DEFAULT
from praxis_metrics.calendar import Grain, latest, periods
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.lattice import ALL
from praxis_metrics.series import STATEMENT, asked_of

TIMES = 200
MOST = 1.5


class Costs(NamedTuple):
    """Seconds of each time."""

    route: list[float]
    empty: list[float]
    query: list[float]

    @property
    def ratio(self) -> float:
        return _p99(self.route) / (_p99(self.empty) + _p99(self.query))


async def answers(client: Client, connection: asyncpg.Connection, statements: int) -> Sequence[Limit]:
    """Of every KPI, by month where it has months, of all and of ``statements`` facts beside."""
    costs = {kpi.name: await _costs(client, connection, kpi) for kpi in KPIS.values()}
    for name, of in costs.items():
        console.print(
            f"  {name}, {statements:,} facts: route {_ms(of.route)} ms, empty route {_ms(of.empty)} ms, "
            f"query {_ms(of.query)} ms; p99 {of.ratio:.2f}", style="dim",
        )  # fmt: skip
    middle = median(of.ratio for of in costs.values())
    route = 1_000 * median(seconds for of in costs.values() for seconds in of.route)
    return [
        Limit(f"/kpis with {statements:,} facts: p99 by query and empty route, median KPI", middle, MOST),
        Limit(f"/kpis with {statements:,} facts: the route, ms", route, 20),
    ]


async def _costs(client: Client, connection: asyncpg.Connection, kpi: Kpi) -> Costs:
    grain = Grain.MONTH if Grain.MONTH in kpi.grains else kpi.grains[0]
    first = latest(LAST, grain, BY_DEFAULT[grain])
    path = f"/kpis/{kpi.name}?grain={grain}&from={first}&to={LAST}"
    asked = asked_of(kpi, grain, [(periods(first, LAST, grain), ALL)])
    compiled = STATEMENT.compile(dialect=dialect())  # type: ignore[no-untyped-call]
    query = await connection.prepare(str(compiled))
    parameters = [asked[name] for name in compiled.positiontup or ()]
    assert json.loads(await client.get(path))["points"], kpi.name
    found = Costs([], [], [])
    for number in range(TIMES + 10):
        took = (
            await _timed(lambda: client.get(path)),
            await _timed(lambda: client.get(EMPTY)),
            await _timed(lambda: query.fetch(*parameters)),
        )
        if number >= 10:
            for seconds, of in zip(took, found, strict=True):
                of.append(seconds)
    return found


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    start = perf_counter()
    await work()
    return perf_counter() - start


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]


def _ms(seconds: list[float]) -> str:
    return f"{median(seconds) * 1_000:.2f}"
