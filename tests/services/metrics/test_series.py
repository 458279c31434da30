"""Small numbers, the watermark, and when a figure is final."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from praxis_events.contracts.programme import terms
from praxis_events.log import NewRecord
from praxis_metrics.calendar import DAY, Grain
from praxis_metrics.kpis import KPIS
from praxis_metrics.refresher import Refresher
from praxis_metrics.reporting_zone import declared_zone
from praxis_metrics.series import Series
from tests.fixtures.installation import running
from tests.services.metrics.build import did, staff
from tests.services.metrics.oracle import COUNTING
from tests.services.metrics.world import World

KPI = "monthly-active-learners"
PUBLISHED = COUNTING
MARCH = date(2026, 3, 1)


def learners(count: int) -> list[NewRecord]:
    return [did(f"learner-{n}", "completed", "a", "2026-03-02T09:00:00Z", took="PT1H") for n in range(count)]


def test_every_kpi_may_be_a_goal() -> None:
    assert KPIS.keys() <= terms.KPIS


@pytest.mark.parametrize("kpi", [kpi for kpi in COUNTING if kpi != "enrolments"])
async def test_fewer_learners_than_the_threshold_are_hidden_wholly(world: World, kpi: str) -> None:
    world.threshold = 5
    await world.takes([*staff("ann"), *learners(4)])
    hidden = await world.point(kpi, MARCH)
    figures = (hidden.value, hidden.numerator, hidden.denominator, hidden.n, hidden.unmatched)
    assert (figures, hidden.suppressed, hidden.detail) == ((None,) * 5, True, {})
    await world.takes(learners(5)[4:])
    shown = await world.point(kpi, MARCH)
    assert (shown.n, shown.unmatched, shown.suppressed) == (5, 5, False)
    assert shown.value == 5


async def test_nobody_is_not_a_small_number(world: World) -> None:
    world.threshold = 5
    await world.takes(staff("ann"))
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.suppressed) == (0, 0, 1, 0, False)


async def until(world: World, what: Callable[[Series], bool], day: date) -> Series:
    async with asyncio.timeout(20):
        while True:
            found = await world.series(KPI, day, day, Grain.DAY)
            if what(found):
                return found
            await asyncio.sleep(0.02)


async def test_a_figure_is_provisional_until_the_watermark_is_past_its_period_and_what_may_come_late(
    world: World,
) -> None:
    today = datetime.now(UTC).date()
    before = await world.series(KPI, today - 3 * DAY, today, Grain.DAY)
    assert before.watermark is None
    assert all(point.provisional for point in before.points)
    world.lateness = timedelta(days=2)
    async with running(world.workers()):
        found = await until(world, lambda each: each.watermark is not None, today)
    assert found.watermark is not None
    points = (await world.series(KPI, found.watermark.date() - 4 * DAY, found.watermark.date(), Grain.DAY)).points
    # The 4th day back ended 3 days ago, the 3rd back 2 days ago and some hours: both past two days; the 2nd is not.
    assert [point.provisional for point in points] == [False, False, True, True, True]


async def test_the_watermark_stops_at_what_waits_for_a_refresher(world: World) -> None:
    # Projected but not refreshed: the figure is not whole, and the watermark says so for as long as that lasts.
    await world.takes(staff("ann"))
    async with running(world.workers(refreshers=0)):
        begun = await until(world, lambda each: each.watermark is not None, MARCH)
        await world.log.append(learners(1))
        appended = datetime.now(UTC)
        await asyncio.wait_for(_projected(world), 20)
        await _looked_again(world, appended)
        waiting = await world.series(KPI, MARCH, MARCH, Grain.DAY)
        assert begun.watermark is not None
        assert waiting.watermark is not None
        assert waiting.watermark <= appended
        refresher = Refresher(world.database.sessions, world.zone)
        while await refresher.step():
            pass
        found = await until(
            world, lambda each: each.watermark is not None and each.watermark > appended, date(2026, 3, 2)
        )
    assert found.points[0].value == 1


async def _projected(world: World) -> None:
    async with world.database.sessions() as session:
        while not await session.scalar(text("SELECT EXISTS (SELECT FROM dirty_groups)")):
            await session.rollback()
            await asyncio.sleep(0.02)


async def _looked_again(world: World, since: datetime) -> None:
    """Until every checkpoint has been observed after ``since``."""
    query = text("SELECT min(read_through) > :since FROM checkpoints")
    async with asyncio.timeout(20), world.database.sessions() as session:
        while not await session.scalar(query, {"since": since}):
            await session.rollback()
            await asyncio.sleep(0.02)


async def test_a_changed_time_zone_waits_for_a_rebuild(world: World) -> None:
    berlin, utc = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
    sessions = world.database.sessions
    assert await asyncio.gather(*(declared_zone(sessions, berlin) for _ in range(5))) == [berlin] * 5
    assert await declared_zone(sessions, utc) == berlin
    assert world.zone == utc
    assert (await world.series(KPI, MARCH, MARCH, Grain.DAY)).zone == berlin


async def test_before_anything_is_declared_the_settings_speak(world: World) -> None:
    assert (await world.series(KPI, MARCH, MARCH, Grain.DAY)).zone == world.zone
