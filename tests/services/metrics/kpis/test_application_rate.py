"""Application rate, worked out by hand. Completions lie in March 2026, whose 30 days have long been over."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from tests.services.metrics.build import applied, did, fresh_id, left, linked, mail, said, staff, takes_back
from tests.services.metrics.working import mapped, used
from tests.services.metrics.world import World

KPI = "application-rate"
MARCH = date(2026, 3, 1)


async def test_within_thirty_days_of_the_first_completion(world: World) -> None:
    # ann learns sql on the 2nd and again on the 20th; uses it on 1 April, exactly 30 days after the first: in time.
    # bob learns it on the 3rd, at 09:00, and uses it on 2 April at 09:01: a minute late. cem never does. So 1 of 3.
    # dee's evidence is from before she learned it: not from learning. zoe is unknown: beside it. 1 of 4, n 4.
    # Wilson's interval for 1 of 4 at 95 %: centre (1 + 1.92) / (4 + 3.84) = 0.372, half 0.326: 0.046 to 0.699.
    await world.takes([
        *staff("ann", "bob", "cem", "dee"),
        mapped("a", "sql"),
        did("ann", "completed", "a", "2026-03-02T09:00:00Z"),
        did("ann", "completed", "a", "2026-03-20T09:00:00Z"),
        did("bob", "completed", "a", "2026-03-03T09:00:00Z"),
        did("cem", "completed", "a", "2026-03-04T09:00:00Z"),
        did("dee", "completed", "a", "2026-03-05T09:00:00Z"),
        did("zoe", "completed", "a", "2026-03-05T09:00:00Z"),
        used("ann", "bob", "2026-04-01T09:00:00Z"),
        used("bob", "ann", "2026-04-02T09:01:00Z"),
        used("dee", "ann", "2026-03-05T08:00:00Z"),
        used("zoe", "ann", "2026-03-06T08:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (0.25, 1, 4, 4, 1)
    assert point.interval is not None
    assert [point.interval.low, point.interval.high] == pytest.approx([0.046, 0.699], abs=1e-3)
    assert point.interval.method == "wilson"
    # By Kaplan and Meier, nobody being censored before the 30th day: the same 1 of 4.
    assert point.detail == {"incidence": pytest.approx(0.25), "waiting": 0}


async def test_what_is_no_evidence_and_what_is_no_learning(world: World) -> None:
    # ann vouches for herself; bob's is withdrawn; cem's is a quiz in the LMS; dee's completion is voided by nobody but
    # its activity taught sql only until February. eli learns two skills from one activity and uses one: 1 of 2.
    # Pairs: ann, bob, cem, eli sql, eli python = 5 of 4 people; used: 1.
    gone = fresh_id()
    await world.takes([
        *staff("ann", "bob", "cem", "dee", "eli"),
        mapped("a", "sql"), mapped("both", "sql", "python"), mapped("old", "sql", until="2026-02-28T00:00:00Z"),
        said("programme.system-registered", {"system": "quizzes", "kind": "learning"}),
        *[did(who, "completed", "a", "2026-03-02T09:00:00Z") for who in ("ann", "bob", "cem")],
        did("dee", "completed", "old", "2026-03-02T09:00:00Z"),
        did("eli", "completed", "both", "2026-03-02T09:00:00Z"),
        used("ann", "ann", "2026-03-03T09:00:00Z"),
        used("bob", "ann", "2026-03-03T09:00:00Z", id_=gone), takes_back("evidence", gone),
        said("evidence.skill-applied", applied(
            "cem", "ann", "2026-03-03T09:00:00Z", artefact={"system": "Quizzes", "id": "q1"})),
        used("eli", "ann", "2026-03-03T09:00:00Z", skill="python"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n) == (0.2, 1, 5, 4)
    # An alias of ann's, linked afterwards: bob's voucher was ann; now bob's colleague is himself somebody else's alias.
    await world.takes([linked("eli", mail("ann-2")), used("eli", "ann-2", "2026-03-04T09:00:00Z")])
    assert (await world.point(KPI, MARCH)).numerator == 1


async def test_leavers_stay_in_and_those_who_had_left_do_not_count(world: World) -> None:
    # ann leaves on the 10th and never used it: in the denominator. bob had left on the 1st and completes on the 2nd:
    # no employee then, so not in it. In the quarter: cem too, who learned in January and used it: 1 of 2.
    await world.takes([
        *staff("ann", "bob", "cem"),
        left("ann", "2026-03-10T00:00:00Z"), left("bob", "2026-03-01T00:00:00Z"),
        mapped("a", "sql"),
        did("ann", "completed", "a", "2026-03-02T09:00:00Z"),
        did("bob", "completed", "a", "2026-03-02T09:00:00Z"),
        did("cem", "completed", "a", "2026-01-15T09:00:00Z"),
        used("cem", "ann", "2026-01-16T09:00:00Z"),
    ])  # fmt: skip
    march = await world.point(KPI, MARCH)
    assert (march.value, march.numerator, march.denominator) == (0, 0, 1)
    quarter = await world.point(KPI, MARCH, Grain.QUARTER)
    assert (quarter.value, quarter.numerator, quarter.denominator, quarter.n) == (0.5, 1, 2, 2)


async def test_without_a_denominator_it_is_null(world: World) -> None:
    await world.takes([*staff("ann"), did("ann", "completed", "a", "2026-03-02T09:00:00Z")])
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.interval) == (None, 0, 0, 0, None)
