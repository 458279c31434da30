"""From a file to the log through the real door."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest

from praxis_embedded.importing.people.differences import Change, Terms, differences
from praxis_embedded.importing.people.roster import read_roster
from praxis_embedded.importing.people.sending import Sent, send
from praxis_embedded.importing.people.told import histories
from praxis_embedded.importing.posting import ImportFailed
from praxis_events.log import EventLog
from praxis_events.reading import read_topic
from praxis_events.topics import DIRECTORY
from praxis_ingest.bootstrap import SERVICE
from praxis_service.settings import Settings
from tests.deploy.embedded.importing.people.rosters import SOURCE, UTC_ZONE, day
from tests.fixtures.installation import Installation, installation, make_credential


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with installation(Settings(database_url=database_url, max_batch=8), [SERVICE]) as running:
        running.client.headers["Content-Type"] = "application/cloudevents-batch+json"
        yield running


async def compared(log: EventLog, folder: Path, lines: Sequence[str]) -> list[Change]:
    path = folder / "roster.csv"
    path.write_text("\n".join(lines))
    told = await histories(read_topic(log, DIRECTORY.name), SOURCE)
    roster = read_roster(path, UTC_ZONE, {})
    found = differences(roster, told, Terms(SOURCE, day("2026-03-01")))
    return [change for changes, refused in found if not refused for change in changes]


async def bring_in(praxis: Installation, folder: Path, lines: Sequence[str], *, batch: int = 20) -> Sent:
    changes = await compared(praxis.context.log, folder, lines)
    told: list[int] = []
    sent = await send(praxis.client, SOURCE, changes, lambda s: told.append(len(s.changes)), batch)
    assert told == sorted(told)
    return sent


async def on_log(praxis: Installation) -> list[str]:
    found = [json.loads(record.value) async for record in read_topic(praxis.context.log, DIRECTORY.name)]
    return [each["person_id"] for each in found]


async def test_a_roster_is_told_once_in_batches_that_the_door_takes(praxis: Installation, tmp_path: Path) -> None:
    rows = ["person_id,unit,role,mail", *[f"p-{n},sales,clerk,p-{n}@example.org" for n in range(10, 35)]]
    sent = await bring_in(praxis, tmp_path, rows)
    assert (len(sent.changes), sent.refused) == (50, [])
    assert await on_log(praxis) == [f"p-{n}" for n in range(10, 35) for _ in range(2)]
    assert (await bring_in(praxis, tmp_path, rows)).changes == []
    assert len(await on_log(praxis)) == 50


async def test_an_import_that_broke_off_tells_the_rest(praxis: Installation, tmp_path: Path) -> None:
    rows = ["person_id,unit,role", *[f"p-{n},sales,clerk" for n in range(10, 35)]]
    requests = 0

    async def breaks_off(request: httpx.Request) -> None:
        nonlocal requests
        requests += 1
        if requests == 3:
            request.headers["Authorization"] = "Basic bm9ib2R5Om5vdGhpbmc="

    praxis.client.event_hooks = {"request": [breaks_off]}
    with pytest.raises(ImportFailed, match="401"):
        await bring_in(praxis, tmp_path, rows, batch=8)
    assert len(await on_log(praxis)) == 16
    assert len((await bring_in(praxis, tmp_path, rows)).changes) == 9
    assert await on_log(praxis) == [f"p-{n}" for n in range(10, 35)]


async def test_two_imports_of_one_state_are_one(praxis: Installation, tmp_path: Path) -> None:
    changes = await compared(praxis.context.log, tmp_path, ["person_id,unit,role", "ann,sales,clerk"])
    for _ in range(2):
        sent = await send(praxis.client, SOURCE, changes, lambda _: None)
        assert (len(sent.changes), sent.refused) == (1, [])
    assert await on_log(praxis) == ["ann"]


async def test_what_the_door_refuses_is_reported_with_its_row(praxis: Installation, tmp_path: Path) -> None:
    await make_credential(praxis.context.settings.database_url, ["events/write:praxis.people.hired"], "hr", "secret")
    praxis.client.auth = httpx.BasicAuth("hr", "secret")
    sent = await bring_in(praxis, tmp_path, ["person_id,unit,role,mail", "ann,sales,clerk,ann@example.org"])
    assert [each.type for each in sent.changes] == ["praxis.people.hired.v1"]
    assert [(row.line, row.column) for row in sent.refused] == [(2, "")]
    assert "may not send praxis.people." in sent.refused[0].reason
