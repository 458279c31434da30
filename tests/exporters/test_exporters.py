"""Real exporters' data as it comes, through the API, and what the KPIs then say; each figure worked out by hand."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_ingest.bootstrap import SERVICE as INGEST
from praxis_metrics.bootstrap import SERVICE as METRICS
from praxis_service.settings import Settings
from tests.exporters import cmi5, moodle, open_edx
from tests.fixtures.installation import installation
from tests.services.metrics.oracle import COUNTING

Json = dict[str, Any]

IDENTIFIERS: Mapping[str, Sequence[Json]] = {
    "ann": [{"account": each["account"]} for each in (moodle.ANN, open_edx.ANN, cmi5.ANN)],
    "bob": [{"mbox": "mailto:bob@example.org"}, {"account": cmi5.BOB["account"]}],
    "cem": [{"mbox": "mailto:cem@example.org"}],
}


def people() -> list[Json]:
    told = [("identity-linked", {"person_id": name, "identifiers": each}) for name, each in IDENTIFIERS.items()]
    job = {"unit": "sales", "role": "clerk", "effective_at": "2025-01-01T00:00:00Z"}
    told += [("hired", {"person_id": name, **job}) for name in IDENTIFIERS]
    return [
        {"specversion": "1.0", "id": str(n), "source": "/hr", "type": f"praxis.people.{type_}.v1", "data": data}
        for n, (type_, data) in enumerate(told)
    ]


@pytest.fixture(scope="module")
async def praxis(postgres: EmbeddedPostgres) -> AsyncIterator[httpx.AsyncClient]:
    """Everything was sent, and all statements once more, as after an answer that was lost."""
    await postgres.ensure_database("exporters")
    settings = Settings(database_url=postgres.url("exporters"), suppression_threshold=1)
    async with installation(settings, [INGEST, METRICS]) as running:
        batch = {"Content-Type": "application/cloudevents-batch+json"}
        assert (await running.client.post("/events", json=people(), headers=batch)).status_code == 200
        for statements in (moodle.STATEMENTS, open_edx.STATEMENTS, cmi5.STATEMENTS) * 2:
            answer = await running.client.post("/xapi/statements", json=statements)
            assert answer.status_code == 200, answer.text
        await read_through(running.client, datetime.now(UTC))
        yield running.client


async def read_through(client: httpx.AsyncClient, moment: datetime) -> None:
    """Each KPI has a watermark of its own."""
    async with asyncio.timeout(60):
        for kpi in COUNTING:
            while True:
                found = (await client.get(f"/kpis/{kpi}")).json()["watermark"]
                if found is not None and datetime.fromisoformat(found) > moment:
                    break
                await asyncio.sleep(0.05)


async def month(client: httpx.AsyncClient, kpi: str, month: str) -> Json:
    answer = await client.get(f"/kpis/{kpi}", params={"from": f"{month}-01", "to": f"{month}-28", "grain": "month"})
    (point,) = answer.json()["points"]
    return dict(point)


async def counts(client: httpx.AsyncClient, of: str) -> dict[str, float]:
    names = ("monthly-active-learners", "active-days", "enrolments", "completions")
    return {name: (await month(client, name, of))["value"] for name in names}


async def minutes(client: httpx.AsyncClient, of: str) -> tuple[float, float, float]:
    """In all, measured and estimated."""
    found = await month(client, "learning-hours", of)
    hours = (found["value"], found["detail"]["measured_hours"], found["detail"]["estimated_hours"])
    return tuple(round(each * 60, 6) for each in hours)


async def test_moodle(praxis: httpx.AsyncClient) -> None:
    """Measured: the quiz's 15. Estimated: Ann's 20 in the other course, Bob's 20 in the first and 10 by the profile."""
    assert await counts(praxis, "2026-01") == {
        "monthly-active-learners": 2,  # by account, and by a mail address in other case
        "active-days": 4,  # Ann on the 12th and, in UTC, the 20th; Bob on the 12th and 13th
        "enrolments": 1,
        "completions": 3,  # quiz, course, page
    }
    assert await minutes(praxis, "2026-01") == (65, 15, 50)
    assert (await month(praxis, "monthly-active-learners", "2026-01"))["unmatched"] == 0


async def test_open_edx(praxis: httpx.AsyncClient) -> None:
    """Estimated alone: Ann's 41 minutes, in which no gap exceeds 30, and Bob's 30."""
    assert await counts(praxis, "2026-02") == {
        "monthly-active-learners": 3,  # Ann, Bob by a hash without mailto:, a stranger; being graded is no act
        "active-days": 3,
        "enrolments": 2,
        "completions": 1,
    }
    assert await minutes(praxis, "2026-02") == (71, 0, 71)
    assert (await month(praxis, "monthly-active-learners", "2026-02"))["unmatched"] == 1
    assert (await month(praxis, "enrolments", "2026-02"))["unmatched"] == 0  # Cem by a hash with mailto:


async def test_cmi5(praxis: httpx.AsyncClient) -> None:
    """Measured alone: 25 that hold the 20 until completion, 30 until abandoned, and Bob's 10."""
    assert await counts(praxis, "2026-03") == {
        "monthly-active-learners": 2,
        "active-days": 3,
        "enrolments": 0,
        "completions": 1,
    }
    assert await minutes(praxis, "2026-03") == (65, 65, 0)


async def test_what_was_sent_is_what_is_read(praxis: httpx.AsyncClient) -> None:
    registration = cmi5.REGISTRATIONS["ann-7"]
    found = (await praxis.get("/xapi/statements", params={"registration": registration, "ascending": "true"})).json()
    sent = [each for each in cmi5.STATEMENTS if each["actor"] == cmi5.ANN]
    assert [each["context"] for each in found["statements"]] == [each["context"] for each in sent]
    one = open_edx.STATEMENTS[1]
    read = (await praxis.get("/xapi/statements", params={"statementId": one["id"]})).json()
    assert {name: read[name] for name in ("actor", "object", "result", "context")} == {
        name: one[name] for name in ("actor", "object", "result", "context")
    }
