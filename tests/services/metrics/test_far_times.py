"""Times that no calendar can compute with, as wrong clocks and "no end" in HR systems send them, stop nothing."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from praxis_metrics.calendar import Grain
from tests.services.metrics.build import did, hired, left, linked, mail, staff
from tests.services.metrics.world import World

FAR = ["9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", "3001-01-01T00:00:00Z", "1969-12-30T00:00:00Z"]
DAY = date(2026, 3, 2)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_a_statement_from_no_calendar_counts_nowhere_and_holds_nobody_up(world: World, zone: str) -> None:
    await world.fresh(ZoneInfo(zone))
    far = [did("ann", "completed", "far", at, took="PT4H", stored="2026-03-02T12:00:00Z") for at in FAR]
    await world.takes([*staff("ann"), *far, did("ann", "completed", "near", "2026-03-02T12:00:00Z", took="PT1H")])
    points = [await world.point(kpi, DAY) for kpi in ("completions", "learning-hours")]
    assert [(point.value, point.numerator) for point in points] == [(1, 1), (1, 1)]


async def test_its_id_is_taken_all_the_same(world: World) -> None:
    far = did("ann", "completed", "far", FAR[0], id_="0" * 31 + "1", stored="2026-03-02T12:00:00Z")
    await world.takes([far, did("ann", "completed", "near", "2026-03-02T12:00:00Z", id_="0" * 31 + "1")])
    assert (await world.point("completions", DAY)).value == 0


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_employment_since_ever_until_never(world: World, zone: str) -> None:
    await world.fresh(ZoneInfo(zone))
    await world.takes([
        hired("ann", "0001-01-01T00:00:00Z"), left("ann", "9999-12-31T23:59:59Z"), linked("ann", mail("ann")),
        did("ann", "completed", "near", "2026-03-02T12:00:00Z"),
    ])  # fmt: skip
    for day in (date(1970, 1, 1), DAY, date(2999, 12, 31)):
        assert (await world.point("completions", day, Grain.DAY)).denominator == 1
    assert (await world.point("completions", DAY)).numerator == 1
