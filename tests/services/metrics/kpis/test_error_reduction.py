"""Error reduction, worked out by hand, in errors per 1,000 opportunities."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, linked, mail, staff, takes_back
from tests.services.metrics.working import accepted, measured, outcome, shown
from tests.services.metrics.world import World

KPI = "error-reduction"
MARCH = date(2026, 3, 1)


async def test_errors_of_as_many_opportunities(world: World) -> None:
    # ann, t1: from 8 to 2 errors in 200 opportunities: 6 / 200 = 30 per 1,000. t2: from 1 to 2 in 100: -10.
    # bob, t3: by an estimate, 10 to 0 in 100 is 100, times 0.8 sure, times half due to it: 40.
    # Without opportunities, or with more errors than these, it tells nothing. zoe is unknown.
    # Of -10, 30, 40 the median is 30. Draws: ann twice 10, both 30, bob twice 40.
    await world.takes([
        *staff("ann", "bob"),
        shown("ann", "t1", "2026-03-02T09:00:00Z", outcome("errors", 8, 2, opportunities=200)),
        shown("ann", "t2", "2026-03-02T09:00:00Z", outcome("Errors", 1, 2, opportunities=100)),
        shown("bob", "t3", "2026-03-02T09:00:00Z",
              outcome("errors", 10, 0, opportunities=100, confidence=0.8, attribution=0.5)),
        shown("bob", "t4", "2026-03-02T09:00:00Z", outcome("errors", 10, 0)),
        shown("bob", "t5", "2026-03-02T09:00:00Z", outcome("errors", 10, 0, opportunities=9)),
        shown("zoe", "t6", "2026-03-02T09:00:00Z", outcome("errors", 10, 0, opportunities=100)),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.n, point.unmatched) == pytest.approx((30, 2, 1))
    assert point.detail == {"tasks": 3, "tasks_measured": 2, "tasks_estimated": 1, "tasks_own_history": 0}
    assert point.interval is not None
    assert point.interval[:2] == pytest.approx((10, 40))


async def test_everybody_against_their_own_history(world: World) -> None:
    # ann's tasks of the last quarter had 1, 2 and 6 errors in 100 (median 20 per 1,000); in March she has 1 in 200, 5
    # per 1,000: 15 fewer. A fourth, with 9 errors, is taken back. bob has only two such tasks before: no baseline.
    gone = fresh_id()
    before = [("ann", 1), ("ann", 2), ("ann", 6), ("bob", 3), ("bob", 3)]
    await world.takes([
        *staff("ann", "bob"),
        *(accepted(who, f"o{n}", "2025-11-03T09:00:00Z", errors=errors, opportunities=100)
          for n, (who, errors) in enumerate(before)),
        accepted("ann", "o9", "2025-11-03T09:00:00Z", errors=9, opportunities=100, event=gone),
        accepted("ann", "t1", "2026-03-02T09:00:00Z", errors=1, opportunities=200),
        accepted("ann", "t2", "2026-03-02T09:00:00Z", errors=1),
        accepted("bob", "t3", "2026-03-02T09:00:00Z", errors=0, opportunities=100),
    ])  # fmt: skip
    # With 9 too the median is 40: 35 fewer.
    assert (await world.point(KPI, MARCH)).value == pytest.approx(35)
    await world.takes([takes_back("work", gone)])
    point = await world.point(KPI, MARCH)
    assert (point.value, point.n, point.detail["tasks_own_history"]) == pytest.approx((15, 1, 1))


async def test_what_was_measured_of_people_by_unit(world: World) -> None:
    # cem (ops): 0.05 errors per invoice from October, 0.02 from January: 30 per 1,000 fewer. Of ann (sales), linked to
    # the name that was measured only afterwards: from 0.01 to 0.03, so -20. Everybody: median 5.
    rates = {"measure": "errors", "per": "invoice"}
    await world.takes([
        *staff("lead"), hired("ann", "2020-01-01T00:00:00Z"),
        hired("cem", "2020-01-01T00:00:00Z", unit="ops"), linked("cem", mail("cem")),
        measured("cem", 0.05, "2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z", **rates),
        measured("cem", 0.02, "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", **rates),
        measured("ann", 0.01, "2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z", **rates),
        measured("ann", 0.03, "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", **rates),
    ])  # fmt: skip
    before = await world.point(KPI, MARCH, Grain.QUARTER)
    assert (before.value, before.n, before.unmatched) == pytest.approx((30, 1, 1))
    await world.takes([linked("ann", mail("ann"))])
    after = await world.point(KPI, MARCH, Grain.QUARTER)
    assert (after.value, after.n, after.unmatched) == pytest.approx((5, 2, 0))
    sales, ops = [await world.point(KPI, MARCH, Grain.QUARTER, Slice("unit", unit)) for unit in ("sales", "ops")]
    assert (sales.value, ops.value) == pytest.approx((-20, 30))
