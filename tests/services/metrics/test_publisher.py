"""One KPI that cannot be computed holds up no other; and a day that begins makes everything due."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi
from praxis_metrics.publisher import Publisher
from tests.fixtures.installation import running
from tests.services.metrics.build import did
from tests.services.metrics.world import LATENESS, World

MARCH = date(2026, 3, 1)


async def _fails(_session: AsyncSession, _asked: Asked) -> list[Cell]:
    raise ZeroDivisionError


async def _fails_in_sql(session: AsyncSession, _asked: Asked) -> list[Cell]:
    await session.execute(text("SELECT 1 / 0"))
    return []


async def _learned(world: World) -> None:
    """Applied and refreshed, and not yet published."""
    await world.log.append([did("ann", "completed", "a", "2026-03-02T09:00:00Z")])
    async with running(world.workers(publishers=0)):
        await world.projected()
        await world.refreshed()


def _publisher(world: World, *kpis: Kpi, now: datetime | None = None) -> Publisher:
    clock = (lambda: now) if now else (lambda: datetime.now(UTC))
    return Publisher(world.database.sessions, world.zone, world.threshold, LATENESS, clock, kpis)


async def _due(world: World) -> list[str]:
    async with world.database.sessions() as session:
        return sorted(await session.scalars(text("SELECT DISTINCT kpi FROM due")))


@pytest.mark.parametrize("broken", [_fails, _fails_in_sql])
async def test_a_kpi_that_cannot_be_computed_holds_up_no_other(
    world: World, broken: Callable[[AsyncSession, Asked], Awaitable[list[Cell]]]
) -> None:
    good, bad = KPIS["completions"], KPIS["active-days"]
    await _learned(world)
    publisher = _publisher(world, replace(bad, compute=broken), good)
    assert await publisher.step() > 0
    assert (await world.point("completions", MARCH)).value == 1
    # What is due of it stays so, and with it the KPI's watermark; at once it is not tried again.
    assert await _due(world) == ["active-days"]
    assert await publisher.step() == 0
    # Mended, it is published.
    assert await _publisher(world, bad, good).step() > 0
    assert (await world.point("active-days", MARCH)).value == 1
    assert await _due(world) == []


async def test_a_new_version_and_a_new_day_make_it_due(world: World) -> None:
    kpi = KPIS["completions"]
    await _learned(world)
    now = datetime.now(UTC)
    assert await _publisher(world, kpi, now=now).step() > 0
    assert await _publisher(world, kpi, now=now).step() == 0
    newer = replace(kpi, version=kpi.version + 1)
    assert await _publisher(world, newer, now=now).step() > 0
    # As if that had been yesterday: of today there is nothing to count; but it is looked for.
    async with world.database.sessions.begin() as session:
        today = await session.scalar(text("SELECT through FROM publications"))
        await session.execute(text("UPDATE publications SET through = through - 1"))
    assert await _publisher(world, newer, now=now).step() == 0
    assert await _due(world) == []
    async with world.database.sessions() as session:
        assert await session.scalar(text("SELECT through FROM publications")) == today


async def test_a_changed_day_is_published_with_its_own_periods_only(world: World) -> None:
    kpi = KPIS["completions"]
    for name, day in (("ann", 2), ("bob", 20)):
        await world.log.append([did(name, "completed", "a", f"2026-03-{day:02}T09:00:00Z")])
    await _learned(world)
    # Of each of the two days and of its week, and of the one month and quarter.
    assert await _publisher(world, kpi).step() == 6
    await world.log.append([did("cid", "completed", "a", "2026-03-20T09:00:00Z")])
    async with running(world.workers(publishers=0)):
        await world.projected()
        await world.refreshed()
    assert await _publisher(world, kpi).step() == 4
    assert (await world.point("completions", MARCH)).value == 3


async def test_two_publishers_do_not_publish_the_same_kpi_at_once(world: World) -> None:
    kpi = KPIS["completions"]
    await _learned(world)
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/cells/' || 'completions', 0))")
    async with world.database.sessions.begin() as other:
        await other.execute(lock)
        assert await _publisher(world, kpi).step() == 0
        assert await _due(world) == ["completions"]
    assert await _publisher(world, kpi).step() > 0
