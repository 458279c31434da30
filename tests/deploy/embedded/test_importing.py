"""``praxis import people``, ``praxis import learning`` and ``praxis demo`` beside a running installation."""

import csv
import gzip
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from praxis_embedded.demo.scenario import LEAST_MONTHS, LEAST_PEOPLE, Scenario
from praxis_embedded.demo.simulation import simulate
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.envelope import Event
from praxis_events.postgres_log import PostgresLog
from praxis_events.reading import read_topic
from praxis_events.topics import DIRECTORY
from tests.fixtures.processes import Deployment, running_on_one_machine

HEADER = "person_id,unit,role,mail,hired_on"
PEOPLE = [f"p-{n},sales,clerk,p-{n}@example.org,2020-01-01" for n in range(20)]


@pytest.fixture(scope="module")
async def praxis(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    async with running_on_one_machine(tmp_path_factory.mktemp("installation") / "data") as running:
        yield running


async def on_log(folder: Path) -> list[str]:
    log = await PostgresLog.open(EmbeddedPostgres(folder / "postgres").url())
    found = [Event.from_record(record).type.split(".")[2] async for record in read_topic(log, DIRECTORY.name)]
    await log.close()
    return found


async def imported(praxis: Deployment, *arguments: str) -> str:
    return await praxis.praxis("import", *arguments, "--url", praxis.addresses["ingest"])


async def refused(praxis: Deployment, *arguments: str) -> str:
    command = praxis.command("import", *arguments, "--url", praxis.addresses["ingest"])
    await command.start()
    assert await command.ended() == 1
    return command.output.read_text()


async def test_a_roster_is_compared_shown_told_and_told_once(praxis: Deployment, tmp_path: Path) -> None:
    roster, listed = tmp_path / "roster.csv", tmp_path / "refused.csv"
    roster.write_text("\n".join([HEADER, *PEOPLE]))
    shown = await imported(praxis, "people", str(roster), "--dry-run")
    assert "hired: person_id p-7, unit sales, role clerk, effective_at 2020-01-01T00:00:00Z" in shown
    assert "20 rows, would tell 20 hired, 20 identity-linked; 0 refused" in shown
    assert await on_log(praxis.folder) == []

    assert "told 20 hired, 20 identity-linked; 0 refused" in await imported(praxis, "people", str(roster))
    assert "told nothing; 0 refused" in await imported(praxis, "people", str(roster))
    assert len(await on_log(praxis.folder)) == 40

    roster.write_text("\n".join([HEADER, *PEOPLE[:-2], "p-18,support,clerk,,2020-01-01", "x,sales,clerk,,soon"]))
    said = await refused(praxis, "people", str(roster), "--refused", str(listed))
    assert "20 rows, told 1 unit-changed; 1 refused" in said
    assert "1 persons told before are not in the file" in said
    assert "line 21, column hired_on: must be a day" in said
    with listed.open() as file:
        assert [row["column"] for row in csv.DictReader(file)] == ["hired_on"]

    roster.write_text("\n".join([HEADER, *PEOPLE[:5]]))
    assert "15 of 20 persons told before are missing" in await refused(praxis, "people", str(roster), "--complete")
    left = await imported(praxis, "people", str(roster), "--complete", "--most-leavers", "75")
    assert "told 15 left; 0 refused" in left
    assert (await on_log(praxis.folder)).count("left") == 15
    assert "unknown columns: pay" in await refused(praxis, "people", str(_with(tmp_path, "person_id,pay\n")))


def _with(folder: Path, text: str) -> Path:
    path = folder / "other.csv"
    path.write_text(text)
    return path


COMPLETIONS = """mail,activity,name,status,at,score,minutes
ann@example.org,https://lms.example.org/courses/7,Python 1,passed,2026-03-02T14:05:00Z,85,90
bob@example.org,https://lms.example.org/courses/7,Python 1,completed,2026-03-02,,
cem@example.org,https://lms.example.org/courses/7,Python 1,enrolled,2026-03-01,,
"""


async def test_an_export_is_shown_brought_in_and_brought_in_once(praxis: Deployment, tmp_path: Path) -> None:
    export, listed = tmp_path / "export.csv.gz", tmp_path / "refused.csv"
    export.write_bytes(gzip.compress(COMPLETIONS.encode()))
    arguments = ("learning", str(export), "--map", "plain")
    shown = await imported(praxis, *arguments, "--dry-run")
    assert shown.count('"verb":') == 3
    assert "3 rows, would send 2 completed, 1 passed, 1 registered; 0 refused" in shown
    assert (await praxis.get("/xapi/statements")).json()["statements"] == []
    assert "3 rows, 4 statements are stored; 0 refused" in await imported(praxis, *arguments)

    again = COMPLETIONS.replace("bob@", "bob ").replace("enrolled", "dreamt")
    export.write_bytes(gzip.compress(again.encode()))
    said = await refused(praxis, *arguments, "--refused", str(listed))
    assert "line 3, column mail: /actor/mbox must be" in said
    assert "3 rows, 2 statements are stored; 2 refused" in said
    assert len((await praxis.get("/xapi/statements")).json()["statements"]) == 4
    with listed.open() as file:
        assert [(row["line"], row["column"]) for row in csv.DictReader(file)] == [("3", "mail"), ("4", "status")]


async def test_a_simulated_organisation_is_told_and_no_other(praxis: Deployment) -> None:
    scenario = Scenario(date(2026, 10, 20), LEAST_PEOPLE, LEAST_MONTHS)
    simulation, before = simulate(scenario), await on_log(praxis.folder)
    command = ["demo", "--url", praxis.addresses["ingest"], "--people", "60", "--months", "6", "--until", "2026-10-20"]
    said = await praxis.praxis(*command)
    events, statements = 1 + len(simulation.events), len(simulation.statements)
    assert f"{events:,} events and {statements:,} statements are told" in said
    assert "--people 60 --months 6 --seed 1 --until 2026-10-20" in said
    told = (await on_log(praxis.folder))[len(before) :]
    assert told.count("hired") == LEAST_PEOPLE

    another = praxis.command(*command, "--without", "ring", "--without", "pilot")
    await another.start()
    assert await another.ended() == 1
    assert "has a simulated organisation already" in another.output.read_text()
    assert await on_log(praxis.folder) == [*before, *told]
