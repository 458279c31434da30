"""Cross-skill mobility, worked out by hand, of June 2026. Analysts are of the family data, clerks of office."""

from datetime import date

import pytest

from praxis_events.log import NewRecord
from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import (
    fresh_id,
    hired,
    leave,
    left,
    linked,
    mail,
    moved,
    said,
    staff,
    takes_back,
)
from tests.services.metrics.careers import LEAD, assessor, profile, validated
from tests.services.metrics.world import World

KPI = "cross-skill-mobility"
JUNE = date(2026, 6, 1)
FAMILIES = [
    profile("analyst", "data", "sql"), profile("clerk", "office", "letters"), assessor("asa", "sql", "letters", "go"),
]  # fmt: skip


def skill(name: str, family: str) -> NewRecord:
    return said("programme.skill-defined", {"skill": name, "name": name, "family": family, "owner": LEAD})


async def test_skills_from_outside_one_s_family(world: World) -> None:
    # All are clerks. ann gains sql: outside. bob gains letters: his own. cem gains go, which no role asks for and which
    # defines itself as data: outside; dee gains sql, which she had since 2025: not anew. eli's is withdrawn. fay gains
    # sql on the 20th, as an analyst, which she is since the 15th: her own; nor had she gained such a skill before she
    # moved. zoe is unknown. So 2 of 7 (asa too, all of them on all days).
    gone = fresh_id()
    await world.takes([
        *staff("asa", "ann", "bob", "cem", "dee", "eli", "fay"), *FAMILIES, skill("go", "data"), skill("sql", "office"),
        validated("ann", "asa", "sql", "2026-06-02T09:00:00Z"), validated("bob", "asa", "letters", "2026-06-02T09:00Z"),
        validated("cem", "asa", "go", "2026-06-02T09:00:00Z"),
        validated("dee", "asa", "sql", "2025-06-02T09:00:00Z"), validated("dee", "asa", "sql", "2026-06-02T09:00:00Z"),
        validated("eli", "asa", "sql", "2026-06-02T09:00:00Z", id_=gone), takes_back("evidence", gone),
        moved("fay", "2026-06-15T00:00:00Z", role="analyst"), validated("fay", "asa", "sql", "2026-06-20T09:00:00Z"),
        validated("zoe", "asa", "sql", "2026-06-02T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, JUNE)
    assert point.value == pytest.approx(2 / 7)
    assert (point.numerator, point.denominator, point.n, point.unmatched) == (2, 7, 7, 1)
    assert point.detail == {"gained": 2, "moved": 0, "unplaced": 0}
    await world.takes([linked("eli", mail("zoe"))])
    point = await world.point(KPI, JUNE)
    assert (point.numerator, point.unmatched, point.interval) == (3, 0, None)


async def test_moves_after_such_a_skill(world: World) -> None:
    # ann gained sql as a clerk on 10 June 2025 and becomes an analyst on 10 June 2026: within 12 months. bob gained it
    # a day earlier and moves on the same day: too long ago. cem moves without. dee gains it on the 5th and moves on the
    # 10th: in both halves, counted once. eli becomes a typist, of her own family. So 2 of 6.
    await world.takes([
        *staff("asa", "ann", "bob", "cem", "dee", "eli"), *FAMILIES, profile("typist", "office", "letters"),
        validated("ann", "asa", "sql", "2025-06-10T09:00:00Z"), validated("bob", "asa", "sql", "2025-06-09T09:00:00Z"),
        validated("dee", "asa", "sql", "2026-06-05T09:00:00Z"), validated("eli", "asa", "sql", "2026-05-05T09:00:00Z"),
        *[moved(who, "2026-06-10T00:00:00Z", role="analyst") for who in ("ann", "bob", "cem", "dee")],
        moved("eli", "2026-06-10T00:00:00Z", role="typist"),
    ])  # fmt: skip
    point = await world.point(KPI, JUNE)
    assert point.value == pytest.approx(2 / 6)
    assert (point.numerator, point.n, point.detail) == (2, 6, {"gained": 1, "moved": 2, "unplaced": 0})
    # In the quarter eli's sql of May counts too. Analysts: ann and dee moved among them; the four were there on 21 of
    # the quarter's 91 days. dee gained sql as a clerk.
    quarter = await world.point(KPI, JUNE, Grain.QUARTER)
    assert (quarter.numerator, quarter.detail["gained"]) == (3, 2)
    analysts = await world.point(KPI, JUNE, Grain.QUARTER, Slice("role", "analyst"))
    assert (analysts.numerator, analysts.n, analysts.detail["gained"]) == (2, 4, 0)
    assert analysts.denominator == pytest.approx(4 * 21 / 91)


async def test_the_mean_headcount(world: World) -> None:
    # June has 30 days. asa is there on all; ann leaves after 15 of them; bob comes for the last 6; cem is on leave for
    # all of it, con a contractor: none. (30 + 15 + 6) / 30 = 1.7 people, 3 in all. ann gains sql: 1 of 1.7. cem does
    # too, who is not of the headcount; con neither. asa gains python, of whose family nobody knows.
    await world.takes([
        *staff("asa", "ann", "cem"), *FAMILIES, assessor("ann", "python"),
        left("ann", "2026-06-16T00:00:00Z"), hired("bob", "2026-06-25T00:00:00Z"),
        leave("started", "cem", "2026-05-01T00:00:00Z"),
        hired("con", "2026-01-01T00:00:00Z", worker_type="external"), linked("con", mail("con")),
        *[validated(who, "asa", "sql", "2026-06-02T09:00:00Z") for who in ("ann", "cem", "con")],
        validated("asa", "ann", "python", "2026-06-02T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, JUNE)
    assert point.denominator == pytest.approx(1.7)
    assert point.value == pytest.approx(1 / 1.7)
    assert (point.numerator, point.n, point.detail) == (1, 3, {"gained": 1, "moved": 0, "unplaced": 1})
