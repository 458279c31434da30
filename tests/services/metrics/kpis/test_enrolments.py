"""Enrolments, worked out by hand."""

from datetime import date

from tests.services.metrics.build import did, fresh_id, staff, voids
from tests.services.metrics.world import World

KPI = "enrolments"
MARCH = date(2026, 3, 1)


async def test_by_themselves_or_by_others(world: World) -> None:
    # ann: courses a and b on the 2nd = 2. bob: a learning plan on the 3rd = 1. zoe (unmatched): a on the 4th = 1.
    # ann starts a: no enrolment. value 4, numerator 3, denominator 3, n 3, unmatched 1.
    plan = "http://www.tincanapi.co.uk/verbs/enrolled_onto_learning_plan"
    await world.takes([
        *staff("ann", "bob", "cid"),
        did("ann", "registered", "a", "2026-03-02T09:00:00Z"),
        did("ann", "https://w3id.org/xapi/tla/verbs/registered", "b", "2026-03-02T09:00:00Z"),
        did("bob", plan, "p", "2026-03-03T09:00:00Z"),
        did("zoe", "registered", "a", "2026-03-04T09:00:00Z"),
        did("ann", "initialized", "a", "2026-03-05T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (4, 3, 3, 3, 1)


async def test_twice_on_a_day_is_once_and_on_another_day_again(world: World) -> None:
    # ann: a at 09:00 and 17:00 on the 2nd = 1; a again on the 9th = 1. value 2, n 1.
    await world.takes([
        *staff("ann"),
        did("ann", "registered", "a", "2026-03-02T09:00:00Z"),
        did("ann", "registered", "a", "2026-03-02T17:00:00Z"),
        did("ann", "registered", "a", "2026-03-09T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.n) == (2, 2, 1)


async def test_a_withdrawal_takes_nothing_back_but_a_void_does(world: World) -> None:
    # ann: a on the 2nd, unregistered on the 3rd: still 1. bob: a on the 2nd, voided: 0. value 1, n 1.
    gone = fresh_id()
    await world.takes([
        *staff("ann", "bob"),
        did("ann", "registered", "a", "2026-03-02T09:00:00Z"),
        did("ann", "unregistered", "a", "2026-03-03T09:00:00Z"),
        voids(gone),
        did("bob", "registered", "a", "2026-03-02T09:00:00Z", id_=gone),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.n) == (1, 1, 1)
