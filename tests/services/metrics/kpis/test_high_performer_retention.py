"""Retention of high performers, worked out by hand. The cycle closes on 1 March 2025: its year is long over."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import did, fresh_id, hired, leave, left, linked, mail, rescinded, staff
from tests.services.metrics.careers import rated
from tests.services.metrics.world import World

KPI = "high-performer-retention"
MARCH = date(2025, 3, 1)
CLOSE = "2025-03-01T12:00:00Z"


async def test_who_left_of_their_own_will(world: World) -> None:
    # Eight at the top. ann leaves voluntarily on 1 June, bob is dismissed on 1 May, of cem (1 July) nobody knows; dee
    # leaves voluntarily on 2 March 2026, the 366th day: after the year. eli goes on leave. fay leaves and is hired
    # again at once. gil and hal stay. So 7 of 8 stayed; if cem went voluntarily, 6 of 8. Wilson for 7 of 8: 0.529 to
    # 0.978. Kaplan and Meier, with bob out of sight on day 61: ann is 1 of 7 then, 6/7.
    names = ("ann", "bob", "cem", "dee", "eli", "fay", "gil", "hal")
    await world.takes([
        *staff(*names), *[rated(who, CLOSE) for who in names],
        left("ann", "2025-06-01T00:00:00Z", voluntary=True), left("bob", "2025-05-01T00:00:00Z", voluntary=False),
        left("cem", "2025-07-01T00:00:00Z"), left("dee", "2026-03-02T00:00:00Z", voluntary=True),
        leave("started", "eli", "2025-04-01T00:00:00Z"),
        left("fay", "2025-09-01T00:00:00Z", voluntary=True), hired("fay", "2025-09-01T00:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert point.value == pytest.approx(7 / 8)
    assert (point.numerator, point.denominator, point.n) == (7, 8, 8)
    assert point.interval is not None
    assert point.interval.low == pytest.approx(0.529, abs=1e-3)
    assert point.interval.high == pytest.approx(0.978, abs=1e-3)
    assert point.detail == {
        "kaplan_meier": pytest.approx(6 / 7), "if_unknown_voluntary": pytest.approx(6 / 8),
        "involuntary": 1, "unknown": 1, "waiting": 0,
        "learners": 0, "learners_retention": None,
        "non_learners": 8, "non_learners_retention": pytest.approx(7 / 8),
    }  # fmt: skip
    # It turns out later that cem wanted to go: told anew, of the same moment.
    await world.takes([left("cem", "2025-07-01T00:00:00Z", voluntary=True)])
    point = await world.point(KPI, MARCH)
    assert point.value == pytest.approx(6 / 8)
    assert point.detail["unknown"] == 0


async def test_learners_and_others_side_by_side(world: World) -> None:
    # Learners are who was active in the 90 days before the close: ann on the first of them (1 December), bob on the
    # last, under an address that is linked later. cem learned a day too early, dee on the day of the close, eli after.
    # ann leaves; so does dee. Of the learners 1 of 2 stays, of the others 2 of 3; both together 3 of 5.
    names = ("ann", "bob", "cem", "dee", "eli")
    await world.takes([
        *staff(*names), *[rated(who, CLOSE) for who in names],
        did("ann", "completed", "a", "2024-12-01T00:00:00Z"), did("bob-2", "completed", "a", "2025-02-28T23:59:00Z"),
        did("cem", "completed", "a", "2024-11-30T23:59:00Z"), did("dee", "completed", "a", "2025-03-01T08:00:00Z"),
        did("eli", "completed", "a", "2025-04-01T08:00:00Z"),
        left("ann", "2025-06-01T00:00:00Z", voluntary=True), left("dee", "2025-06-01T00:00:00Z", voluntary=True),
    ])  # fmt: skip
    assert (await world.point(KPI, MARCH)).detail["learners"] == 1
    await world.takes([linked("bob", mail("bob-2"))])
    for of in (Slice("all", ""), Slice("role", "clerk")):
        point = await world.point(KPI, MARCH, Grain.QUARTER, of)
        assert point.value == pytest.approx(3 / 5)
        assert (point.detail["learners"], point.detail["non_learners"]) == (2, 3)
        assert point.detail["learners_retention"] == pytest.approx(1 / 2)
        assert point.detail["non_learners_retention"] == pytest.approx(2 / 3)


async def test_who_is_of_the_cohort(world: World) -> None:
    # ann's rating is corrected to a lower one; bob's is rescinded; cem had left, dee was a contractor; zoe is unknown.
    # eli, rated at the top, is the only one, also after the next cycle rates him lower. One more, from before.
    gone = fresh_id()
    await world.takes([
        *staff("ann", "bob", "cem", "eli"), hired("dee", "2024-01-01T00:00:00Z", worker_type="external"),
        *[rated(who, CLOSE) for who in ("ann", "cem", "dee", "eli", "zoe")],
        rated("ann", CLOSE, top=False), rated("bob", CLOSE, id_=gone), rescinded(gone),
        left("cem", "2025-02-01T00:00:00Z", voluntary=True),
        rated("eli", "2026-03-01T00:00:00Z", top=False, cycle="2026"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (1, 1, 1, 1, 1)
    assert (await world.point(KPI, date(2026, 3, 1))).value is None


async def test_a_group_of_few_is_not_shown(world: World) -> None:
    # Six at the top, one of whom is a learner: what became of her, and so of the others, is not said apart.
    world.threshold = 5
    names = ("ann", "bob", "cem", "dee", "eli", "fay")
    await world.takes([
        *staff(*names), *[rated(who, CLOSE) for who in names], did("ann", "completed", "a", "2025-02-01T00:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.n) == (1, 6)
    assert {"learners", "learners_retention", "non_learners", "non_learners_retention"}.isdisjoint(point.detail)
