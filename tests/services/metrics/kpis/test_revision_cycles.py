"""Revision cycles, worked out by hand."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, left, linked, mail, said, staff, takes_back
from tests.services.metrics.working import accepted, task
from tests.services.metrics.world import World

KPI = "revision-cycles"
MARCH = date(2026, 3, 1)


async def test_median_p90_and_first_pass(world: World) -> None:
    # ann: 1, 1, 2; bob: 3 and 6. Sorted 1 1 2 3 6: median 2. P90 lies at place 0.9 * 4 = 3.6 from 0: 3 + 0.6 * 3 = 4.8.
    # First pass: 2 of 5. zoe, unknown, has one of 9 rounds: in nothing. A task without rounds says nothing.
    # Draws of two people: ann twice (median 1), both (2), bob twice (4.5): 95 % of them lie from 1 to 4.5.
    await world.takes([
        *staff("ann", "bob"),
        *(accepted("ann", f"a{n}", "2026-03-02T09:00:00Z", rounds=n) for n in (1, 2)),
        accepted("ann", "a3", "2026-03-03T09:00:00Z", rounds=1), accepted("ann", "a4", "2026-03-03T09:00:00Z"),
        accepted("bob", "b1", "2026-03-02T09:00:00Z", rounds=3, by=None),
        accepted("bob", "b2", "2026-03-31T23:59:00Z", rounds=6),
        accepted("zoe", "z1", "2026-03-02T09:00:00Z", rounds=9),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (2, None, None, 2, 1)
    assert point.detail == {"p90": pytest.approx(4.8), "first_pass_rate": pytest.approx(0.4), "tasks": 5}
    assert point.interval is not None
    assert point.interval[:2] == (1, 4.5)
    assert point.interval.method == "bootstrap of people"


async def test_a_task_is_accepted_once_by_somebody_else(world: World) -> None:
    # ann's t1 is accepted on the 2nd after 2 rounds, and again on the 9th after 7: the first counts. Its acceptance
    # before that, on the 1st, is taken back. t2 she accepts herself; t3 lies in a learning system. skills may be null.
    # One task: 2 rounds, n 1, and no interval of one person.
    gone = fresh_id()
    await world.takes([
        *staff("ann"),
        accepted("ann", "t1", "2026-03-09T09:00:00Z", rounds=7),
        accepted("ann", " T1", "2026-03-02T09:00:00Z", rounds=2, skills=None),
        accepted("ann", "t1", "2026-03-01T09:00:00Z", rounds=5, event=gone), takes_back("work", gone),
        accepted("ann", "t2", "2026-03-02T09:00:00Z", rounds=4, by="ann"),
        accepted("ann", "t3", "2026-03-02T09:00:00Z", rounds=4, task=task("t3", "LMS")),
        said("programme.system-registered", {"system": "lms", "kind": "learning"}),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.n, point.interval, point.detail["tasks"]) == (2, 1, None, 1)


async def test_where_people_stood_and_who_was_linked_later(world: World) -> None:
    # ann and cem are in sales, bob in ops; cem left on the 1st. a2 is linked to ann afterwards and has the first
    # acceptance of t1, with 3 rounds: then hers with 1 round is none.
    # Before: t1 of ann 1, of bob 5: median 3, a2 unmatched. After: 3 and 5: median 4; sales 3, ops 5.
    await world.takes([
        *staff("ann", "cem"), hired("bob", "2020-01-01T00:00:00Z", unit="ops"), linked("bob", mail("bob")),
        left("cem", "2026-03-01T00:00:00Z"),
        accepted("ann", "t1", "2026-03-03T09:00:00Z", rounds=1), accepted("a2", "t1", "2026-03-02T09:00:00Z", rounds=3),
        accepted("bob", "t1", "2026-03-03T09:00:00Z", rounds=5),
        accepted("cem", "t2", "2026-03-03T09:00:00Z", rounds=9),
    ])  # fmt: skip
    before = await world.point(KPI, MARCH)
    assert (before.value, before.n, before.unmatched) == (3, 2, 1)
    await world.takes([linked("ann", mail("a2"))])
    after = await world.point(KPI, MARCH)
    assert (after.value, after.n, after.unmatched) == (4, 2, 0)
    sales, ops = [await world.point(KPI, MARCH, Grain.QUARTER, Slice("unit", unit)) for unit in ("sales", "ops")]
    assert (sales.value, sales.n, ops.value, ops.n) == (3, 1, 5, 1)
