"""In whose slice a day counts, worked out by hand."""

from datetime import date
from zoneinfo import ZoneInfo

from praxis_metrics.calendar import LAST_DAY
from tests.services.metrics.build import fresh_id, hired, leave, left, moved, rescinded, unit
from tests.services.metrics.placing import apply, noted, slices
from tests.services.metrics.world import World, people


async def test_a_move_in_the_middle_of_a_month(world: World) -> None:
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z"), moved("ann", "2026-03-16T00:00:00Z", unit="shop"),
        moved("ann", "2026-04-01T00:00:00Z", role="lead"),
    ])  # fmt: skip
    assert await slices(world, "ann", "unit") == [("sales", "2026-01-05", "2026-03-15"), ("shop", "2026-03-16", "...")]
    assert await slices(world, "ann", "role") == [("clerk", "2026-01-05", "2026-03-31"), ("lead", "2026-04-01", "...")]
    assert await slices(world, "ann", "manager") == []


async def test_a_day_with_moves_belongs_to_the_last_of_its_units(world: World) -> None:
    # Two moves on 16 March: the day is the shop's alone, and in the north, where ann was for two hours, she never was.
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z"),
        moved("ann", "2026-03-16T10:00:00Z", unit="north"), moved("ann", "2026-03-16T12:00:00Z", unit="shop"),
    ])  # fmt: skip
    assert await slices(world, "ann", "unit") == [("sales", "2026-01-05", "2026-03-15"), ("shop", "2026-03-16", "...")]


async def test_days_are_local(world: World) -> None:
    # 20:00 in UTC is 16 March in India.
    await world.fresh(ZoneInfo("Asia/Kolkata"))
    await world.takes([hired("ann", "2026-01-05T00:00:00Z"), moved("ann", "2026-03-15T20:00:00Z", unit="shop")])
    assert await slices(world, "ann", "unit") == [("sales", "2026-01-05", "2026-03-15"), ("shop", "2026-03-16", "...")]


async def test_a_leavers_last_day_is_of_the_last_unit(world: World) -> None:
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z"),
        moved("ann", "2026-03-16T08:00:00Z", unit="shop"), left("ann", "2026-03-16T17:00:00Z"),
    ])  # fmt: skip
    assert await slices(world, "ann", "unit") == [
        ("sales", "2026-01-05", "2026-03-15"), ("shop", "2026-03-16", "2026-03-16"),
    ]  # fmt: skip


async def test_whoever_comes_back_was_away_meanwhile(world: World) -> None:
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z"), left("ann", "2026-02-01T00:00:00Z"),
        moved("ann", "2026-02-15T00:00:00Z", unit="north"),  # of nobody at work
        hired("ann", "2026-03-02T00:00:00Z"),
    ])  # fmt: skip
    assert await slices(world, "ann", "unit") == [("sales", "2026-01-05", "2026-01-31"), ("sales", "2026-03-02", "...")]


async def test_who_is_hired_again_the_next_day_never_was_away(world: World) -> None:
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z"), left("ann", "2026-02-01T17:00:00Z"), hired("ann", "2026-02-02T08:00:00Z"),
    ])  # fmt: skip
    assert await slices(world, "ann", "unit") == [("sales", "2026-01-05", "...")]


async def test_contractors_and_people_on_leave_stand_somewhere_too(world: World) -> None:
    await world.takes([
        hired("con", "2026-01-05T00:00:00Z", worker_type="contractor"), leave("started", "con", "2026-02-01T00:00:00Z"),
    ])  # fmt: skip
    assert await slices(world, "con", "role") == [("clerk", "2026-01-05", "...")]


async def test_a_promotion_may_bring_a_role(world: World) -> None:
    said = {"person_id": "ann", "from_grade": "1", "to_grade": "2", "decided_at": "2026-01-20T00:00:00Z"}
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z"),
        people("promoted", {**said, "role": "lead", "effective_at": "2026-02-01T00:00:00Z"}, id_=fresh_id()),
        people("promoted", {**said, "effective_at": "2026-03-01T00:00:00Z"}, id_=fresh_id()),
    ])  # fmt: skip
    assert await slices(world, "ann", "role") == [("clerk", "2026-01-05", "2026-01-31"), ("lead", "2026-02-01", "...")]


async def test_units_are_under_units_as_of_then(world: World) -> None:
    # The shop is the north's, from March the south's: which is told in two steps, the second long after ann was hired.
    # Of the south nothing is known but that; it stands at the top.
    await world.takes([
        unit("shop", "2020-01-01T00:00:00Z", parent="north"), unit("north", "2020-01-01T00:00:00Z", parent="all"),
        unit("all", "2020-01-01T00:00:00Z"), hired("ann", "2026-01-05T00:00:00Z", unit="shop"),
    ])  # fmt: skip
    assert await slices(world, "ann", "unit") == [(name, "2026-01-05", "...") for name in ("all", "north", "shop")]
    await world.takes([unit("shop", "2026-03-01T00:00:00Z", parent="south")])
    assert await slices(world, "ann", "unit") == [
        ("all", "2026-01-05", "2026-02-28"), ("north", "2026-01-05", "2026-02-28"), ("shop", "2026-01-05", "..."),
        ("south", "2026-03-01", "..."),
    ]  # fmt: skip


async def test_a_unit_is_where_it_is_said_to_be_from_its_first_definition_on(world: World) -> None:
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z", unit="shop"), unit("shop", "2026-02-01T00:00:00Z", parent="all"),
    ])  # fmt: skip
    assert await slices(world, "ann", "unit") == [("shop", "2026-01-05", "..."), ("all", "2026-02-01", "...")]


async def test_a_ring_of_units_is_gone_round_once(world: World) -> None:
    await world.takes([
        unit("a", "2020-01-01T00:00:00Z", parent="b"), unit("b", "2020-01-01T00:00:00Z", parent="a"),
        hired("ann", "2026-01-05T00:00:00Z", unit="a"),
    ])  # fmt: skip
    assert await slices(world, "ann", "unit") == [("a", "2026-01-05", "..."), ("b", "2026-01-05", "...")]


async def test_managers_are_above_as_of_then(world: World) -> None:
    # ann reports to mia, mia to cho; mia leaves on 28 February, and from 9 March ann reports to cho.
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z", manager="mia"), hired("mia", "2025-01-05T00:00:00Z", manager="cho"),
        hired("cho", "2024-01-05T00:00:00Z"), moved("ann", "2026-03-09T00:00:00Z", manager_id="cho"),
    ])  # fmt: skip
    await world.takes([left("mia", "2026-03-01T00:00:00Z")])
    assert await slices(world, "ann", "manager") == [
        ("cho", "2026-01-05", "2026-02-28"), ("mia", "2026-01-05", "2026-03-08"), ("cho", "2026-03-09", "..."),
    ]  # fmt: skip
    assert await slices(world, "mia", "manager") == [("cho", "2025-01-05", "2026-02-28")]
    assert await slices(world, "cho", "manager") == []


async def test_a_managers_own_manager_may_be_told_later_and_taken_back(world: World) -> None:
    mistake = fresh_id()
    await world.takes([hired("ann", "2026-01-05T00:00:00Z", manager="mia")])
    await world.takes([hired("mia", "2026-02-02T00:00:00Z", manager="cho"), hired("cho", "2026-01-01T00:00:00Z")])
    assert await slices(world, "ann", "manager") == [("mia", "2026-01-05", "..."), ("cho", "2026-02-02", "...")]
    await world.takes([moved("cho", "2026-03-02T00:00:00Z", manager_id="top", id_=mistake)])
    assert ("top", "2026-03-02", "...") in await slices(world, "ann", "manager")
    await world.takes([rescinded(mistake)])
    assert await slices(world, "ann", "manager") == [("mia", "2026-01-05", "..."), ("cho", "2026-02-02", "...")]


async def test_nobody_is_in_their_own_slice(world: World) -> None:
    await world.takes([
        hired("ann", "2026-01-05T00:00:00Z", manager="bob"), hired("bob", "2026-01-05T00:00:00Z", manager="ann"),
        hired("eve", "2026-01-05T00:00:00Z", manager="eve"), hired("dan", "2026-01-05T00:00:00Z", manager="ann"),
    ])  # fmt: skip
    assert await slices(world, "ann", "manager") == [("bob", "2026-01-05", "...")]
    assert await slices(world, "bob", "manager") == [("ann", "2026-01-05", "...")]
    assert await slices(world, "eve", "manager") == []
    assert await slices(world, "dan", "manager") == [("ann", "2026-01-05", "..."), ("bob", "2026-01-05", "...")]


async def test_what_is_rescinded_was_never_so_in_either_order(world: World) -> None:
    move, hire = fresh_id(), fresh_id()
    await world.takes([hired("ann", "2026-01-05T00:00:00Z"), moved("ann", "2026-02-02T00:00:00Z", unit="x", id_=move)])
    await world.takes([rescinded(move), rescinded(hire)])
    await world.takes([hired("bob", "2026-01-05T00:00:00Z", id_=hire)])
    assert await slices(world, "ann", "unit") == [("sales", "2026-01-05", "...")]
    assert await slices(world, "bob", "unit") == []


async def test_a_name_too_long_for_an_index_is_known_by_its_digest(world: World) -> None:
    name = "ж" * 500
    await world.takes([hired("ж" * 200, "2026-01-05T00:00:00Z", unit=name)])
    ((found, first, last),) = await slices(world, "ж" * 200, "unit")
    assert found.startswith("sha256:")
    assert (first, last) == ("2026-01-05", "...")


async def test_only_days_on_which_something_is_news_are_told(world: World) -> None:
    # Records at places 0 to 7, one to four in a batch; the log took each a second after the one before.
    move = fresh_id()
    hires = [hired("ann", "2026-01-05T00:00:00Z"), hired("bob", "2026-02-02T00:00:00Z")]
    await apply(world, hires, 0)
    assert await noted(world) == [("people", date(2026, 1, 5), LAST_DAY, 0)]
    # On leave in March: employment differs on these days only.
    away = [leave("started", "bob", "2026-03-01T00:00:00Z"), leave("ended", "bob", "2026-04-01T00:00:00Z")]
    await apply(world, away, 2)
    # Told again under another id, a unit that nobody is in, and a delivery again: no news.
    await apply(world, [moved("ann", "2026-01-10T00:00:00Z", unit="sales"), unit("x", "2020-01-01T00:00:00Z")], 4)
    await apply(world, hires, 6)
    assert (await noted(world))[1:] == [("people", date(2026, 3, 1), date(2026, 3, 31), 2)]
    # A fortnight elsewhere, and then it never was so.
    await apply(world, [moved("ann", "2026-05-04T00:00:00Z", unit="shop", id_=move)], 8)
    await apply(world, [moved("ann", "2026-05-18T00:00:00Z", unit="sales")], 9)
    await apply(world, [rescinded(move)], 10)
    assert (await noted(world))[2:] == [
        ("people", date(2026, 5, 4), LAST_DAY, 8),
        ("people", date(2026, 5, 18), LAST_DAY, 9),
        ("people", date(2026, 5, 4), date(2026, 5, 17), 10),
    ]
