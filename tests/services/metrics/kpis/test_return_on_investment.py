"""Return on investment, worked out by hand. Costs and benefits are of 2026."""

from datetime import date
from typing import Any

import pytest

from praxis_events.log import NewRecord
from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import did, fresh_id, left, linked, mail, said, staff, takes_back
from tests.services.metrics.working import revenue, shown
from tests.services.metrics.world import World

KPI = "return-on-investment"
MARCH = date(2026, 3, 1)


def pathway(name: str, *skills: str) -> NewRecord:
    data = {
        "pathway": name,
        "version": 1,
        "name": name,
        "activities": ["https://lms.example/a"],
        "skills": list(skills),
    }
    return said("programme.pathway-published", {**data, "outcome": "time-saved", "owner": mail("lead")})


def enrolled(who: str, name: str, at: str) -> NewRecord:
    data = {"pathway": name, "cohort": "c", "learner": mail(who), "at": at, "assigned": "chosen"}
    return said("programme.learner-enrolled", data)


def cost(
    amount: float, first: str, last: str, *, currency: str = "EUR", id_: str | None = None, **about: Any
) -> NewRecord:
    data = {"about": about, "amount": amount, "currency": currency, "period": {"from": first, "to": last}}
    return said("programme.cost-recorded", data, id_=id_)


async def test_benefits_less_costs_by_costs(world: World) -> None:
    # The pathway costs 900 in the first quarter, 90 days: 310 in March. ann, on it since January, brings 1,000, of
    # which half is due to it: 500; bob, enrolled only on the 10th, 400 on the 2nd: not from it; and 300 on the 12th.
    # cem's 9,000 have no attribution: not isolated; dee is not on it; zoe is not known.
    # March: (800 - 310) / 310 = 1.58; the quarter: (800 - 900) / 900 = -0.11. February: -1.
    await world.takes([
        *staff("ann", "bob", "cem", "dee"),
        pathway("p", "sql", "go"), cost(900, "2026-01-01", "2026-03-31", pathway="p"),
        *(enrolled(who, "p", "2026-01-10T09:00:00Z") for who in ("ann", "cem", "zoe")),
        enrolled("bob", "p", "2026-03-10T09:00:00Z"),
        shown("ann", "d1", "2026-03-02T09:00:00Z", revenue(1_000, attribution=0.5)),
        shown("bob", "d2", "2026-03-02T09:00:00Z", revenue(400, attribution=1)),
        shown("bob", "d3", "2026-03-12T09:00:00Z", revenue(300, attribution=1, measure="cost"), skill="go"),
        shown("cem", "d4", "2026-03-12T09:00:00Z", revenue(9_000)),
        shown("dee", "d5", "2026-03-12T09:00:00Z", revenue(9_000, attribution=1)),
        shown("zoe", "d6", "2026-03-12T09:00:00Z", revenue(9_000, attribution=1)),
    ])  # fmt: skip
    march = await world.point(KPI, MARCH)
    assert (march.value, march.numerator, march.denominator) == pytest.approx((
        490 / 310, 490, 310,
    ))  # fmt: skip
    assert (march.n, march.unmatched, march.interval, march.detail) == (2, 1, None, {"tasks": 2, "currencies": 1})
    for of in (Slice("all", ""), Slice("pathway", "p"), Slice("currency", "EUR")):
        quarter = await world.point(KPI, MARCH, Grain.QUARTER, of)
        assert (quarter.value, quarter.denominator) == pytest.approx((-100 / 900, 900)), of
    february = await world.point(KPI, date(2026, 2, 1))
    assert (february.value, february.n) == pytest.approx((-1, 0))
    # In April nothing is recorded to have been spent.
    assert (await world.point(KPI, date(2026, 4, 1))).value is None


async def test_of_an_activity_after_it_taught_and_costs_taken_back(world: World) -> None:
    # The activity teaches sql. ann completes it on the 2nd, and brings 200 before and 300 after that. bob, as b2, too:
    # 100 when he is linked; cem had left. Costs: 100, and 50 that are taken back; a pilot's 1,000 are not in it.
    # (300 - 150) / 150 = 1, then (400 - 100) / 100 = 3. Two people who tell of one deal: once.
    gone = fresh_id()
    iri = "https://lms.example/a"
    skills = {"activity": iri, "skills": [{"skill": "sql"}], "confirmed_by": mail("lead")}
    await world.takes([
        *staff("ann", "bob", "cem"), left("cem", "2026-03-01T00:00:00Z"),
        said("programme.activity-mapped", skills),
        cost(100, "2026-03-01", "2026-03-31", activity=iri),
        cost(50, "2026-03-05", "2026-03-05", activity=iri, id_=gone),
        cost(1_000, "2026-03-01", "2026-03-31", pilot="x"),
        *(did(who, "completed", "a", "2026-03-02T09:00:00Z") for who in ("ann", "b2", "cem")),
        shown("ann", "d1", "2026-03-02T08:00:00Z", revenue(200, attribution=1)),
        shown("ann", "d2", "2026-03-03T09:00:00Z", revenue(300, attribution=1)),
        shown("bob", "d2", "2026-03-04T09:00:00Z", revenue(300, attribution=1)),
        shown("bob", "d3", "2026-03-03T09:00:00Z", revenue(100, attribution=1)),
        shown("cem", "d4", "2026-03-03T09:00:00Z", revenue(7_000, attribution=1)),
    ])  # fmt: skip
    before = await world.point(KPI, MARCH)
    assert (before.value, before.denominator, before.n) == pytest.approx((1, 150, 1))
    await world.takes([linked("bob", mail("b2")), takes_back("programme", gone)])
    after = await world.point(KPI, MARCH)
    assert (after.value, after.denominator, after.n) == pytest.approx((3, 100, 2))


async def test_by_pathway_and_never_across_currencies(world: World) -> None:
    # Pathway p costs 100 EUR, q 100 USD, both teach sql to ann, who brings 300 EUR: it counts for each. By pathway: p
    # (300 - 100) / 100 = 2; q has benefits and costs of two currencies: null; so has everybody's. By currency: EUR 2,
    # USD (0 - 100) / 100 = -1.
    await world.takes([
        *staff("ann"), pathway("p", "sql"), pathway("q", "sql"),
        cost(100, "2026-03-01", "2026-03-31", pathway="p"),
        cost(100, "2026-03-01", "2026-03-31", pathway="q", currency="USD"),
        enrolled("ann", "p", "2026-03-01T09:00:00Z"), enrolled("ann", "q", "2026-03-01T09:00:00Z"),
        shown("ann", "d1", "2026-03-02T08:00:00Z", revenue(300, attribution=1)),
    ])  # fmt: skip
    slices = [Slice("all", ""), Slice("pathway", "p"), Slice("pathway", "q")]
    slices += [Slice("currency", "EUR"), Slice("currency", "USD")]
    found = [await world.point(KPI, MARCH, Grain.QUARTER, of) for of in slices]
    assert [each.value for each in found] == [None, 2, None, 2, -1]
    assert [each.detail["currencies"] for each in found] == [2, 1, 2, 1, 1]
