"""Whatever goes wrong, nothing of the person whom it is about is in the lines of the processes."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_embedded.data_folder import DataFolder
from praxis_embedded.ports import free_port
from praxis_events.envelope import Event
from praxis_events.statement_records import statement_record
from praxis_events.topics import EVIDENCE
from praxis_service.adapters import open_log
from praxis_service.database import engine_for
from praxis_service.settings import Settings
from tests.e2e.events import applied
from tests.fixtures.processes import Deployment, running_on_one_machine

PERSON = "ann-marie.o-telling"
ID = UUID("6f1c6a52-7c3c-4e06-8d0c-5b2f0f1f7a01")
STATEMENT = {
    "id": str(ID),
    "actor": {"mbox": f"mailto:{PERSON}@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://courses.example.org/python-1"},
}
AGENT = json.dumps(STATEMENT["actor"])
EVIDENCE_OF = applied({"person_id": PERSON}, "python", PERSON, "project-result", {"person_id": f"{PERSON}-lead"})


@pytest.fixture(scope="module")
async def operations() -> int:
    return free_port()


@pytest.fixture(scope="module")
async def machine(operations: int, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    folder = tmp_path_factory.mktemp("lines")
    async with running_on_one_machine(folder, PRAXIS_OPERATIONS_PORT=str(operations)) as deployment:
        yield deployment


@pytest.fixture
def settings(machine: Deployment) -> Settings:
    settings = Settings(data_dir=machine.folder)
    return settings.model_copy(update=DataFolder(machine.folder).reached_by())


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(settings.database_url)
    yield engine
    await engine.dispose()


async def test_what_clients_send_wrongly(machine: Deployment) -> None:
    refused = {"actor": {"mbox": PERSON}, "verb": {"id": PERSON}, "object": {"id": PERSON}, PERSON: PERSON}
    assert (await machine.post("/xapi/statements", refused)).status_code == 400
    assert (await machine.post("/xapi/statements", STATEMENT)).status_code == 200
    other = STATEMENT | {"object": {"id": f"https://courses.example.org/{PERSON}"}}
    assert (await machine.post("/xapi/statements", other)).status_code == 409
    assert (await machine.get("/xapi/statements", person=PERSON)).status_code == 400
    wrong = EVIDENCE_OF | {"data": {"learner": PERSON}, "id": PERSON}
    assert (await machine.post("/events", wrong, "application/cloudevents+json")).status_code == 400
    async with httpx.AsyncClient(base_url=machine.addresses["ingest"], auth=(PERSON, PERSON)) as stranger:
        assert (await stranger.get(f"/people/{PERSON}")).status_code == 404
        answer = await stranger.get(
            "/xapi/statements", params={"agent": AGENT}, headers={"X-Experience-API-Version": "1.0.3"}
        )
        assert answer.status_code == 401


async def test_records_that_cannot_be_taken(machine: Deployment, settings: Settings, operations: int) -> None:
    """One that is no statement, one that breaks its contract, and one that the database refuses, quoting its row."""
    body = json.dumps({"actor": PERSON, "id": PERSON}).encode()
    statement = statement_record(UUID(int=7), body, "2026-03-02T10:00:00Z", PERSON, id_assigned=True)
    event = Event(PERSON, PERSON, "praxis.evidence.skill-applied.v1", json.dumps({"learner": PERSON}).encode())
    async with open_log(settings) as log:
        await log.append([statement, event.to_record(EVIDENCE.name)])
    async with refusing(settings, f"artefact_id <> '{PERSON}'"):
        await machine.send(EVIDENCE_OF)
        for projection, letters in {"statements": 1, "metrics.statements": 1, "decider": 2}.items():
            await until_rejected(operations, projection, letters)
    said = [line["message"] for line in lines(machine.folder) if line["level"] == "error"]
    for where, code in (
        ("statements cannot take learning.statements/", ""),
        ("decider cannot take work.evidence/0@", "ValidationError"),
        ("decider cannot take work.evidence/0@", "IntegrityError"),
    ):
        assert [each for each in said if each.startswith(where) and each.endswith(code)], (where, said)


async def test_a_table_is_away(machine: Deployment, engine: AsyncEngine) -> None:
    """Both processes fail at a query that has the person among its parameters."""
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE ingest_g1.statements RENAME TO away"))
    answer = await machine.get("/xapi/statements", agent=AGENT)
    assert (answer.status_code, PERSON in answer.text) == (500, False)
    anew = {name: value for name, value in STATEMENT.items() if name != "id"}  # no id to look for
    assert (await machine.post("/xapi/statements", anew)).status_code == 200
    async with asyncio.timeout(60):
        while not any(line["message"].startswith("statements waits") for line in lines(machine.folder)):
            await asyncio.sleep(0.05)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE ingest_g1.away RENAME TO statements"))
    async with asyncio.timeout(60):
        while len((await machine.get("/xapi/statements", agent=AGENT)).json().get("statements", ())) < 2:
            await asyncio.sleep(0.05)
    [failed] = [line for line in lines(machine.folder) if line["message"] == "GET /xapi/statements failed"]
    assert (failed["exception"][0]["type"], failed["exception"][0]["code"]) == (
        "sqlalchemy.exc.ProgrammingError",
        "42P01",
    )


async def test_none_of_it_is_in_a_line_or_in_the_servers_own_log(machine: Deployment) -> None:
    for path in (machine.folder / "run.log", machine.folder / "postgres" / "server.log"):
        written = path.read_text()
        assert written
        assert PERSON not in written, [line for line in written.splitlines() if PERSON in line]


def lines(folder: Path) -> list[dict[str, Any]]:
    """Beside them ``praxis run`` greets in words."""
    written = (folder / "run.log").read_text().splitlines()
    return [json.loads(line) for line in written if line.startswith("{")]


@asynccontextmanager
async def refusing(settings: Settings, check: str) -> AsyncIterator[None]:
    """Meanwhile the decider's database refuses evidence that does not meet ``check``."""
    engine = engine_for(settings.database_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(
            f"ALTER TABLE incentives_g1.evidence ADD CONSTRAINT refusing CHECK ({check}) NOT VALID"
        )
    try:
        yield
    finally:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("ALTER TABLE incentives_g1.evidence DROP CONSTRAINT refusing")
        await engine.dispose()


async def until_rejected(port: int, projection: str, letters: int) -> None:
    name = f'praxis_projection_dead_letters_total{{projection="{projection}"}}'
    async with asyncio.timeout(60), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        while _values((await client.get("/metrics")).text).get(name, 0) < letters:
            await asyncio.sleep(0.05)


def _values(metrics: str) -> Mapping[str, float]:
    samples = (line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in samples}
