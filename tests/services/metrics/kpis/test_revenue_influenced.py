"""Revenue influenced, worked out by hand."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, left, linked, mail, staff, takes_back
from tests.services.metrics.working import outcome, revenue, shown
from tests.services.metrics.world import World

KPI = "revenue-influenced"
MARCH = date(2026, 3, 1)


async def test_amounts_of_tasks_by_what_is_told_of_them(world: World) -> None:
    # ann, d1: 1,000 by the CRM; bob tells of d1 too, a day later: it is one deal. ann, d2: from 500 to 800: 300.
    # bob, d3: an estimate of 4,000, half sure, a fifth due to it: 400. bob's estimate of d4 lacks a confidence.
    # zoe's 9,000 are of somebody unknown. Of 300, 400, 1,000 the median is 400; the sum 1,700.
    # Draws: ann twice 650, both 400, bob twice 400.
    await world.takes([
        *staff("ann", "bob"),
        shown("ann", "d1", "2026-03-02T09:00:00Z", revenue(1_000)),
        shown("bob", "d1", "2026-03-03T09:00:00Z", revenue(900)),
        shown("ann", "d2", "2026-03-02T09:00:00Z", outcome("Revenue", 500, 800, currency="EUR")),
        shown("bob", "d3", "2026-03-02T09:00:00Z", revenue(4_000, confidence=0.5, attribution=0.2)),
        shown("bob", "d4", "2026-03-02T09:00:00Z", revenue(4_000, attribution=0.2, source="Self")),
        shown("bob", "d5", "2026-03-02T09:00:00Z", outcome("revenue", amount=4_000)),
        shown("zoe", "d6", "2026-03-02T09:00:00Z", revenue(9_000)),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.n, point.unmatched) == pytest.approx((400, 2, 1))
    assert point.detail == {"total": pytest.approx(1_700), "tasks": 3, "currencies": 1}
    assert point.interval is not None
    assert point.interval[:2] == pytest.approx((400, 650))


async def test_different_currencies_are_never_added(world: World) -> None:
    # ann: 100 EUR and 300 EUR; bob: 50 USD. Everybody's cell has no amount; by currency 200 EUR, 50 USD; the unit of
    # ann alone has one currency. A deal of both currencies counts once in each.
    await world.takes([
        *staff("ann"), hired("bob", "2020-01-01T00:00:00Z", unit="ops"), linked("bob", mail("bob")),
        shown("ann", "d1", "2026-03-02T09:00:00Z", revenue(100)),
        shown("ann", "d2", "2026-03-02T09:00:00Z", revenue(300)),
        shown("bob", "d1", "2026-03-02T09:00:00Z", revenue(50, "USD")),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.interval, point.n) == (None, None, 2)
    assert point.detail == {"total": None, "tasks": 3, "currencies": 2}
    slices = [Slice("currency", "EUR"), Slice("currency", "USD"), Slice("unit", "sales"), Slice("unit", "ops")]
    found = [await world.point(KPI, MARCH, Grain.QUARTER, of) for of in slices]
    assert [(each.value, each.detail["total"], each.n) for each in found] == [
        (200, 400, 1), (50, 50, 1), (200, 400, 1), (50, 50, 1),
    ]  # fmt: skip


async def test_what_is_withdrawn_linked_later_or_of_leavers(world: World) -> None:
    # ann's first word on d1, 100, is withdrawn: then bob's 40 of that deal count. a2, linked to ann afterwards, vouched
    # for by ann: her own word, so out. cem had left. First: 100 (ann) and 70 (a2, unmatched). Then: 40 (bob).
    gone = fresh_id()
    await world.takes([
        *staff("ann", "bob", "cem"), left("cem", "2026-03-01T00:00:00Z"),
        shown("ann", "d1", "2026-03-02T09:00:00Z", revenue(100), event=gone),
        shown("bob", "d1", "2026-03-05T09:00:00Z", revenue(40)),
        shown("a2", "d2", "2026-03-05T09:00:00Z", revenue(70), by="ann"),
        shown("cem", "d3", "2026-03-05T09:00:00Z", revenue(7_000)),
    ])  # fmt: skip
    before = await world.point(KPI, MARCH)
    assert (before.value, before.n, before.unmatched) == (100, 1, 1)
    await world.takes([linked("ann", mail("a2")), takes_back("evidence", gone)])
    after = await world.point(KPI, MARCH)
    assert (after.value, after.detail["total"], after.n, after.unmatched) == (40, 40, 1, 0)
