"""Review citation, worked out by hand. Reviews are of March 2026."""

from datetime import date

import pytest

from praxis_events.envelope import event_key
from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import (
    applied,
    fresh_id,
    hired,
    left,
    linked,
    mail,
    moved,
    rescinded,
    said,
    staff,
    takes_back,
)
from tests.services.metrics.careers import reviewed
from tests.services.metrics.world import World

KPI = "review-citation"
MARCH = date(2026, 3, 1)
THEN = "2026-03-10T09:00:00Z"


def cited(id_: str) -> str:
    return str(event_key("tools", id_))


async def test_accepted_evidence_of_one_s_own(world: World) -> None:
    # ann's review cites her project; bob's cites ann's; cem's cites what was withdrawn; dee's what he vouches for
    # himself; eli's cites nothing; fay's cites what comes after it. So 1 of 6; 4 cite what is not accepted.
    ids = {who: fresh_id() for who in ("ann", "cem", "dee", "fay")}
    await world.takes([
        *staff("ann", "bob", "cem", "dee", "eli", "fay"),
        said("evidence.skill-applied", applied("ann", "bob", "2026-02-01T09:00:00Z"), id_=ids["ann"]),
        said("evidence.skill-applied", applied("cem", "bob", "2026-02-01T09:00:00Z"), id_=ids["cem"]),
        takes_back("evidence", ids["cem"]),
        said("evidence.skill-applied", applied("dee", "dee", "2026-02-01T09:00:00Z"), id_=ids["dee"]),
        said("evidence.skill-applied", applied("fay", "bob", "2026-03-10T09:01:00Z"), id_=ids["fay"]),
        reviewed("ann", THEN, "e-1", cited(ids["ann"]).upper()), reviewed("bob", THEN, cited(ids["ann"])),
        *[reviewed(who, THEN, cited(ids[who])) for who in ("cem", "dee", "fay")],
        reviewed("eli", THEN),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.numerator, point.denominator, point.n, point.detail) == (1, 6, 6, {"not_accepted": 4})
    assert point.value == pytest.approx(1 / 6)
    assert point.interval is not None
    # Wilson for 1 of 6 at 95 %: centre (1 + 1.92) / (6 + 3.84) = 0.297, half 0.267.
    assert point.interval.low == pytest.approx(0.030, abs=1e-3)
    assert point.interval.high == pytest.approx(0.564, abs=1e-3)


async def test_one_review_is_one_and_people_are_counted_once(world: World) -> None:
    # ann's review is told twice, once without the citation: one review, which cites. She has another on the 20th,
    # which does not. bob's evidence is of an alias, linked afterwards. His second review is taken back.
    of_ann, of_bob, gone = fresh_id(), fresh_id(), fresh_id()
    await world.takes([
        *staff("ann", "bob"), moved("ann", "2026-03-15T00:00:00Z", unit="ops"),
        said("evidence.skill-applied", applied("ann", "bob", "2026-02-01T09:00:00Z"), id_=of_ann),
        said("evidence.skill-applied", applied("bob-2", "ann", "2026-02-01T09:00:00Z"), id_=of_bob),
        reviewed("ann", THEN, cited(of_ann)), reviewed("ann", THEN), reviewed("ann", "2026-03-20T09:00:00Z"),
        reviewed("bob", THEN, cited(of_bob)), reviewed("bob", "2026-03-21T09:00:00Z", id_=gone), rescinded(gone),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.numerator, point.denominator, point.n) == (1, 3, 2)
    await world.takes([linked("bob", mail("bob-2"))])
    point = await world.point(KPI, MARCH)
    assert (point.numerator, point.denominator, point.n) == (2, 3, 2)
    of_unit = {name: await world.point(KPI, MARCH, Grain.QUARTER, Slice("unit", name)) for name in ("sales", "ops")}
    assert {name: (at.numerator, at.denominator) for name, at in of_unit.items()} == {"sales": (2, 2), "ops": (0, 1)}


async def test_only_employees(world: World) -> None:
    # ann had left on the 1st, con is a contractor, zoe was never known: no denominator, so no value.
    await world.takes([
        *staff("ann"), left("ann", "2026-03-01T00:00:00Z"),
        hired("con", "2025-01-01T00:00:00Z", worker_type="external"),
        *[reviewed(who, THEN) for who in ("ann", "con", "zoe")],
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (None, 0, 0, 0, 1)
    assert point.interval is None
