"""Completions, worked out by hand."""

from datetime import date

from praxis_metrics.calendar import Grain
from tests.services.metrics.build import did, fresh_id, staff
from tests.services.metrics.world import World

KPI = "completions"
PUBLISHED = (KPI, "learning-hours")
MARCH = date(2026, 3, 1)


async def test_learner_activity_day(world: World) -> None:
    # ann: a (twice) and b on the 2nd = 2, a on the 3rd = 1. bob: a on the 2nd (Activity Streams' complete) = 1.
    # zoe (unmatched): b = 1. passed, and progressed to 100 %, complete nothing.
    # value 5, numerator 4, denominator 2, n 3, unmatched 1.
    await world.takes([
        *staff("ann", "bob"),
        did("ann", "completed", "a", "2026-03-02T09:00:00Z"),
        did("ann", "completed", "a", "2026-03-02T10:00:00Z"),
        did("ann", "completed", "b", "2026-03-02T11:00:00Z"),
        did("ann", "completed", "a", "2026-03-03T09:00:00Z"),
        did("bob", "http://activitystrea.ms/schema/1.0/complete", "a", "2026-03-02T09:00:00Z"),
        did("bob", "passed", "b", "2026-03-02T09:00:00Z"),
        did("bob", "progressed", "b", "2026-03-02T09:00:00Z"),
        did("zoe", "completed", "b", "2026-03-02T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (5, 4, 2, 3, 1)


async def test_the_first_copy_of_an_id_counts_whatever_the_second_says(world: World) -> None:
    # One id: first ann completes a on the 2nd, then (a conflict) bob b on the 3rd. The 2nd: 1 (ann's); the 3rd: 0.
    once = fresh_id()
    await world.takes([
        *staff("ann", "bob"),
        did("ann", "completed", "a", "2026-03-02T09:00:00Z", id_=once),
        did("bob", "completed", "b", "2026-03-03T09:00:00Z", id_=once),
        did("ann", "completed", "a", "2026-03-02T09:00:00Z", id_=once),
    ])  # fmt: skip
    days = (await world.series(KPI, date(2026, 3, 2), date(2026, 3, 3), Grain.DAY)).points
    assert [point.value for point in days] == [1, 0]


async def test_a_redelivery_without_an_id_counts_once(world: World) -> None:
    # An exporter sends no ids and repeats itself: ann completes a at 09:00 on the 2nd, three times over: 1.
    # Sent with ids of the client's own they were three statements, but of one activity on one day: still 1 completion.
    # The same by another credential is another statement. Time shows it: each is measured (PT30M, course c or d).
    #   lms, 09:00, course c, and repeated in course d: one of the two: 30 min. other credential, 11:00, twice with
    #   ids of its own, courses c and d: the same half hour twice, a union: 30 min. Altogether 1 h.
    await world.takes([
        *staff("ann"),
        did("ann", "completed", "a", "2026-03-02T09:00:00Z", course="c", took="PT30M", id_assigned=True),
        did("ann", "completed", "a", "2026-03-02T09:00:00Z", course="d", took="PT30M", id_assigned=True),
        did("ann", "completed", "a", "2026-03-02T09:00:00Z", course="c", took="PT30M", id_assigned=True),
        did("ann", "completed", "a", "2026-03-02T11:00:00Z", course="c", took="PT30M", credential="other"),
        did("ann", "completed", "a", "2026-03-02T11:00:00Z", course="d", took="PT30M", credential="other"),
    ])  # fmt: skip
    assert (await world.point(KPI, MARCH)).value == 1
    assert (await world.point("learning-hours", MARCH)).value == 1
