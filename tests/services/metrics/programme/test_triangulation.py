"""Themes of feedback beside a KPI's trend, worked out by hand."""

from praxis_metrics.kpis import KPIS
from praxis_metrics.programme.quarters import asked_quarter
from praxis_metrics.programme.triangulation import triangles
from praxis_metrics.programme.triangulation_schemas import TriangleOut
from praxis_metrics.series import Reporting, snapshot
from tests.services.metrics.build import did, linked, mail
from tests.services.metrics.programme.build import TODAY, felt, told
from tests.services.metrics.world import World

KPI = KPIS["completions"]
MARCH = "2026-03-10T09:00:00Z"
NAMES = ("ann", "bob", "cem", "dee", "eli")


async def triangle(world: World) -> TriangleOut:
    async with world.database.sessions.begin() as session:
        await snapshot(session)
        found = await triangles(session, asked_quarter("2026-Q1", TODAY), Reporting(world.zone, world.lateness))
    (of_kpi,) = [each for each in found if each.kpi == KPI.name]
    return of_kpi


async def test_more_is_completed_and_people_are_against_it(world: World) -> None:
    # Completions: 5 in the last quarter of 2025, 10 in the first of 2026. pressure: ann's mean is (-2 + 0) / 2 = -1;
    # the four others', and ann-2's, who is bob and said -2 as he did, is -2: so -9 / 5. praise: five people, 0 each.
    # Together -9 / 10, so they disagree. silly: four people, hidden. April, and what is said of another KPI, is not in.
    world.threshold = 5
    await told(
        world,
        [
            *[did(name, "completed", "a", "2025-12-01T09:00:00Z") for name in NAMES],
            *[did(name, "completed", what, MARCH) for name in NAMES for what in ("b", "c")],
            felt("ann", KPI.name, "pressure", -2, MARCH), felt("ann", KPI.name, "pressure", 0, MARCH),
            *[felt(name, KPI.name, "pressure", -2, MARCH) for name in (*NAMES[1:], "ann-2")],
            *[felt(None, KPI.name, "praise", 0, MARCH) for _ in range(5)],
            *[felt(name, KPI.name, "silly", 2, MARCH) for name in NAMES[:4]],
            felt("eli", KPI.name, "praise", 2, "2026-04-01T09:00:00Z"),
            *[felt(name, "enrolments", "praise", 2, MARCH) for name in NAMES],
            linked("bob", mail("bob"), mail("ann-2")),
        ],
        KPI,
    )  # fmt: skip
    found = await triangle(world)
    assert (found.previous, found.value, found.trend) == (5, 10, "better")
    assert {each.theme: (each.n, each.sentiment, each.suppressed) for each in found.themes} == {
        "praise": (5, 0, False),
        "pressure": (5, -1.8, False),
        "silly": (None, None, True),
    }
    assert found.sentiment == -0.9
    assert found.disagree is True
