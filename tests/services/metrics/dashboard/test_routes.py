"""The dashboard's pages as text: what an empty installation says, what is hidden, and what somebody else has named."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.runner import Runner
from praxis_metrics.bootstrap import SERVICE
from praxis_metrics.calendar import Grain, Period
from praxis_metrics.cells import hide, write_cells
from praxis_metrics.dashboard import figures
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Cell
from praxis_metrics.lattice import Place, Slice
from praxis_service.database import open_service
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation, make_credential, running
from tests.services.metrics.build import said

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
EVIL = "<script>alert('x')</script>"
MARCH, APRIL = Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 4, 30))


@pytest.fixture(scope="module")
async def praxis(postgres: EmbeddedPostgres) -> AsyncIterator[Installation]:
    await postgres.ensure_database("dashboard")
    async with installation(Settings(database_url=postgres.url("dashboard")), [SERVICE], workers=False) as praxis:
        await make_credential(postgres.url("dashboard"), ["statements/write"], "lms", "secret")
        yield praxis


async def publish(praxis: Installation, kpi: str, *cells: Cell, hidden: Period | None = None) -> None:
    metrics = await open_service(praxis.context.settings.database_url, "metrics", pool_size=1)
    async with metrics.sessions.begin() as session:
        await write_cells(session, kpi, Grain.MONTH, [cell.period for cell in cells], cells, 5)
        shown = [Place(Grain.MONTH, cell.period, cell.slice) for cell in cells if cell.period != hidden]
        await hide(session, kpi, [], shown)
    await metrics.close()


async def page(praxis: Installation, path: str, status: int = 200, **given: Any) -> str:
    answer = await praxis.client.get(path, headers=BROWSER, **given)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return re.sub(r"\s+", " ", answer.text)


async def test_an_empty_one_says_how_to_begin_and_one_without_a_directory_what_is_missing(
    praxis: Installation,
) -> None:
    empty = await page(praxis, "/")
    assert "Nothing has been counted yet" in empty
    assert "/xapi/statements" in empty
    assert "There is no directory yet" not in empty
    await publish(praxis, "learning-hours", Cell(MARCH, 7, None, None, 7))
    without = await page(praxis, "/")
    assert "Nothing has been counted yet" not in without
    assert "There is no directory yet" in without
    metrics = await open_service(praxis.context.settings.database_url, "metrics", pool_size=1)
    async with metrics.sessions.begin() as session:
        await session.execute(text("INSERT INTO employment VALUES ('ann', '2020-01-01', 'infinity', false, true)"))
    await metrics.close()
    assert "There is no directory yet" not in await page(praxis, "/")


async def test_all_kpis_are_one_level_down(praxis: Installation) -> None:
    assert set(re.findall(r'href="/dashboard/([a-z-]+)"', await page(praxis, "/"))) == KPIS.keys()
    for kpi in KPIS.values():
        assert f"<h1>{figures.title(kpi.name)}</h1>" in await page(praxis, f"/dashboard/{kpi.name}")


async def test_what_is_hidden_is_nowhere_on_the_page(praxis: Installation) -> None:
    cells = [Cell(MARCH, 123_457, 123_457, 123_457, 9), Cell(APRIL, 123_459, 123_459, 123_459, 9)]
    await publish(praxis, "completions", *cells, hidden=APRIL)
    found = await page(praxis, "/dashboard/completions", params={"to": "2026-04-30"})
    assert "123,457" in found
    assert "123459" not in found.replace(",", "")
    assert found.count(figures.HIDDEN) == found.count('class="gap"') == 1


async def test_names_are_escaped_and_chosen_as_they_are(praxis: Installation) -> None:
    await publish(praxis, "enrolments", Cell(MARCH, 7, 7, 7, 7, slice=Slice("unit", EVIL)), Cell(MARCH, 8, 8, 8, 8))
    for query in ({}, {"slice": f"unit:{EVIL}", "to": "2026-03-31"}, {"compare": f"unit:{EVIL}"}, {"slice": EVIL}):
        found = await page(praxis, "/dashboard/enrolments", 400 if query == {"slice": EVIL} else 200, params=query)
        assert EVIL not in found
    chosen = await page(praxis, "/dashboard/enrolments", params={"slice": f"unit:{EVIL}", "to": "2026-03-31"})
    assert '<data value="7">7</data>' in chosen
    assert '<data value="8">8</data>' not in chosen


async def test_what_is_wrong_is_named(praxis: Installation) -> None:
    assert "There is no KPI" in await page(praxis, "/dashboard/nothing", 404)
    assert "<code>grain</code>" in await page(praxis, "/dashboard/enrolments", 400, params={"grain": "year"})
    assert "<code>slice</code>" in await page(praxis, "/dashboard/enrolments", 400, params={"slice": "team:a"})
    assert "<code>size</code>" in await page(praxis, "/", 400, params={"size": "1"})
    assert "lacks the scope &#39;kpis/read&#39;" in await page(praxis, "/", 403, auth=("lms", "secret"))
    assert (await praxis.client.get("/", auth=httpx.Auth())).status_code == 401


async def test_a_link_says_in_which_format(praxis: Installation) -> None:
    csv = await praxis.client.get("/kpis/enrolments", params={"format": "csv"}, headers=BROWSER)
    json = await praxis.client.get("/kpis/enrolments", params={"format": "json"}, headers={"Accept": "text/csv"})
    assert [answer.headers["content-type"].split(";")[0] for answer in (csv, json)] == ["text/csv", "application/json"]
    assert (await praxis.client.get("/kpis/enrolments", params={"format": "xml"})).status_code == 400


async def test_goals_stand_beside_the_headlines(praxis: Installation) -> None:
    assert "None is set yet" in await page(praxis, "/")
    goal = {
        "goal": f"learn more {EVIL}", "kpi": "learning-hours", "filters": None, "baseline": 1, "target": 8,
        "due_on": "2026-12-31", "owner": {"person_id": "ann"}, "interventions": [{"pathway": "sql"}],
    }  # fmt: skip
    await praxis.context.log.append([said("programme.goal-set", goal)])
    async with AsyncExitStack() as stack:
        workers = await stack.enter_async_context(SERVICE.workers(praxis.context))
        await stack.enter_async_context(running([each for each in workers if isinstance(each, Runner)]))
        async with asyncio.timeout(30):
            while "None is set yet" in await page(praxis, "/"):
                await asyncio.sleep(0.05)
    found = await page(praxis, "/")
    assert EVIL not in found
    assert "learn more &lt;script&gt;" in found
    assert "<td>ann</td>" in found
    assert "pathway sql (unknown)" in found
    [same] = (await praxis.client.get("/goals")).json()["goals"]
    value = f'<data value="{same["value"]}">{same["value"]}</data>'
    assert f'<td class="number">1</td> <td class="number">{value}</td> <td class="number">8</td>' in found
    remark = f"; {figures.PROVISIONAL}" if same["provisional"] else ""
    assert f'<td class="said">{same["standing"]}{remark}</td>' in found
