"""Learning hours, worked out by hand."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from tests.services.metrics.build import REGISTRATION, did, staff
from tests.services.metrics.world import World

KPI = "learning-hours"
MARCH = date(2026, 3, 1)
MINUTE = 1 / 60


async def test_durations_measure_and_gaps_estimate_but_never_both(world: World) -> None:
    # ann, registration R: initialized 09:00, interacted 09:20, completed 10:00 with PT45M: 45 min measured.
    #   The gaps (09:00-09:20, 09:20-10:00) count nothing.
    # ann, course c without registration: 14:00, 14:20, 14:45, 15:30: gaps 20, 25 count, 45 does not: 45 min estimated.
    # bob, course c: a single statement: no time, he is not in n.
    # zoe (unmatched): terminated 16:00 with PT30M in course c: 30 min measured.
    # value 45 + 45 + 30 = 120 min = 2 h; measured 75 min, estimated 45 min; numerator: ann 90 min = 1.5 h.
    silences = ("14:00", "14:20", "14:45", "15:30")
    await world.takes([
        *staff("ann", "bob"),
        did("ann", "initialized", "a", "2026-03-02T09:00:00Z", registration=REGISTRATION),
        did("ann", "interacted", "a", "2026-03-02T09:20:00Z", registration=REGISTRATION),
        did("ann", "completed", "a", "2026-03-02T10:00:00Z", registration=REGISTRATION, took="PT45M"),
        *(did("ann", "interacted", "x", f"2026-03-02T{at}:00Z", course="c") for at in silences),
        did("bob", "interacted", "x", "2026-03-02T09:00:00Z", course="c"),
        did("zoe", "terminated", "x", "2026-03-02T16:00:00Z", course="c", took="PT30M"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (2, 1.5, 2, 2, 1)
    assert (point.detail["measured_hours"], point.detail["estimated_hours"]) == (1.25, 0.75)


async def test_what_overlaps_is_a_union_and_a_session_is_capped(world: World) -> None:
    # ann, on Monday the 2nd:
    #   course c: completed 12:00 with PT9H: capped at its last 4 h: 08:00-12:00, measured.
    #   course d: interacted 11:40, 12:05, 12:30: estimated 11:40-12:30, of which 20 min lie in the measured time.
    #   union 08:00-12:30 = 4.5 h: measured 4 h, estimated 30 min.
    # ann, on Tuesday the 3rd, course c is a measured group, so its statements there estimate nothing:
    #   interacted 09:00, 09:20: 0.
    # bob, course e: every 25 minutes from 08:00 to 13:25 (14 statements): one run of 5 h 25 min, capped at 4 h.
    # value 4.5 + 4 = 8.5; measured 4; estimated 4.5.
    fives = [8 * 60 + 25 * step for step in range(14)]
    await world.takes([
        *staff("ann", "bob"),
        did("ann", "completed", "x", "2026-03-02T12:00:00Z", course="c", took="PT9H"),
        *(did("ann", "interacted", "y", f"2026-03-02T{at}:00Z", course="d") for at in ("11:40", "12:05", "12:30")),
        *(did("ann", "interacted", "x", f"2026-03-03T{at}:00Z", course="c") for at in ("09:00", "09:20")),
        *(did("bob", "interacted", "z", f"2026-03-04T{m // 60:02}:{m % 60:02}:00Z", course="e") for m in fives),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.n) == (8.5, 8.5, 2)
    assert (point.detail["measured_hours"], point.detail["estimated_hours"]) == (4, 4.5)


async def test_a_shared_registration_tells_nothing_apart_and_midnight_cuts(world: World) -> None:
    # Their exporter sends its own session R as everybody's registration: ann and bob both carry it. It is ignored.
    # ann, course c: 23:40 on 31 March, 00:00 and 00:10 on 1 April: estimated 23:40-00:10: 20 min in March, 10 in April.
    # ann, course d, under R too: completed 10:00 on 31 March with PT30M: measured, in course d only.
    # bob, course c, under R: 23:50 and 23:55 on 31 March: 5 min.
    # March: 20 + 30 + 5 = 55 min; April: 10 min.
    await world.takes([
        *staff("ann", "bob"),
        did("ann", "interacted", "x", "2026-03-31T23:40:00Z", course="c", registration=REGISTRATION),
        did("ann", "interacted", "x", "2026-04-01T00:00:00Z", course="c", registration=REGISTRATION),
        did("ann", "interacted", "x", "2026-04-01T00:10:00Z", course="c", registration=REGISTRATION),
        did("ann", "completed", "y", "2026-03-31T10:00:00Z", course="d", registration=REGISTRATION, took="PT30M"),
        did("bob", "interacted", "x", "2026-03-31T23:50:00Z", course="c", registration=REGISTRATION),
        did("bob", "interacted", "x", "2026-03-31T23:55:00Z", course="c", registration=REGISTRATION),
    ])  # fmt: skip
    months = (await world.series(KPI, MARCH, date(2026, 4, 1), Grain.MONTH)).points
    assert [p.value for p in months] == [pytest.approx(55 * MINUTE), pytest.approx(10 * MINUTE)]
    assert [p.detail["measured_hours"] for p in months] == [0.5, 0]
    assert [p.n for p in months] == [2, 1]
