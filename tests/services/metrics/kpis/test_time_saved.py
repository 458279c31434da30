"""Time saved, worked out by hand, in hours per task."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, left, linked, mail, staff, takes_back
from tests.services.metrics.working import accepted, measured, outcome, shown
from tests.services.metrics.world import World

KPI = "time-saved"
MARCH = date(2026, 3, 1)


async def test_what_evidence_tells_of_before_and_after(world: World) -> None:
    # ann, t1: 90 to 30 minutes by the time sheet: 1 h; somebody tells of it again, later, with 4 h: the first counts.
    # ann, t2: an estimate of 120 to 0, 80 % sure, half of it due to the skill: 0.8 h.
    # bob, t3: 60 to 30 by the time sheet, of which half is due to it: 0.25 h.
    # bob, without a task, by artefact: 30 to 60: -0.5 h. bob's own estimate of t5 says nothing of attribution: out.
    # zoe is unknown: 10 h, in nothing. Sorted: -0.5, 0.25, 0.8, 1: median 0.525; sum 1.55.
    # Draws: ann twice 0.9, both 0.525, bob twice -0.125.
    await world.takes([
        *staff("ann", "bob"),
        shown("ann", "t1", "2026-03-02T09:00:00Z", outcome("minutes", 90, 30)),
        shown("ann", "t1", "2026-03-03T09:00:00Z", outcome("minutes", 270, 30)),
        shown("ann", "t2", "2026-03-02T09:00:00Z", outcome("minutes", 120, 0, confidence=0.8, attribution=0.5)),
        shown("bob", "t3", "2026-03-02T09:00:00Z", outcome("minutes", 60, 30, attribution=0.5),
              outcome("errors", 1, 0)),
        shown("bob", None, "2026-03-02T09:00:00Z", outcome("minutes", 30, 60)),
        shown("bob", "t5", "2026-03-02T09:00:00Z", outcome("minutes", 600, 0, source=" Self-estimate", confidence=1)),
        shown("bob", "t6", "2026-03-02T09:00:00Z", outcome("minutes", 600)),
        shown("zoe", "t7", "2026-03-02T09:00:00Z", outcome("minutes", 600, 0)),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.n, point.unmatched) == pytest.approx((0.525, 2, 1))
    assert (point.numerator, point.denominator) == (None, None)
    assert point.detail == {
        "hours": pytest.approx(1.55), "tasks": 4, "tasks_measured": 3, "tasks_estimated": 1, "tasks_own_history": 0,
    }  # fmt: skip
    assert point.interval is not None
    assert point.interval[:2] == pytest.approx((-0.125, 0.9))


async def test_everybody_against_the_year_before(world: World) -> None:
    # ann's tasks of sql and go took 60, 120 and 600 minutes in 2025: median 2 h. In March one takes 30: 1.5 h less.
    # What she did in 2024 is older than four quarters; with other skills it is no history, accepted by herself no task.
    # bob's evidence of his task with a history, earlier on that day, comes first: 0.5 h, not 1 h.
    both, day = ["go", "sql"], "T09:00:00Z"
    await world.takes([
        *staff("ann", "bob"),
        accepted("ann", "o0", f"2024-12-31{day}", worked_minutes=6_000, skills=both),
        accepted("ann", "o1", f"2025-01-02{day}", worked_minutes=60, skills=["sql", "go"]),
        accepted("ann", "o2", f"2025-06-02{day}", worked_minutes=120, skills=both),
        accepted("ann", "o3", f"2025-12-31{day}", worked_minutes=600, skills=both),
        accepted("ann", "o4", f"2025-12-31{day}", worked_minutes=1, skills=["sql"]),
        accepted("ann", "o5", f"2025-12-31{day}", worked_minutes=1, skills=both, by="ann"),
        accepted("ann", "t1", f"2026-03-02{day}", worked_minutes=30, skills=both),
        *(accepted("bob", f"o{n}", f"2025-11-03{day}", worked_minutes=120) for n in range(3)),
        shown("bob", "t1", "2026-03-02T08:00:00Z", outcome("minutes", 60, 30)),
        accepted("bob", "t1", f"2026-03-02{day}", worked_minutes=60),
        accepted("ann", "t2", f"2026-05-04{day}", worked_minutes=180, skills=both),
    ])  # fmt: skip
    march = await world.point(KPI, MARCH)
    assert (march.value, march.detail["hours"], march.n) == pytest.approx((1, 2, 2))
    assert (march.detail["tasks_measured"], march.detail["tasks_own_history"]) == (1, 1)
    # May: o1 of the first quarter of 2025 is too old: 30, 120, 600 remain: 2 h before, 3 h now.
    may = await world.point(KPI, date(2026, 5, 1))
    assert (may.value, may.n, may.interval) == pytest.approx((-1, 1, None))
    # Nobody had a history in 2025.
    assert (await world.point(KPI, date(2025, 6, 1))).value is None


async def test_by_unit_and_what_is_taken_back_or_linked_later(world: World) -> None:
    # Measured minutes per ticket: ann (sales) 40 from October, 25 from January: 0.25 h. dan (ops) 10 and then 40, as
    # d2, whom he is linked to only afterwards: -0.5 h. cem (ops) had left before. What has no per is no task's.
    # ann's t1 saves 1 h until it is withdrawn. First quarter: 0.25 and 1, then 0.25 and -0.5.
    gone = fresh_id()
    await world.takes([
        *staff("ann", "lead"), hired("dan", "2020-01-01T00:00:00Z", unit="ops"), linked("dan", mail("dan")),
        hired("cem", "2020-01-01T00:00:00Z", unit="ops"), linked("cem", mail("cem")),
        left("cem", "2026-01-01T00:00:00Z"),
        *(measured(who, value, first, last)
          for who, *values in (("ann", 40, 25), ("cem", 40, 10))
          for value, first, last in zip(values, QUARTERS, QUARTERS[1:], strict=False)),
        measured("dan", 10, *QUARTERS[:2]), measured("d2", 40, *QUARTERS[1:]),
        measured("ann", 9_000, *QUARTERS[:2], per=None), measured("ann", 8_000, *QUARTERS[1:], per=None),
        shown("ann", "t1", "2026-03-02T09:00:00Z", outcome("minutes", 90, 30), event=gone),
    ])  # fmt: skip
    before = await world.point(KPI, MARCH, Grain.QUARTER)
    assert (before.value, before.n, before.unmatched) == pytest.approx((0.625, 1, 0))
    await world.takes([linked("dan", mail("d2")), takes_back("evidence", gone)])
    after = await world.point(KPI, MARCH, Grain.QUARTER)
    assert (after.value, after.n, after.detail["tasks_own_history"]) == pytest.approx((-0.125, 2, 2))
    sales, ops = [await world.point(KPI, MARCH, Grain.QUARTER, Slice("unit", unit)) for unit in ("sales", "ops")]
    assert (sales.value, sales.n, ops.value, ops.n) == pytest.approx((0.25, 1, -0.5, 1))


QUARTERS = ("2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")
