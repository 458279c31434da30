"""Log lines: JSON, and nothing of what somebody's data made fail."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from praxis_embedded.ports import free_port
from praxis_service.database import engine_for
from tests.fixtures.processes import Process
from tests.libs.service.failing import PERSON

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

FAILURES = {
    "database": ["sqlalchemy.exc.DBAPIError", "22P02"],
    "chained": ["RuntimeError", "ValueError"],
    "together": ["ExceptionGroup", "RuntimeError", "ValueError"],
    "forgotten": ["Task exception was never retrieved", "RuntimeError"],
    "threaded": ["not handled: ValueError"],
    "warned": ["UserWarning at "],
    "library": ["cannot take %s"],
}
"""By endpoint what the line about it says."""


@asynccontextmanager
async def failing(database_url: str, part: str, output: Path) -> AsyncIterator[tuple[Process, int]]:
    port = free_port()
    environment = {
        "PRAXIS_DATABASE_URL": database_url, "PORT": str(port), "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
    }  # fmt: skip
    process = Process([sys.executable, "-m", "tests.libs.service.failing", part], environment, output)
    await process.start()
    try:
        yield process, port
    finally:
        await process.kill()


def lines(output: Path) -> list[dict[str, Any]]:
    text = output.read_text()
    assert PERSON not in text, text
    return [json.loads(each) for each in text.splitlines()]


async def test_whatever_fails_is_a_line_without_the_person(database_url: str, tmp_path: Path) -> None:
    output = tmp_path / "lines"
    async with failing(database_url, "serve", output) as (process, port):
        anew = {"Connection": "close"}  # the server closes one on which an endpoint failed, whoever uses it next
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, headers=anew) as client:
            async with asyncio.timeout(60):
                while not await _answers(client):
                    await asyncio.sleep(0.05)
            for endpoint in FAILURES:
                traceparent = f"00-{TRACE}-{'1' * 16}-01"
                await client.get(f"/{endpoint}", params={"agent": PERSON}, headers={"traceparent": traceparent})
            assert (await client.get(f"/people/{PERSON}")).status_code == 404
        assert await process.stop() == 0
    found = lines(output)
    for endpoint, said in FAILURES.items():
        assert [line for line in found if all(each in json.dumps(line) for each in said)], endpoint
    assert not [line for line in found if line["logger"] == "uvicorn.error"]  # ours have said it
    [failed] = [line for line in found if line["message"] == "GET /database failed"]
    assert failed["trace_id"] == TRACE
    *through, raised = failed["exception"][0]["at"]
    assert all(each.startswith("praxis_service.") for each in through), through
    assert raised.startswith("sqlalchemy.")


async def test_a_worker_fails_with_type_and_place_and_what_the_log_says(database_url: str, tmp_path: Path) -> None:
    engine, output = engine_for(database_url), tmp_path / "lines"
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE SCHEMA failing")
        await connection.exec_driver_sql("CREATE TABLE failing.generation AS SELECT 1 AS live")
    await engine.dispose()
    async with failing(database_url, "project", output) as (process, _):
        assert await process.ended() == 1
    [line] = [line for line in lines(output) if line["level"] == "error"]
    assert line["message"] == "Failing failed"
    own, cause = line["exception"]
    assert (own["type"], own["message"]) == ("praxis_events.log.LogError", "work.evidence/0 ends at 5")
    assert own["at"][-1].startswith("__main__:")
    assert (cause["type"], "message" in cause) == ("ValueError", False)


async def test_a_service_that_cannot_start_says_why(database_url: str, tmp_path: Path) -> None:
    output = tmp_path / "lines"
    async with failing(database_url, "project", output) as (process, _):
        assert await process.ended() == 1
    assert "has not been migrated" in output.read_text()


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False
