"""Monthly active learners, worked out by hand."""

from datetime import date

from praxis_metrics.calendar import Grain
from tests.services.metrics.build import did, fresh_id, hired, left, linked, mail, staff, voids
from tests.services.metrics.world import World

KPI = "monthly-active-learners"
MARCH = date(2026, 3, 1)


async def test_whoever_does_something_is_active_once(world: World) -> None:
    # Staff: ann, bob, cid, dan. ann acts on the 2nd (twice) and the 9th, bob on the 31st at 23:59:59, cid on 1 April.
    # Zoe, whom nobody employs, acts on the 2nd.
    # value: ann, bob, zoe = 3. numerator: ann, bob = 2. denominator: 4. unmatched: zoe = 1.
    # stickiness: active person-days are ann 2, bob 1, zoe 1 = 4; over 31 days; per learner: 4 / 31 / 3 = 0.0430107…
    await world.takes([
        *staff("ann", "bob", "cid", "dan"),
        did("ann", "initialized", "a", "2026-03-02T09:00:00Z"),
        did("ann", "interacted", "a", "2026-03-02T09:01:00Z"),
        did("ann", "completed", "b", "2026-03-09T09:00:00Z"),
        did("bob", "https://w3id.org/xapi/video/verbs/played", "v", "2026-03-31T23:59:59Z"),
        did("cid", "initialized", "a", "2026-04-01T00:00:00Z"),
        did("zoe", "initialized", "a", "2026-03-02T10:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (3, 2, 4, 3, 1)
    assert point.detail == {"stickiness": 4 / 31 / 3, "not_employed": 0, "contractors": 0}


async def test_what_systems_and_groups_say_is_no_activity(world: World) -> None:
    # Staff: ann, bob, cid, dan and an admin. ann is registered, passes, and earns a badge: nothing of her own. bob's
    # only statement is voided. cid's is a group's. dan fails a test (no activity) and answers a question (activity).
    # The admin's only statement is a void.
    # value: dan = 1. numerator 1, denominator 5. stickiness: 1 day / 31 / 1.
    gone = fresh_id()
    group = {"objectType": "Group", "mbox": "mailto:cid@example.org"}
    await world.takes([
        *staff("ann", "bob", "cid", "dan", "admin"),
        did("ann", "registered", "course", "2026-03-02T09:00:00Z"),
        did("ann", "passed", "test", "2026-03-03T09:00:00Z"),
        did("ann", "http://specification.openbadges.org/xapi/verbs/earned", "badge", "2026-03-04T09:00:00Z"),
        did("bob", "completed", "a", "2026-03-05T09:00:00Z", id_=gone),
        voids(gone),
        did(group, "completed", "a", "2026-03-06T09:00:00Z"),
        did("dan", "failed", "test", "2026-03-07T09:00:00Z"),
        did("dan", "answered", "question", "2026-03-08T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (1, 1, 5, 1, 0)
    assert point.detail["stickiness"] == 1 / 31


async def test_weeks_days_and_quarters_have_their_own_active_learners(world: World) -> None:
    # Staff: ann and bob from 2020; cid hired on Thursday 12 March 2026; dan left on Tuesday 10 March at noon.
    # Week of 9 to 15 March: ann acts on the 9th, dan on the 10th in the morning and again on the 11th (he has left).
    #   value: ann, dan = 2; numerator: both = 2 (dan on the 10th); denominator: ann, bob, dan, cid = 4.
    # Day 11 March: value: dan = 1; numerator 0: he had left; denominator: ann, bob = 2; not employed: 1.
    # Week of 16 to 22 March: cid acts on the 18th. value 1, numerator 1, denominator: ann, bob, cid = 3.
    # First quarter: ann, dan, cid = 3, 3, 4.
    await world.takes([
        *staff("ann", "bob"),
        hired("cid", "2026-03-12T08:00:00Z"), linked("cid", mail("cid")),
        hired("dan", "2020-01-01T00:00:00Z"), left("dan", "2026-03-10T12:00:00Z"), linked("dan", mail("dan")),
        did("ann", "initialized", "a", "2026-03-09T09:00:00Z"),
        did("dan", "initialized", "a", "2026-03-10T09:00:00Z"),
        did("dan", "initialized", "a", "2026-03-11T09:00:00Z"),
        did("cid", "initialized", "a", "2026-03-18T09:00:00Z"),
    ])  # fmt: skip
    weeks = (await world.series(KPI, date(2026, 3, 10), date(2026, 3, 20), Grain.WEEK)).points
    assert [(p.period.first, p.value, p.numerator, p.denominator) for p in weeks] == [
        (date(2026, 3, 9), 2, 2, 4), (date(2026, 3, 16), 1, 1, 3),
    ]  # fmt: skip
    day = await world.point(KPI, date(2026, 3, 11), Grain.DAY)
    assert (day.value, day.numerator, day.denominator, day.detail["not_employed"]) == (1, 0, 2, 1)
    quarter = await world.point(KPI, MARCH, Grain.QUARTER)
    assert (quarter.value, quarter.numerator, quarter.denominator) == (3, 3, 4)
