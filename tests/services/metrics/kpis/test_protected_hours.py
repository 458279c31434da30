"""Protected hours, worked out by hand. It is March 2026; clocks go forward in Berlin on Sunday the 29th."""

from datetime import date

from praxis_metrics.lattice import Slice
from tests.services.metrics.build import did, fresh_id, hired, leave, left, linked, mail, moved, staff, takes_back
from tests.services.metrics.habits import hours
from tests.services.metrics.world import World

KPI = "protected-hours"
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
SINCE = "2020-01-01T00:00:00Z"


async def test_what_sessions_cover_of_what_was_booked(world: World) -> None:
    # ann has 9 to 11 on the 2nd, and 10 to 12, which overlaps: 3 hours. She learns from 8:30 to 9:30 and from 11:30 to
    # 11:45: 45 minutes inside, 30 outside; and an hour on the 3rd: outside. bob's 2 hours are booked by an address that
    # is linked later; he learns nothing. cem's hours are rescinded. eli has left, and zoe is unknown. So 0.75 of 5.
    gone = fresh_id()
    await world.takes([
        *staff("ann", "bob", "cem", "eli"), left("eli", "2026-03-01T00:00:00Z"),
        hours("booked", "2026-03-02T09:00:00Z", "2026-03-02T11:00:00Z", person=mail("ann")),
        hours("booked", "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z", person=mail("ann")),
        hours("booked", "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z", person=mail("bob-2")),
        hours("booked", "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z", person=mail("cem"), id_=gone),
        takes_back("programme", gone),
        hours("booked", "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z", person=mail("eli")),
        hours("booked", "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z", person=mail("zoe")),
        did("ann", "completed", "a", "2026-03-02T09:30:00Z", took="PT1H"),
        did("ann", "completed", "b", "2026-03-02T11:45:00Z", took="PT15M"),
        did("ann", "completed", "c", "2026-03-03T09:00:00Z", took="PT1H"),
        linked("bob", mail("bob-2")),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator) == (0.15, 0.75, 5)
    assert (point.n, point.unmatched, point.detail) == (2, 1, {"outside_hours": 1.5})


async def test_series_of_a_unit_without_what_is_cancelled(world: World) -> None:
    # north has Fridays 9 to 10 in Berlin, from 6 March until the middle of April: the 6th, 13th, 20th, 27th; 3rd and
    # 10th of April. The unit's is cancelled on the 13th, ann's own on the 20th. bob leaves north on the 10th: only the
    # 6th. cem is on leave until the 19th: the 20th and 27th. In March ann 2, bob 1, cem 2 hours: 5.
    # In April it is 9 o'clock there when it is 7 UTC: ann, who learns from 7 to 8 UTC on the 3rd, does so inside.
    friday = {"starts": "2026-03-06T08:00:00Z", "ends": "2026-03-06T09:00:00Z"}
    await world.takes([
        *(r for who in ("ann", "bob", "cem") for r in (hired(who, SINCE, unit="north"), linked(who, mail(who)))),
        moved("bob", "2026-03-10T00:00:00Z", unit="south"),
        leave("started", "cem", "2026-02-01T00:00:00Z"), leave("ended", "cem", "2026-03-19T00:00:00Z"),
        hours("booked", **friday, unit="north", recurrence="FREQ=WEEKLY;UNTIL=20260415"),
        hours("cancelled", "2026-03-13T00:00:00Z", "2026-03-14T00:00:00Z", unit="north"),
        hours("cancelled", "2026-03-20T08:00:00Z", "2026-03-20T09:00:00Z", person=mail("ann")),
        did("ann", "completed", "a", "2026-04-03T08:00:00Z", took="PT1H"),
    ])  # fmt: skip
    march = await world.point(KPI, MARCH)
    assert (march.value, march.numerator, march.denominator, march.n) == (0, 0, 5, 3)
    april = await world.point(KPI, APRIL)
    assert (april.value, april.numerator, april.denominator, april.n) == (0.25, 1, 4, 2)
    assert (await world.point(KPI, MARCH, of=Slice("unit", "north"))).denominator == 5
    assert (await world.point(KPI, MARCH, of=Slice("unit", "south"))).n == 0


async def test_without_a_booking_it_is_null(world: World) -> None:
    await world.takes([*staff("ann"), did("ann", "completed", "a", "2026-03-02T09:30:00Z", took="PT1H")])
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n) == (None, 0, 0, 0)
