"""Promotion and evidence, worked out by hand, of the second quarter of 2026."""

from datetime import date

import pytest

from praxis_events.log import NewRecord
from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import (
    applied,
    fresh_id,
    hired,
    leave,
    left,
    linked,
    mail,
    rescinded,
    said,
    staff,
    takes_back,
)
from tests.services.metrics.careers import promoted
from tests.services.metrics.world import World

KPI = "promotion-association"
APRIL = date(2026, 4, 1)
DECIDED = "2026-05-10T12:00:00Z"


def showed(who: str, at: str = "2026-05-10T11:00:00Z", *, id_: str | None = None) -> NewRecord:
    return said("evidence.skill-applied", applied(who, "boss", at), id_=id_)


def of_role(role: str, names: list[str], since: str) -> list[NewRecord]:
    return [each for name in names for each in (hired(name, since, role=role), linked(name, mail(name)))]


async def test_odds_within_role_and_tenure(world: World) -> None:
    # Clerks of six years: with evidence 2 of 4 promoted, without 1 of 4. Smiths of half a year: 1 of 2, and 1 of 4.
    # Mantel and Haenszel: (2·3/8 + 1·3/6) / (2·1/8 + 1·1/6) = 1.25 / 0.41667 = 3. Risks: (2·4/8 + 1·4/6) / (1·4/8 +
    # 1·2/6) = 1.66667 / 0.83333 = 2. As they are: 3 of 6 with evidence, 2 of 8 without.
    # ann's evidence is of an hour before her decision; bob's of a year before. eve's comes after hers: without.
    clerks = ["ann", "bob", "c1", "c2", "eve", "c3", "c4", "c5"]
    smiths = ["dan", "s1", "gus", "s2", "s3", "s4"]
    await world.takes([
        *of_role("clerk", clerks, "2020-01-01T00:00:00Z"), *of_role("smith", smiths, "2026-01-01T00:00:00Z"),
        *[promoted(who, DECIDED, role="lead") for who in ("ann", "bob", "eve", "dan", "gus")],
        showed("ann"), showed("bob", "2025-05-10T00:00:00Z"), showed("eve", "2026-05-10T12:00:00Z"), showed("dan"),
        showed("c1", "2026-06-30T11:00:00Z"), showed("c2", "2025-07-01T11:00:00Z"), showed("s1"),
        showed("c3", "2025-06-29T11:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, APRIL, Grain.QUARTER)
    assert point.value == pytest.approx(3)
    assert (point.numerator, point.denominator, point.n) == (5, 14, 14)
    assert point.detail == {
        "risk_ratio": pytest.approx(2), "strata": 2,
        "with_evidence": 6, "rate_with_evidence": 0.5, "without_evidence": 8, "rate_without_evidence": 0.25,
    }  # fmt: skip
    assert point.interval is not None
    assert point.interval.low < 1 < 3 < point.interval.high
    # By role: as of the day before the decision, though all five are leads now. Four clerks are too few for a ratio.
    of_clerks = await world.point(KPI, APRIL, Grain.QUARTER, Slice("role", "clerk"))
    assert (of_clerks.value, of_clerks.numerator, of_clerks.n) == (None, 3, 8)
    assert (of_clerks.detail["rate_with_evidence"], of_clerks.detail["rate_without_evidence"]) == (0.5, 0.25)
    assert (await world.point(KPI, APRIL, Grain.QUARTER, Slice("role", "lead"))).n == 0


async def test_who_counts(world: World) -> None:
    # ann's promotion is rescinded, bob's evidence withdrawn, cem's known under an alias that is linked later. dee left
    # in May; what she showed in April counts. eli was on leave throughout, con is a contractor, fay left in March. gil
    # is hired on the day of his promotion, so nobody was there to be promoted. zoe is unknown. Five count: ann, bob,
    # cem, dee and boss.
    gone, not_shown = fresh_id(), fresh_id()
    await world.takes([
        *staff("ann", "bob", "cem", "dee", "eli", "fay", "boss"),
        hired("con", "2020-01-01T00:00:00Z", worker_type="external"), hired("gil", "2026-05-10T00:00:00Z"),
        leave("started", "eli", "2026-03-01T00:00:00Z"), left("fay", "2026-03-01T00:00:00Z"),
        left("dee", "2026-05-01T00:00:00Z"), showed("dee", "2026-04-02T09:00:00Z"),
        promoted("ann", DECIDED, id_=gone), rescinded(gone),
        showed("bob", id_=not_shown), takes_back("evidence", not_shown), showed("cem-2"),
        *[promoted(who, DECIDED) for who in ("bob", "cem", "con", "eli", "fay", "gil", "zoe")],
    ])  # fmt: skip
    point = await world.point(KPI, APRIL, Grain.QUARTER)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (None, 2, 5, 5, 1)
    assert (point.detail["with_evidence"], point.detail["rate_with_evidence"]) == (1, 0)
    await world.takes([linked("cem", mail("cem-2"))])
    point = await world.point(KPI, APRIL, Grain.QUARTER)
    assert (point.detail["with_evidence"], point.detail["rate_with_evidence"]) == (2, 0.5)


async def test_groups_of_few_are_not_shown_apart(world: World) -> None:
    # Six, of whom one has evidence and one is promoted: the same one, and that is not said.
    world.threshold = 5
    await world.takes([*staff("ann", "bob", "cem", "dee", "eli", "boss"), showed("ann"), promoted("ann", DECIDED)])
    point = await world.point(KPI, APRIL, Grain.QUARTER)
    assert (point.value, point.numerator, point.n, point.suppressed) == (None, None, 6, False)
    assert point.detail == {"risk_ratio": None, "strata": 1}
