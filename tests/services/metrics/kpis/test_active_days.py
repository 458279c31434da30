"""Active days, worked out by hand."""

from datetime import date
from zoneinfo import ZoneInfo

from tests.services.metrics.build import did, hired, left, linked, mail, staff
from tests.services.metrics.world import World

KPI = "active-days"
MARCH = date(2026, 3, 1)


async def test_a_day_with_many_statements_is_one_day(world: World) -> None:
    # ann: the 2nd (three times) and the 3rd = 2 days. bob: the 2nd = 1 day; the 4th only "registered" = 0 days.
    # zoe (unmatched): the 5th = 1 day.
    # value 4, numerator 3, denominator 3 (cid too), n: ann, bob, zoe = 3, unmatched 1.
    await world.takes([
        *staff("ann", "bob", "cid"),
        *(did("ann", "interacted", "a", f"2026-03-02T{hour}:00:00Z") for hour in ("08", "12", "23")),
        did("ann", "interacted", "a", "2026-03-03T00:00:00Z"),
        did("bob", "interacted", "a", "2026-03-02T08:00:00Z"),
        did("bob", "registered", "a", "2026-03-04T08:00:00Z"),
        did("zoe", "interacted", "a", "2026-03-05T08:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (4, 3, 3, 3, 1)


async def test_days_are_local_to_the_reporting_zone(world: World) -> None:
    # In Berlin, 28 March 22:30 UTC is 23:30 on the 28th, and 23:30 UTC is 00:30 on the 29th; that day ends at 22:00 UTC
    # (summer time began), so 21:59 UTC is still the 29th, and 22:00 UTC the 30th. ann: days 28, 29 (twice), 30 = 3.
    # 31 March 22:30 UTC is 1 April in Berlin: not March.
    await world.fresh(ZoneInfo("Europe/Berlin"))
    await world.takes([
        *staff("ann"),
        *(
            did("ann", "interacted", "a", f"2026-03-{at}:00Z")
            for at in ("28T22:30", "28T23:30", "29T21:59", "29T22:00", "31T22:30")
        ),
    ])  # fmt: skip
    march, april = await world.point(KPI, MARCH), await world.point(KPI, date(2026, 4, 1))
    assert (march.value, march.numerator) == (3, 3)
    assert (april.value, april.numerator) == (1, 1)


async def test_only_days_of_employment_are_in_the_numerator(world: World) -> None:
    # dan is hired on 10 March 09:00 and leaves on 20 March 00:00: employed on the 10th to the 19th.
    # He acts on the 9th, 10th, 19th and 20th: value 4; numerator: 10th, 19th = 2; denominator 1; n = 1; he is in the
    # numerator, so nobody is shown as not employed.
    await world.takes([
        hired("dan", "2026-03-10T09:00:00Z"), left("dan", "2026-03-20T00:00:00Z"), linked("dan", mail("dan")),
        *(did("dan", "interacted", "a", f"2026-03-{day}T08:00:00Z") for day in ("09", "10", "19", "20")),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n) == (4, 2, 1, 1)
    assert point.detail == {"not_employed": 0, "contractors": 0}
