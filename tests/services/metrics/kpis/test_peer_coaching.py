"""Peer coaching, worked out by hand. It is March 2026."""

from datetime import date

from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, leave, left, linked, mail, moved, staff, takes_back
from tests.services.metrics.habits import coached
from tests.services.metrics.world import World

KPI = "peer-coaching"
MARCH = date(2026, 3, 1)
SINCE = "2020-01-01T00:00:00Z"


async def test_pairs_once_whoever_reports_them(world: World) -> None:
    # ann coaches bob twice, told by both: one pair. bob coaches ann: another. cem's is rescinded. dee is coached by an
    # address that turns out to be her own: none. ann coaches zoe, who is unknown: a pair, and unmatched. So 3 pairs of
    # the learners bob, ann and zoe; 2 of the 4 employees are reached.
    gone = fresh_id()
    await world.takes([
        *staff("ann", "bob", "cem", "dee"),
        coached("ann", "bob", "2026-03-02T09:00:00Z"), coached("ann", "bob", "2026-03-02T09:00:00Z"),
        coached("ann", "bob", "2026-03-20T09:00:00Z"), coached("bob", "ann", "2026-03-02T09:00:00Z"),
        coached("ann", "cem", "2026-03-02T09:00:00Z", id_=gone), takes_back("work", gone),
        coached("dee-2", "dee", "2026-03-02T09:00:00Z"),
        coached("ann", "zoe", "2026-03-02T09:00:00Z"),
        linked("dee", mail("dee-2")),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (3, 2, 4, 3, 1)
    assert point.detail == {"reach": 0.5, "manager_pairs": 0, "manager_reach": 0}


async def test_peers_and_managers_apart(world: World) -> None:
    # max manages ann until the 15th, and ann manages bob. max coaches bob, two levels below, and ann on the 10th: pairs
    # of managers. On the 20th max is ann's colleague, but this pair is a manager's already. bob coaches max: peers.
    # north has bob, coached by a manager only; south has max and ann: max is reached by a peer, 1 of 2.
    await world.takes([
        hired("max", SINCE, unit="south"), hired("ann", SINCE, unit="south", manager="max"),
        hired("bob", SINCE, unit="north", manager="ann"),
        *(linked(name, mail(name)) for name in ("max", "ann", "bob")),
        moved("ann", "2026-03-15T00:00:00Z", manager_id=None),
        coached("max", "bob", "2026-03-10T09:00:00Z"), coached("max", "ann", "2026-03-10T09:00:00Z"),
        coached("max", "ann", "2026-03-20T09:00:00Z"), coached("bob", "max", "2026-03-20T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n) == (1, 1, 3, 1)
    assert (point.detail["manager_pairs"], point.detail["manager_reach"]) == (2, 2 / 3)
    north = await world.point(KPI, MARCH, of=Slice("unit", "north"))
    assert (north.value, north.numerator, north.denominator, north.detail["manager_pairs"]) == (0, 0, 1, 1)
    south = await world.point(KPI, MARCH, of=Slice("unit", "south"))
    assert (south.value, south.numerator, south.denominator, south.detail["reach"]) == (1, 1, 2, 0.5)


async def test_who_is_not_at_work_is_not_reached(world: World) -> None:
    # ann has left when she is coached, bob is on leave on that day but at work later, pat is a contractor: three pairs,
    # nobody reached, of bob and cem as headcount. ann worked until the 9th: she is in it too.
    await world.takes([
        *staff("ann", "bob", "cem"),
        hired("pat", SINCE, worker_type="contractor"), linked("pat", mail("pat")),
        left("ann", "2026-03-09T00:00:00Z"),
        leave("started", "bob", "2026-03-01T00:00:00Z"), leave("ended", "bob", "2026-03-20T00:00:00Z"),
        *(coached("cem", who, "2026-03-10T09:00:00Z") for who in ("ann", "bob", "pat")),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (3, 0, 3, 3, 0)


async def test_few_whom_managers_coach_are_not_shown_beside_many(world: World) -> None:
    # Six are coached by cem, their peer, and two of them by max, their manager: what is about these two is not shown.
    world.threshold = 5
    names = [f"p-{number}" for number in range(6)]
    await world.takes([
        *staff("cem", "max"),
        *(r for name in names for r in (hired(name, SINCE, manager="max"), linked(name, mail(name)))),
        *(coached("cem", name, "2026-03-10T09:00:00Z") for name in names),
        *(coached("max", name, "2026-03-10T09:00:00Z") for name in names[:2]),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.detail) == (6, {"reach": 6 / 8})
