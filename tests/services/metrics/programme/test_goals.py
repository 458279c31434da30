"""Goals against published figures, worked out by hand."""

from datetime import date

import pytest

from praxis_events.log import NewRecord
from praxis_metrics.kpis import KPIS
from tests.services.metrics.build import did, hired, linked, mail, said, takes_back
from tests.services.metrics.programme.build import OWNER, goal, goals, pathway, pilot, told
from tests.services.metrics.world import World

KPI = KPIS["monthly-active-learners"]
NAMES = ("ann", "bob", "cem", "dee", "eli", "fay")


def learned(month: int, *names: str) -> list[NewRecord]:
    return [did(name, "interacted", "a", f"2026-{month:02}-10T09:00:00Z") for name in names]


async def test_a_goal_stands_where_its_last_final_month_is(world: World) -> None:
    # March: two active learners, April: six. From 2 to 6 that is all of the way. Set on 1 January, due on 31 December:
    # 30 April is day 119 of 364.
    await told(
        world,
        [
            *learned(3, *NAMES[:2]), *learned(4, *NAMES),
            goal("more", KPI.name, 2, 10, "2026-12-31", set_on="2026-01-01"),
            goal("enough", KPI.name, 2, 6, "2026-12-31", set_on="2026-01-01"),
            goal("more", KPI.name, 0, 99, "2027-12-31", set_on="2026-02-01", owner={"person_id": "x"}),
            goal("late", KPI.name, 0, 7, "2026-04-29", set_on="2026-01-01"),
        ],
        KPI,
    )  # fmt: skip
    found = await goals(world)
    assert list(found) == ["late", "enough", "more"]
    enough = found["enough"]
    assert (enough.value, enough.first, enough.last) == (6, date(2026, 4, 1), date(2026, 4, 30))
    assert enough.progress == 1
    assert enough.expected == pytest.approx(119 / 364)
    assert [each.standing for each in found.values()] == ["overdue", "reached", "behind"]
    assert (found["more"].target, found["more"].owner) == (99, {"person_id": "x"})
    assert not enough.provisional


async def test_slices_hidden_cells_and_what_is_not_published(world: World) -> None:
    world.threshold = 5
    sales = [hired(name, "2026-01-01T00:00:00Z", unit="sales") for name in NAMES[:2]]
    others = [hired(name, "2026-01-01T00:00:00Z", unit="ops") for name in NAMES[2:]]
    links = [linked(name, mail(name)) for name in NAMES]
    await told(
        world,
        [
            *sales, *others, *links, *learned(4, *NAMES),
            *[
                goal(name, KPI.name, 0, 4, "2026-12-31", set_on="2026-01-01", filters=filters)
                for name, filters in (
                    ("sales", {"unit": "sales"}), ("both", {"unit": "sales", "role": "clerk"}),
                    ("money", {"currency": "EUR"}), ("clerks", {"role": "clerk"}),
                )
            ],
        ],
        KPI,
    )  # fmt: skip
    found = await goals(world)
    assert {name: (each.published, each.value, each.suppressed, each.standing) for name, each in found.items()} == {
        "both": (False, None, False, "unknown"),
        "clerks": (True, 6, False, "reached"),
        "money": (False, None, False, "unknown"),
        "sales": (True, None, True, "unknown"),
    }
    assert found["sales"].progress is None


async def test_what_serves_it_is_named_with_its_state(world: World) -> None:
    served = [{"pathway": "sql"}, {"pathway": "old"}, {"pilot": "p"}, {"habit": "note"}, {"policy": "none"}]
    await told(
        world,
        [
            goal("g", KPI.name, 0, 1, "2026-12-31", set_on="2026-01-01", interventions=served),
            *[pathway(name) for name in ("sql", "old")],
            said("programme.pathway-withdrawn", {"pathway": "old"}),
            said("programme.pathway-withdrawn", {"pathway": "sql"}, id_="by mistake"),
            takes_back("programme", "by mistake"),
            pilot("p", "2026-02-01", "2026-03-15"),
            said("programme.habit-designed", {
                "habit": "note", "kind": "capture", "time": "17:00", "trigger": "x", "reward": "y", "owner": OWNER,
            }),
        ],
    )  # fmt: skip
    interventions = (await goals(world))["g"].interventions
    assert [(each.kind, each.id, each.name, each.state) for each in interventions] == [
        ("pathway", "sql", "The way", "published"),
        ("pathway", "old", "The way", "withdrawn"),
        ("pilot", "p", "Try it", "ended"),
        ("habit", "note", "note", "designed"),
        ("policy", "none", None, "unknown"),
    ]
