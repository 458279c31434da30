"""``praxis import people`` beside a running installation."""

import csv
from pathlib import Path

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.envelope import Event
from praxis_events.postgres_log import PostgresLog
from praxis_events.reading import read_topic
from praxis_events.topics import DIRECTORY
from tests.fixtures.processes import Deployment, running_on_one_machine

HEADER = "person_id,unit,role,mail,hired_on"
PEOPLE = [f"p-{n},sales,clerk,p-{n}@example.org,2020-01-01" for n in range(20)]


async def on_log(folder: Path) -> list[str]:
    log = await PostgresLog.open(EmbeddedPostgres(folder / "postgres").url())
    found = [Event.from_record(record).type.split(".")[2] async for record in read_topic(log, DIRECTORY.name)]
    await log.close()
    return found


async def imported(praxis: Deployment, *arguments: str) -> str:
    return await praxis.praxis("import", "people", "--url", praxis.addresses["ingest"], *arguments)


async def refused(praxis: Deployment, *arguments: str) -> str:
    command = praxis.command("import", "people", "--url", praxis.addresses["ingest"], *arguments)
    await command.start()
    assert await command.ended() == 1
    return command.output.read_text()


async def test_a_roster_is_compared_shown_told_and_told_once(tmp_path: Path) -> None:
    roster, listed = tmp_path / "roster.csv", tmp_path / "refused.csv"
    async with running_on_one_machine(tmp_path / "data") as praxis:
        roster.write_text("\n".join([HEADER, *PEOPLE]))
        shown = await imported(praxis, str(roster), "--dry-run")
        assert "hired: person_id p-7, unit sales, role clerk, effective_at 2020-01-01T00:00:00Z" in shown
        assert "20 rows, would tell 20 hired, 20 identity-linked; 0 refused" in shown
        assert await on_log(praxis.folder) == []

        assert "told 20 hired, 20 identity-linked; 0 refused" in await imported(praxis, str(roster))
        assert "told nothing; 0 refused" in await imported(praxis, str(roster))
        assert len(await on_log(praxis.folder)) == 40

        roster.write_text("\n".join([HEADER, *PEOPLE[:-2], "p-18,support,clerk,,2020-01-01", "x,sales,clerk,,soon"]))
        said = await refused(praxis, str(roster), "--refused", str(listed))
        assert "20 rows, told 1 unit-changed; 1 refused" in said
        assert "1 persons told before are not in the file" in said
        assert "line 21, column hired_on: must be a day" in said
        with listed.open() as file:
            assert [row["column"] for row in csv.DictReader(file)] == ["hired_on"]

        roster.write_text("\n".join([HEADER, *PEOPLE[:5]]))
        assert "15 of 20 persons told before are missing" in await refused(praxis, str(roster), "--complete")
        left = await imported(praxis, str(roster), "--complete", "--most-leavers", "75")
        assert "told 15 left; 0 refused" in left
        assert (await on_log(praxis.folder)).count("left") == 15
        assert "unknown columns: pay" in await refused(praxis, str(_with(tmp_path, "person_id,pay\n")))


def _with(folder: Path, text: str) -> Path:
    path = folder / "other.csv"
    path.write_text(text)
    return path
