"""Productivity, worked out by hand, in accepted tasks per worked hour."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, left, linked, mail, staff, takes_back
from tests.services.metrics.working import accepted
from tests.services.metrics.world import World

KPI = "productivity"
MARCH = date(2026, 3, 1)


async def test_accepted_tasks_by_the_hours_worked_on_them(world: World) -> None:
    # ann: two tasks in 30 and 90 minutes; bob: one in 6 h. 3 tasks in 8 h = 0.375. Draws: ann twice 1, bob twice 1/6.
    # A task without its time, one of April, and zoe's, who is unknown, are in nothing.
    await world.takes([
        *staff("ann", "bob"),
        accepted("ann", "t1", "2026-03-02T09:00:00Z", worked_minutes=30),
        accepted("ann", "t2", "2026-03-31T23:00:00Z", worked_minutes=90),
        accepted("bob", "t3", "2026-03-02T09:00:00Z", worked_minutes=360),
        accepted("bob", "t4", "2026-03-02T09:00:00Z"),
        accepted("bob", "t5", "2026-04-01T00:00:00Z", worked_minutes=1),
        accepted("zoe", "t6", "2026-03-02T09:00:00Z", worked_minutes=1),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (0.375, 3, 8, 2, 1)
    assert point.interval is not None
    assert point.interval[:2] == pytest.approx((1 / 6, 1))


async def test_a_task_counts_once_and_not_by_ones_own_word(world: World) -> None:
    # ann's t1 is accepted twice: by its first acceptance, 2 h; t2 by herself; t3's acceptance is taken back: 1 in 2 h.
    gone = fresh_id()
    await world.takes([
        *staff("ann"), takes_back("work", gone),
        accepted("ann", "t1", "2026-03-02T09:00:00Z", worked_minutes=120),
        accepted("ann", "t1", "2026-03-03T09:00:00Z", worked_minutes=180),
        accepted("ann", "t2", "2026-03-03T09:00:00Z", worked_minutes=1, by="ann"),
        accepted("ann", "t3", "2026-03-03T09:00:00Z", worked_minutes=1, event=gone),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n) == (0.5, 1, 2, 1)
    nothing = await world.point(KPI, date(2026, 2, 1))
    assert (nothing.value, nothing.n) == (None, 0)


async def test_by_role_of_employees_whoever_is_linked_when(world: World) -> None:
    # ann is a clerk: 1 task in 1 h. bob is a smith and works as b2, linked afterwards: 1 in 4 h. cem had left.
    # Before the link 1 in 1 h, b2 unmatched; after it 2 in 5 h.
    await world.takes([
        *staff("ann", "cem"), left("cem", "2026-03-01T00:00:00Z"),
        hired("bob", "2020-01-01T00:00:00Z", role="smith"), linked("bob", mail("bob")),
        accepted("ann", "t1", "2026-03-02T09:00:00Z", worked_minutes=60),
        accepted("b2", "t2", "2026-03-02T09:00:00Z", worked_minutes=240),
        accepted("cem", "t3", "2026-03-02T09:00:00Z", worked_minutes=1),
    ])  # fmt: skip
    before = await world.point(KPI, MARCH)
    assert (before.value, before.n, before.unmatched) == (1, 1, 1)
    await world.takes([linked("bob", mail("b2"))])
    after = await world.point(KPI, MARCH)
    assert (after.value, after.denominator, after.n, after.unmatched) == (0.4, 5, 2, 0)
    clerks, smiths = [await world.point(KPI, MARCH, Grain.QUARTER, Slice("role", role)) for role in ("clerk", "smith")]
    assert (clerks.value, clerks.n, smiths.value, smiths.n) == (1, 1, 0.25, 1)
