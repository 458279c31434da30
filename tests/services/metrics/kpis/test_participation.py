"""Participation, worked out by hand. The week is that of 9 to 15 March 2026."""

from datetime import date

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import did, fresh_id, hired, leave, left, linked, mail, moved, staff, unit, voids
from tests.services.metrics.world import World

KPI = "participation"
WEEK = date(2026, 3, 9)


async def test_active_employees_of_all_employees(world: World) -> None:
    # At work in the week: ann, bob, cem and dee; eli had left on the 8th, and fay is on leave throughout. ann and bob
    # are active, bob by an address that is linked to him last. cem is only registered, dee's statement is voided.
    # zoe is unknown and pat a contractor: beside it. So 2 of 4; n is the 4 who were active.
    gone = fresh_id()
    await world.takes([
        *staff("ann", "bob", "cem", "dee", "eli", "fay"),
        hired("pat", "2020-01-01T00:00:00Z", worker_type="contractor"), linked("pat", mail("pat")),
        left("eli", "2026-03-08T00:00:00Z"),
        leave("started", "fay", "2026-03-01T00:00:00Z"),
        did("ann", "completed", "a", "2026-03-09T09:00:00Z"),
        did("ann", "completed", "a", "2026-03-15T23:00:00Z"),
        did("bob-2", "completed", "a", "2026-03-10T09:00:00Z"),
        did("cem", "registered", "a", "2026-03-10T09:00:00Z"),
        did("dee", "completed", "a", "2026-03-10T09:00:00Z", id_=gone), voids(gone),
        did("zoe", "completed", "a", "2026-03-10T09:00:00Z"),
        did("pat", "completed", "a", "2026-03-10T09:00:00Z"),
        linked("bob", mail("bob-2")),
    ])  # fmt: skip
    point = await world.point(KPI, WEEK, Grain.WEEK)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (0.5, 2, 4, 4, 1)
    assert point.detail == {"not_employed": 1, "contractors": 1}


async def test_by_team_and_week(world: World) -> None:
    # north, under sales, has ann and bob; south, too, has cem, who moves to north on the Thursday and is active on the
    # Monday: in south. So north 1 of 3, as cem is at work there too; south 1 of 1; sales 2 of 3; all are clerks.
    since = "2020-01-01T00:00:00Z"
    await world.takes([
        unit("sales", since), unit("north", since, parent="sales"), unit("south", since, parent="sales"),
        *(r for who, where in (("ann", "north"), ("bob", "north"), ("cem", "south"))
          for r in (hired(who, since, unit=where), linked(who, mail(who)))),
        moved("cem", "2026-03-12T00:00:00Z", unit="north"),
        did("ann", "completed", "a", "2026-03-09T09:00:00Z"),
        did("cem", "completed", "a", "2026-03-09T09:00:00Z"),
    ])  # fmt: skip
    expected = {
        Slice("unit", "north"): (1, 3), Slice("unit", "south"): (1, 1), Slice("unit", "sales"): (2, 3),
        Slice("role", "clerk"): (2, 3),
    }  # fmt: skip
    for of, (numerator, denominator) in expected.items():
        point = await world.point(KPI, WEEK, Grain.WEEK, of)
        assert (point.numerator, point.denominator, point.value) == (numerator, denominator, numerator / denominator), (
            of
        )


async def test_without_a_denominator_it_is_null(world: World) -> None:
    # Nobody knows who is employed. Then bob is, from April on: in this week nobody was.
    await world.takes([did("ann", "completed", "a", "2026-03-09T09:00:00Z")])
    point = await world.point(KPI, WEEK, Grain.WEEK)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (None, None, None, 1, 1)
    await world.takes(staff("bob", since="2026-04-01T00:00:00Z"))
    await world.takes([did("zoe", "completed", "a", "2026-03-09T09:00:00Z")])
    point = await world.point(KPI, WEEK, Grain.WEEK)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (None, 0, 0, 2, 2)
