"""Tasks done with new skills, worked out by hand. All is of the first quarter of 2026, unless it is said otherwise."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, left, linked, mail, said, staff, takes_back
from tests.services.metrics.working import eligible, shown, task
from tests.services.metrics.world import World

KPI = "tasks-with-new-skills"
MARCH = date(2026, 3, 1)


async def test_of_the_tasks_in_which_a_skill_could_be_used(world: World) -> None:
    # ann: t1 is eligible on the 2nd and done on the 20th; t2 is eligible and done with evidence of go, not sql; t3 is
    # eligible on the 3rd and done on 1 June, exactly 90 days later: in time. bob: t4 is eligible on the 3rd at 09:00,
    # done at 09:01 on 1 June: late. t1 is eligible for bob too, who does nothing with it: one task, and done.
    # zoe, whom nobody knows, has t5. ann's evidence of t6, which nobody called eligible, counts among tasks alone.
    # Eligible: t1 to t4; done: t1 and t3: 2 of 4. Tasks by evidence first told in March: t1, t2, t6 = 3. n: ann, bob.
    # Of the skill go there is no task eligible: no rate, a count of 1.
    await world.takes([
        *staff("ann", "bob"),
        eligible("ann", "t1", "2026-03-02T09:00:00Z"), eligible("bob", "t1", "2026-03-05T09:00:00Z"),
        eligible("ann", "t2", "2026-03-02T09:00:00Z"), eligible("ann", "t3", "2026-03-03T09:00:00Z"),
        eligible("bob", "t4", "2026-03-03T09:00:00Z"), eligible("zoe", "t5", "2026-03-03T09:00:00Z"),
        shown("ann", "t1", "2026-03-20T09:00:00Z"),
        shown("ann", "t2", "2026-03-20T09:00:00Z", skill="go"),
        shown("ann", "t3", "2026-06-01T09:00:00Z"),
        shown("bob", "t4", "2026-06-01T09:01:00Z"),
        shown("ann", "t6", "2026-03-20T09:00:00Z"), shown("ann", "T6 ", "2026-03-21T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (0.5, 2, 4, 2, 1)
    assert point.detail == {"tasks": 3}
    # Wilson's interval for 2 of 4 at 95 %: 0.5 ± 0.35 about.
    assert point.interval is not None
    assert (point.interval.low, point.interval.high) == pytest.approx((0.150, 0.850), abs=1e-3)
    sql = await world.point(KPI, MARCH, Grain.QUARTER, Slice("skill", "sql"))
    assert (sql.value, sql.denominator, sql.detail) == (0.5, 4, {"tasks": 2})
    go = await world.point(KPI, MARCH, Grain.QUARTER, Slice("skill", "go"))
    assert (go.value, go.numerator, go.denominator, go.n) == (None, 1, None, 1)


async def test_what_is_withdrawn_or_in_a_learning_system_is_neither(world: World) -> None:
    # t1 is done, but that is withdrawn; t2's eligibility is taken back; t3 is in a system that turns out to teach.
    # t4 is done before it was eligible; t5 only by ann's own word. Eligible: t1, t4, t5 = 3; done 0.
    gone, wrong = fresh_id(), fresh_id()
    await world.takes([
        *staff("ann", "bob"),
        eligible("ann", "t1", "2026-03-02T09:00:00Z"),
        shown("ann", "t1", "2026-03-03T09:00:00Z", event=gone), takes_back("evidence", gone),
        said("work.task-eligible", {
            "task": task("t2"), "skill": "sql", "person": mail("ann"), "from": "2026-03-02T09:00:00Z"}, id_=wrong),
        takes_back("work", wrong),
        said("work.task-eligible", {
            "task": task("t3", "Quiz"), "skill": "sql", "person": mail("ann"), "from": "2026-03-02T09:00:00Z"}),
        eligible("ann", "t4", "2026-03-02T09:00:00Z"), shown("ann", "t4", "2026-03-02T08:00:00Z"),
        eligible("ann", "t5", "2026-03-02T09:00:00Z"), shown("ann", "t5", "2026-03-03T09:00:00Z", by="ann"),
    ])  # fmt: skip
    await world.takes([said("programme.system-registered", {"system": "quiz", "kind": "learning"})])
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.detail) == (0, 0, 3, 1, {"tasks": 1})


async def test_by_unit_of_employees_whoever_is_linked_when(world: World) -> None:
    # ann (sales) acts as ann@ and as a2@, which is linked only afterwards: t1 is eligible for one, done by the other.
    # bob (ops) has left before t2; cem (ops) leaves after t3, which he never does: it stays.
    # Sales: 1 of 1; ops: 0 of 1; everybody: 1 of 2. Before the link a2 is unmatched, and ann's t1 is not done.
    await world.takes([
        *staff("ann"), hired("bob", "2020-01-01T00:00:00Z", unit="ops"), linked("bob", mail("bob")),
        hired("cem", "2020-01-01T00:00:00Z", unit="ops"), linked("cem", mail("cem")),
        left("bob", "2026-03-01T00:00:00Z"), left("cem", "2026-03-20T00:00:00Z"),
        eligible("ann", "t1", "2026-03-02T09:00:00Z"), shown("a2", "t1", "2026-03-04T09:00:00Z"),
        eligible("bob", "t2", "2026-03-02T09:00:00Z"), eligible("cem", "t3", "2026-03-02T09:00:00Z"),
    ])  # fmt: skip
    before = await world.point(KPI, MARCH)
    assert (before.value, before.denominator, before.n, before.unmatched) == (0, 2, 2, 1)
    await world.takes([linked("ann", mail("a2"))])
    after = await world.point(KPI, MARCH)
    assert (after.value, after.numerator, after.denominator, after.n, after.unmatched) == (0.5, 1, 2, 2, 0)
    sales, ops = [await world.point(KPI, MARCH, Grain.QUARTER, Slice("unit", unit)) for unit in ("sales", "ops")]
    assert (sales.value, sales.denominator, ops.value, ops.denominator) == (1, 1, 0, 1)
