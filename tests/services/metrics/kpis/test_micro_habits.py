"""Micro-habits, worked out by hand. March 2026 begins on a Sunday: its first whole week is that of the 2nd."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import did, fresh_id, hired, leave, left, linked, mail, staff, takes_back
from tests.services.metrics.habits import designed, done
from tests.services.metrics.world import World

KPI = "micro-habits"
WEEK = date(2026, 3, 2)
SINCE = "2020-01-01T00:00:00Z"


async def test_sprints_on_working_days(world: World) -> None:
    # ann works Monday to Friday: on Mon she has a session of 15 minutes, on Tue says that she did one, on Wed one of 45
    # minutes, on Thu one that is rescinded, on Fri one of 20 minutes. On Saturday she does one: not due. 3 of 5; her
    # streak is 2. bob works on Mon and Tue only and is on leave on the Tue: one day due, kept by an address linked
    # later: 1 of 1, streak 1. eli left on Sunday. zoe is unknown. So 4 of 6, and 1.5 is the median streak.
    gone = fresh_id()
    await world.takes([
        designed("sprint"), *staff("ann", "eli"),
        hired("bob", SINCE, working_days=["monday", "tuesday"]),
        left("eli", "2026-03-01T00:00:00Z"),
        leave("started", "bob", "2026-03-03T00:00:00Z"), leave("ended", "bob", "2026-03-09T00:00:00Z"),
        did("ann", "completed", "a", "2026-03-02T09:15:00Z", took="PT15M"),
        done("ann", "sprint", "2026-03-03T09:00:00Z"),
        did("ann", "completed", "b", "2026-03-04T09:45:00Z", took="PT45M"),
        done("ann", "sprint", "2026-03-05T09:00:00Z", id_=gone), takes_back("work", gone),
        done("ann", "sprint", "2026-03-06T09:00:00Z", minutes=20),
        done("ann", "sprint", "2026-03-07T09:00:00Z"),
        done("bob-2", "sprint", "2026-03-02T09:00:00Z"), done("zoe", "sprint", "2026-03-02T09:00:00Z"),
        linked("bob", mail("bob-2")),
    ])  # fmt: skip
    point = await world.point(KPI, WEEK, Grain.WEEK)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (4 / 6, 4, 6, 2, 1)
    assert point.detail == {
        "sprint": pytest.approx(4 / 6), "sprint_streak": 1.5,
        "capture": None, "capture_streak": None, "share": None, "share_streak": None,
    }  # fmt: skip


async def test_capture_in_the_last_hours_of_ones_own_day(world: World) -> None:
    # ann is in Tokyo, nine hours before UTC: 06:30 UTC is 15:30 there, 08:01 UTC 17:01. bob has the reporting zone, and
    # captures at 15:00 and at 17:00, both in time; at 14:59 not. Of five days each: ann 1, bob 2.
    await world.takes([
        designed("capture"),
        hired("ann", SINCE, time_zone="Asia/Tokyo"), linked("ann", mail("ann")), *staff("bob"),
        done("ann", "capture", "2026-03-02T06:30:00Z"), done("ann", "capture", "2026-03-03T08:01:00Z"),
        done("bob", "capture", "2026-03-02T15:00:00Z"), done("bob", "capture", "2026-03-03T17:00:00Z"),
        done("bob", "capture", "2026-03-04T14:59:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, WEEK, Grain.WEEK)
    assert (point.numerator, point.denominator, point.n) == (3, 10, 2)
    # A correction moves ann to London: neither is in time there.
    await world.takes([hired("ann", SINCE, time_zone="Europe/London")])
    assert (await world.point(KPI, WEEK, Grain.WEEK)).numerator == 2


async def test_sharing_once_a_week_where_it_was_asked_for(world: World) -> None:
    # Sharing is asked of north from Wednesday the 11th on. The weeks of the 9th, 16th and 23rd are over within March,
    # due on their Fridays; that of the 30th is due on Friday 3 April. ann shares on Sunday the 15th and, twice, on
    # Monday the 16th: 2 of 3, in a row. bob is in south: nothing is due. In north 2 of 3.
    await world.takes([
        designed("share", since="2026-03-11T00:00:00Z", unit="north"),
        hired("ann", SINCE, unit="north"), hired("bob", SINCE, unit="south"),
        *(linked(name, mail(name)) for name in ("ann", "bob")),
        *(done("ann", "share", at) for at in ("2026-03-15T20:00:00Z", "2026-03-16T09:00:00Z", "2026-03-16T10:00:00Z")),
        done("bob", "share", "2026-03-16T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, WEEK)
    assert (point.numerator, point.denominator, point.n, point.detail["share_streak"]) == (2, 3, 1, 2)
    north = await world.point(KPI, WEEK, of=Slice("unit", "north"))
    assert (north.value, north.n) == (2 / 3, 1)
    assert (await world.point(KPI, WEEK, of=Slice("unit", "south"))).n == 0


async def test_without_a_design_nothing_is_due(world: World) -> None:
    await world.takes([*staff("ann"), done("ann", "sprint", "2026-03-02T09:00:00Z")])
    point = await world.point(KPI, WEEK, Grain.WEEK)
    assert (point.value, point.numerator, point.denominator, point.n) == (None, 0, 0, 0)
