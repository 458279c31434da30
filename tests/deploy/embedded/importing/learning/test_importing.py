"""Exports through the real door: once, however they overlap; what is refused is named by row and column."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from praxis_embedded.importing.journal import Journal
from praxis_embedded.importing.learning.export import LearningExport
from praxis_embedded.importing.learning.map import read_map
from praxis_embedded.importing.posting import ImportFailed
from praxis_embedded.importing.statements import Outcome, StatementImport
from praxis_ingest.bootstrap import SERVICE
from praxis_service.settings import Settings
from tests.fixtures.installation import installation

HEADER = "mail,activity,name,status,at,score,minutes"


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with installation(Settings(database_url=database_url), [SERVICE]) as running:
        running.client.headers["Content-Type"] = "application/json"
        yield running.client


def row(number: int, status: str = "passed", score: str = "85") -> str:
    course = f"https://lms.example.org/courses/{number % 3}"
    return f"ann-{number}@example.org,{course},Course,{status},2026-03-02T14:05:00Z,{score},90"


def write(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *rows]))
    return path


async def bring_in(client: httpx.AsyncClient, path: Path, folder: Path, batch: int = 5) -> Outcome:
    journal = Journal(folder, "http://test", path, "plain")
    work = StatementImport(client, journal, lambda _: None, batch=batch, connections=1)
    return await work.run(LearningExport(path, read_map("plain", {})).read)


async def count(client: httpx.AsyncClient) -> int:
    found, page = 0, (await client.get("/xapi/statements?limit=100")).json()
    while True:
        found += len(page["statements"])
        if not page["more"]:
            return found
        page = (await client.get(page["more"])).json()


async def test_exports_that_overlap_are_stored_once(client: httpx.AsyncClient, tmp_path: Path) -> None:
    first = write(tmp_path / "march.csv", [row(n) for n in range(20)])
    second = write(tmp_path / "april.csv", [row(n) for n in range(29, 9, -1)] + [row(25), row(25)])
    assert (await bring_in(client, first, tmp_path)).stored == 40
    assert (await bring_in(client, first, tmp_path)).refused == []
    assert (await bring_in(client, second, tmp_path)).refused == []
    assert await count(client) == 60


async def test_a_row_that_the_door_refuses_is_named_with_its_column(client: httpx.AsyncClient, tmp_path: Path) -> None:
    rows = [
        row(1),
        row(2, score="120"),
        row(3).replace("ann-3@example.org", "ann 3"),
        row(4).replace("https://lms.example.org/courses/1", "course 1"),
        row(1, score="90"),
        row(5, status="dreamt"),
        row(6, "completed"),
    ]
    outcome = await bring_in(client, write(tmp_path / "a.csv", rows), tmp_path, batch=3)
    found = {(each.line, each.column) for each in outcome.refused}
    assert found == {(3, "score"), (4, "mail"), (5, "activity"), (6, ""), (7, "status")}
    assert {each.reason.partition(" is stored")[2] for each in outcome.refused if each.line == 6} == {
        " with other content"
    }
    assert (outcome.stored, await count(client)) == (3, 3)


async def test_an_interrupted_import_goes_on_with_whole_rows(client: httpx.AsyncClient, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(n) for n in range(30)])
    requests = 0

    async def breaks_off(request: httpx.Request) -> None:
        nonlocal requests
        requests += 1
        if requests == 4:
            request.headers["Authorization"] = "Basic bm9ib2R5Om5vdGhpbmc="

    client.event_hooks = {"request": [breaks_off]}
    with pytest.raises(ImportFailed, match="401"):
        await bring_in(client, path, tmp_path)
    first = Journal(tmp_path, "http://test", path, "plain").next_line()
    assert 2 < first < 30
    assert Journal(tmp_path, "http://test", path, "another map").next_line() == 1
    stored = await count(client)
    assert stored == 2 * (first - 2)
    assert (await bring_in(client, path, tmp_path)).stored == 60 - stored
    assert await count(client) == 60
