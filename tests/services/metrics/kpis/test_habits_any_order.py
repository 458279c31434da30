"""Any order, copies, rescissions before and after, links later: each cell of these KPIs is the naive oracle's."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from praxis_metrics.calendar import Grain, Period, periods
from praxis_metrics.dirty import Queue
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Asked, Cell
from praxis_metrics.reporting_zone import declared_zone
from tests.fixtures.installation import running
from tests.services.metrics import habit_histories
from tests.services.metrics.oracle import Heard, Told
from tests.services.metrics.oracles.feedback_interval import THROUGH, feedback_interval
from tests.services.metrics.oracles.micro_habits import micro_habits
from tests.services.metrics.oracles.participation import participation
from tests.services.metrics.oracles.peer_coaching import Figures, peer_coaching
from tests.services.metrics.oracles.protected_hours import protected_hours
from tests.services.metrics.oracles.standing import Cut, Days, Standing
from tests.services.metrics.oracles.visible_leader_participation import visible_leader_participation
from tests.services.metrics.said.histories import Spoken, heard_record
from tests.services.metrics.world import World, statement

BERLIN = ZoneInfo("Europe/Berlin")
ORACLES: dict[str, Callable[[Standing, Days], dict[Cut, Figures]]] = {
    "participation": participation,
    "peer-coaching": peer_coaching,
    "visible-leader-participation": visible_leader_participation,
    "micro-habits": micro_habits,
    "protected-hours": protected_hours,
    "feedback-interval": feedback_interval,
}
WITHOUT_DETAIL = ("participation",)
GRAINS = (Grain.WEEK, Grain.MONTH)
_STALE = text("SELECT " + " OR ".join(f"EXISTS (SELECT FROM {queue})" for queue in Queue if queue != Queue.CHANGES))


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    told=habit_histories.told,
    spoken=habit_histories.spoken,
    heard=habit_histories.heard,
    cuts=st.lists(st.integers(0, 60), max_size=2),
)
async def test_each_cell_is_the_naive_oracle_s(
    world: World, told: list[Told], spoken: list[Spoken], heard: list[Heard], cuts: list[int]
) -> None:
    await world.fresh(BERLIN)
    await declared_zone(world.database.sessions, BERLIN)
    streams = [
        [statement(each.body, credential=each.credential, id_assigned=each.id_assigned) for each in told],
        [each.record for each in spoken],
        [heard_record(each) for each in heard],
    ]
    async with running(world.workers(projectors=2, publishers=0)):
        for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), 999], strict=True):
            for stream in streams:
                await world.log.append(stream[start:end])
            await world.projected()
        await refreshed(world)
    standing = Standing(told, spoken, heard, BERLIN)
    for grain in GRAINS:
        some = periods(date(2026, 3, 25), date(2026, 4, 6), grain)
        for kpi, oracle in ORACLES.items():
            cells = await computed(world, kpi, some)
            for period in some:
                compare(kpi, cells, period, oracle(standing, (period.first, period.last)))


async def refreshed(world: World) -> None:
    async with asyncio.timeout(60), world.database.reads.connect() as connection:
        while await connection.scalar(_STALE):
            await asyncio.sleep(0.01)


async def computed(world: World, kpi: str, some: Sequence[Period]) -> list[Cell]:
    async with world.database.sessions.begin() as session:
        return await KPIS[kpi].compute(session, Asked(some, THROUGH, ("unit", "role")))


def compare(kpi: str, cells: list[Cell], period: Period, expected: dict[Cut, Figures]) -> None:
    found = {(cell.slice.kind, cell.slice.name): shown(kpi, cell) for cell in cells if cell.period == period}
    for cut in found.keys() | expected.keys():
        if cut in found and cut in expected:
            assert found[cut] == pytest.approx(expected[cut], abs=1e-6), (kpi, period, cut)
        else:
            only = found.get(cut) or expected[cut]
            assert not any(only[name] for name in ("n", "denominator", "unmatched")), (kpi, period, cut)


def shown(kpi: str, cell: Cell) -> Figures:
    detail = {} if kpi in WITHOUT_DETAIL else cell.detail
    names = ("value", "numerator", "denominator", "n", "unmatched")
    return {**{name: getattr(cell, name) for name in names}, **detail}
