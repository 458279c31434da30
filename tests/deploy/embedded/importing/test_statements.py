"""Importing through the real door: refused lines are named, the rest is stored, and nothing is stored twice."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_embedded.importing.files import LinesFile
from praxis_embedded.importing.journal import Journal
from praxis_embedded.importing.posting import ImportFailed
from praxis_embedded.importing.statements import Outcome, StatementImport, identified, statements_of
from praxis_ingest.bootstrap import SERVICE
from praxis_service.settings import Settings
from tests.fixtures.installation import installation

URL = "http://test"


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with installation(Settings(database_url=database_url, max_body_bytes=20_000), [SERVICE]) as running:
        running.client.headers["Content-Type"] = "application/json"
        yield running.client


def statement(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "actor": {"mbox": "mailto:ann@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": f"https://lms.example/courses/{number}"},
        "timestamp": "2026-03-02T10:00:00Z",
    } | changes


def write(path: Path, lines: list[Any]) -> LinesFile:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return LinesFile(path)


async def bring_in(
    client: httpx.AsyncClient, file: LinesFile, folder: Path, batch: int = 4, connections: int = 3
) -> Outcome:
    told: list[int] = []
    work = StatementImport(
        client, Journal(folder, URL, file.path), lambda o: told.append(o.stored), batch=batch, connections=connections
    )
    outcome = await work.run(statements_of(file))
    assert told == sorted(told)
    return outcome


async def stored(client: httpx.AsyncClient) -> list[str]:
    answer = await client.get("/xapi/statements")
    return sorted(each["object"]["id"] for each in answer.json()["statements"])


async def test_statements_without_ids_are_stored_once_however_often_they_are_imported(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.jsonl", [statement(n) for n in range(25)] + [statement(3), statement(3), statement(24)])
    for _ in range(2):
        outcome = await bring_in(client, file, tmp_path)
        assert (outcome.stored, outcome.refused) == (28, [])
    assert await stored(client) == sorted(f"https://lms.example/courses/{n}" for n in range(25))


async def test_lines_that_are_refused_are_named_and_the_others_stored(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    taken = str(uuid4())
    lines = [
        statement(1),
        "[]",
        statement(2, verb={"id": "no IRI"}),
        "",
        "not JSON",
        statement(3, id=taken),
        statement(4),
        statement(5, id=taken),
        statement(6, result={"response": "x" * 30_000}),
        statement(7),
    ]
    outcome = await bring_in(client, write(tmp_path / "a.jsonl", lines), tmp_path, batch=3, connections=1)
    assert [refusal.line for refusal in sorted(outcome.refused)] == [2, 3, 5, 8, 9]
    reasons = {refusal.line: refusal.reason for refusal in outcome.refused}
    assert "one JSON object" in reasons[2]
    assert reasons[3].startswith("/verb/id ")
    assert "stored with other content" in reasons[8]
    assert outcome.stored == 4
    assert await stored(client) == [f"https://lms.example/courses/{n}" for n in (1, 3, 4, 7)]


async def test_an_interrupted_import_goes_on_where_it_was(client: httpx.AsyncClient, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [statement(n) for n in range(40)])
    requests = 0

    async def breaks_off(request: httpx.Request) -> None:
        nonlocal requests
        requests += 1
        if requests == 6:
            request.headers["Authorization"] = "Basic bm9ib2R5Om5vdGhpbmc="

    client.event_hooks = {"request": [breaks_off]}
    with pytest.raises(ImportFailed, match="401"):
        await bring_in(client, file, tmp_path)
    first = Journal(tmp_path, URL, file.path).next_line()
    assert 1 <= first <= 21
    present = await stored(client)
    assert {f"https://lms.example/courses/{n}" for n in range(first - 1)} <= set(present)
    outcome = await bring_in(client, file, tmp_path)
    assert outcome.stored == 40 - (first - 1)
    assert len(await stored(client)) == 40
    assert Journal(tmp_path, URL, file.path).next_line() == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text().filter(lambda name: name != "id"), json_values), st.booleans())
def test_an_id_is_added_and_nothing_else_changes(body: dict[str, Any], spaced: bool) -> None:
    line = json.dumps(body, indent=1 if spaced else None).encode().replace(b"\n", b" ")
    id_, identified_line = identified(line)
    found = json.loads(identified_line)
    assert found.pop("id") == id_
    assert UUID(id_).version == 5
    assert found == body
    assert identified(line) == identified(line)


@given(st.dictionaries(st.text(), json_values), json_values)
def test_a_line_with_an_id_stays_as_it_is(body: dict[str, Any], id_: Any) -> None:
    line = json.dumps({**body, "id": id_}).encode()
    assert identified(line) == (str(json.loads(line)["id"]), line)
