"""Where people stood, in any order and in any batches, against a naive look at every day; and who is told of it."""

from datetime import date, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praxis_metrics.placing import folding
from tests.services.metrics.oracle import Heard
from tests.services.metrics.placement_histories import logs_of_placements
from tests.services.metrics.placement_oracle import PlacementOracle
from tests.services.metrics.placing import apply, held_on, noted
from tests.services.metrics.world import World, people

FIRST, LAST = date(2026, 3, 26), date(2026, 4, 6)
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles")]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(heard=logs_of_placements, most=st.integers(1, 8), at_once=st.integers(1, 3), zone=st.sampled_from(ZONES))
async def test_every_day_is_in_the_slices_that_a_naive_look_finds(
    world: World, heard: list[Heard], most: int, at_once: int, zone: ZoneInfo
) -> None:
    await world.fresh(zone)
    records = [people(each.type, each.data, id_=each.id, source=each.source) for each in heard]
    before = await held_on(world, FIRST, LAST)
    known = 0
    for start in range(0, len(records), most):
        with patch.object(folding, "AT_ONCE", at_once):
            await apply(world, records[start : start + most], start)
        after, told = await held_on(world, FIRST, LAST), await noted(world)
        oracle = PlacementOracle(heard[: start + most], zone)
        assert {day: {row for row in rows if row[1] in ("unit", "role", "manager")} for day, rows in after.items()} == {
            day: oracle.slices_on(day) for day in after
        }
        assert days_of(told[known:]) == {day for day in after if after[day] != before[day]}
        before, known = after, len(told)
    await apply(world, records, len(records))
    assert len(await noted(world)) == known, "what is delivered again is no news"
    assert await held_on(world, FIRST, LAST) == before


def days_of(told: list[tuple[str, date, date, int]]) -> set[date]:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return {day for day in days for _, first, last, _ in told if first <= day <= last}
