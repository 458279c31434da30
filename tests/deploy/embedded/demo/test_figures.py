"""The figures of a simulated organisation are those of what was told."""

from datetime import date
from typing import Any

import pytest

from praxis_embedded.demo.posting import AnotherThere, post_simulation
from praxis_embedded.demo.scenario import Scenario
from praxis_embedded.demo.simulation import simulate
from praxis_events.log import EventLog
from praxis_events.reading import read_topic
from praxis_events.topics import ATTRIBUTES, DIRECTORY, EVIDENCE, PROGRAMME, STATEMENTS
from tests.deploy.embedded.demo.installed import MONTHS, PEOPLE, TEST_SECONDS, UNTIL, Installed
from tests.deploy.embedded.demo.recomputation import Told

pytestmark = pytest.mark.timeout(TEST_SECONDS)

MONTH = {"grain": "month", "from": "2026-07-01", "to": "2026-07-31"}
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)
CATALOGUE = 24


async def point(planted: Installed, kpi: str, query: dict[str, str]) -> dict[str, Any]:
    points = await planted.kpi(kpi, **query)
    assert len(points) == 1
    return points[0]


async def test_figures_are_those_of_what_was_told(planted: Installed) -> None:
    found = Told(planted.simulation)
    completed, active = found.completed(FIRST, LAST), found.active(FIRST, LAST)
    answer = await point(planted, "completions", MONTH)
    assert answer["value"] == len(completed)
    assert answer["n"] == len({who for who, _, _ in completed})
    answer = await point(planted, "monthly-active-learners", MONTH)
    assert answer["value"] == len(active)
    assert answer["unmatched"] == 4
    work = found.productivity(FIRST, LAST)
    answer = await point(planted, "productivity", MONTH)
    assert (answer["numerator"], answer["denominator"]) == (work.numerator, pytest.approx(work.denominator))
    applied = found.application(FIRST, LAST)
    answer = await point(planted, "application-rate", MONTH)
    assert (answer["numerator"], answer["denominator"]) == (applied.numerator, applied.denominator)
    assert 0.1 < answer["value"] < 0.9


async def test_told_again_nothing_doubles(planted: Installed) -> None:
    before = await on_log(planted.log)
    assert before == 1 + len(planted.simulation.events) + len(planted.simulation.statements)
    again = await post_simulation(planted.simulation, planted.doors, lambda _: None)
    assert again.events + again.statements == before
    assert await on_log(planted.log) == before
    other = simulate(Scenario(UNTIL, PEOPLE, MONTHS, seed=2))
    with pytest.raises(AnotherThere):
        await post_simulation(other, planted.doors, lambda _: None)
    assert await on_log(planted.log) == before


async def on_log(log: EventLog) -> int:
    """How many records there are of what ingest writes."""
    found = 0
    for topic in (DIRECTORY, ATTRIBUTES, EVIDENCE, PROGRAMME, STATEMENTS):
        found += len([record async for record in read_topic(log, topic.name)])
    return found


async def test_every_kpi_of_the_catalogue_has_something_to_say(planted: Installed) -> None:
    kpis = [each["kpi"] for each in (await planted.client.get("/kpis")).json()["kpis"]]
    assert len(kpis) >= CATALOGUE
    silent = []
    for kpi in kpis:
        points = await planted.kpi(kpi, grain="quarter", **{"from": "2026-04-01", "to": "2026-10-20"})
        if not any(each["suppressed"] or each["denominator"] or each["value"] for each in points):
            silent.append(kpi)
    assert silent == []


async def test_a_team_of_three_is_not_shown(planted: Installed) -> None:
    shown = await planted.kpi("monthly-active-learners", **MONTH, unit="legal")
    assert [each["suppressed"] for each in shown] == [True]
    shown = await planted.kpi("monthly-active-learners", **MONTH, unit="operations-dock")
    assert [each["suppressed"] for each in shown] == [False]
