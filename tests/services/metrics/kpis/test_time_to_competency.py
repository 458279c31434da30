"""Time to competency, worked out by hand. Starts lie in January 2026; what they lead to comes within the half-year."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.kpis.competing import curves
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, left, linked, mail, moved, said, staff, takes_back
from tests.services.metrics.careers import assessor, enrolled, pathway, profile, validated
from tests.services.metrics.world import World

KPI = "time-to-competency"
JANUARY = date(2026, 1, 1)


async def test_a_role_s_whole_profile(world: World) -> None:
    # Five begin as analysts on 5 January; the role asks for sql and stats. Both are validated for ann after 10 days
    # (sql on the 15th, stats on the 10th), for bob after 30 (4 February). cem leaves on the 25th, 20 days after, before
    # his stats. dee lacks stats still. eli moves to another role on 15 January, with nothing: watched for 9 days.
    # At risk: 5; on day 9 eli goes; day 10: 1 of 4, 0.75 remain; day 20: cem is out; day 30: 1 of 2, 0.375: the median.
    # By Aalen and Johansen at day 180, when 0.75 and then, without cem, 0.5 were still here: reached 1/4 + 0.5 * 1/2,
    # departed 0.75 * 1/3.
    await world.takes([
        *staff("asa"), assessor("asa", "sql", "stats"), profile("analyst", "data", "sql", "stats"),
        *[record for who in ("ann", "bob", "cem", "dee", "eli")
          for record in (hired(who, "2026-01-05T00:00:00Z", role="analyst"), linked(who, mail(who)))],
        validated("ann", "asa", "sql", "2026-01-15T09:00Z"), validated("ann", "asa", "stats", "2026-01-10T09:00Z"),
        validated("bob", "asa", "sql", "2026-02-04T09:00Z"), validated("bob", "asa", "stats", "2026-02-04T11:00Z"),
        validated("cem", "asa", "sql", "2026-01-08T09:00:00Z"), left("cem", "2026-01-25T00:00:00Z"),
        validated("dee", "asa", "sql", "2026-01-08T09:00:00Z"),
        moved("eli", "2026-01-15T00:00:00Z", role="clerk"),
    ])  # fmt: skip
    for of in (Slice("all", ""), Slice("role", "analyst"), Slice("unit", "sales")):
        point = await world.point(KPI, JANUARY, Grain.QUARTER, of)
        assert (point.value, point.numerator, point.denominator, point.n) == (30, 2, 5, 5), of
        assert point.detail == {
            "p75": None, "departed": 1, "already": 0,
            "reached_by_180": pytest.approx(0.5), "departed_by_180": pytest.approx(0.25),
        }  # fmt: skip
    # sql alone: days 3 (cem, dee), 10 (ann), 30 (bob); eli was out on day 9. 5 → 0.6 → at 10: 1 of 2, 0.3 → 30: 0.
    sql = await world.point(KPI, JANUARY, Grain.QUARTER, Slice("skill", "sql"))
    assert (sql.value, sql.detail["p75"], sql.numerator, sql.denominator) == (10, 30, 4, 5)
    stats = await world.point(KPI, JANUARY, Grain.QUARTER, Slice("skill", "stats"))
    assert (stats.value, stats.numerator, stats.denominator, stats.detail["departed"]) == (5 + 25, 2, 5, 1)


async def test_who_may_validate(world: World) -> None:
    # All enrol on 2 January for sql. ann validates herself, as an assessor; bob's assessor is one of python; cem's was
    # one until 2025; dee's says it as a manager; eli's is withdrawn; fay's learning system tells of hers; gil is known
    # by an alias that is linked late, and validated on the 12th: after 10 days, 1 of 7. The median is not reached.
    gone = fresh_id()
    names = ("ann", "bob", "cem", "dee", "eli", "fay")
    await world.takes([
        *staff(*names, "gil", "asa", "pia", "old"),
        assessor("ann", "sql"), assessor("asa", "sql"), assessor("pia", "python"),
        assessor("old", "sql", until="2026-01-01T00:00:00Z"),
        pathway("data", "python"), pathway("data", "sql", version=2),
        said("programme.system-registered", {"system": "lms", "kind": "learning"}),
        *[enrolled(who, "data", "2026-01-02T09:00:00Z") for who in (*names, "gil-2")],
        enrolled("ann", "data", "2026-01-09T09:00:00Z"),
        validated("ann", "ann", "sql", "2026-01-05T09:00:00Z"), validated("bob", "pia", "sql", "2026-01-05T09:00:00Z"),
        validated("cem", "old", "sql", "2026-01-05T09:00:00Z"),
        said("evidence.skill-applied", {
            "learner": mail("dee"), "skill": "sql", "kind": "manager-verification", "attested_by": mail("asa"),
            "artefact": {"system": "git", "id": "1"}, "occurred_at": "2026-01-05T09:00:00Z"}),
        validated("eli", "asa", "sql", "2026-01-05T09:00:00Z", id_=gone), takes_back("evidence", gone),
        said("evidence.skill-applied", {
            "learner": mail("fay"), "skill": "sql", "kind": "assessor-validation", "attested_by": mail("asa"),
            "artefact": {"system": "LMS", "id": "1"}, "occurred_at": "2026-01-05T09:00:00Z"}),
        validated("gil", "asa", "sql", "2026-01-12T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, JANUARY)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (None, 0, 6, 6, 1)
    await world.takes([linked("gil", mail("gil-2"))])
    point = await world.point(KPI, JANUARY)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (None, 1, 7, 7, 0)
    assert point.interval is None
    of_pathway = await world.point(KPI, JANUARY, Grain.QUARTER, Slice("pathway", "data"))
    assert (of_pathway.numerator, of_pathway.denominator) == (1, 7)


async def test_what_was_held_already_and_who_was_not_employed(world: World) -> None:
    # ann could do sql before she came to the role; no start. bob's comes on the first day: 0 days. con is a contractor.
    # dee enrols in January, after she left. So one start, and a median of 0.
    await world.takes([
        *staff("asa", "ann", "dee", since="2025-01-01T00:00:00Z"), assessor("asa", "sql"),
        profile("analyst", "data", "sql"), pathway("data", "sql"),
        left("dee", "2025-12-31T00:00:00Z"), enrolled("dee", "data", "2026-01-10T00:00:00Z"),
        validated("ann", "asa", "sql", "2025-12-01T09:00:00Z"), moved("ann", "2026-01-05T00:00:00Z", role="analyst"),
        hired("bob", "2026-01-05T00:00:00Z", role="analyst"), linked("bob", mail("bob")),
        validated("bob", "asa", "sql", "2026-01-05T16:00:00Z"),
        hired("con", "2026-01-05T00:00:00Z", role="analyst", worker_type="contractor"),
    ])  # fmt: skip
    point = await world.point(KPI, JANUARY)
    assert (point.value, point.numerator, point.denominator, point.n, point.detail["already"]) == (0, 1, 1, 1, 1)


async def test_without_a_start_it_is_null(world: World) -> None:
    await world.takes([*staff("ann")])
    point = await world.point(KPI, JANUARY)
    assert (point.value, point.numerator, point.denominator, point.n) == (None, 0, 0, 0)


def test_half_is_half_whatever_the_rounding() -> None:
    # 3 of 6 by day 3, one a day: 5/6 * 4/5 * 3/4 is a half only nearly, in floating point.
    (curve,) = curves([[(1, 1), (2, 1), (3, 1), (9, 0), (9, 0), (9, 0)]], 180)
    assert (curve.median, curve.p75, curve.reached) == (3, None, None)
