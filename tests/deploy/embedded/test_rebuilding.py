"""``praxis rebuild`` under load: nothing is lost, nothing is twice, and nobody is kept waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.e2e.events import applied, hired, linked, policy
from tests.fixtures.processes import Deployment, Process, running_on_one_machine


def statement(number: int) -> dict[str, Any]:
    return {
        "actor": {"mbox": f"mailto:person-{number % 40}@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": f"https://lms.example/courses/{number}"},
        "timestamp": "2026-03-02T10:00:00Z",
    }


@asynccontextmanager
async def load(praxis: Deployment) -> AsyncIterator[list[str]]:
    """Statements and evidence come in all the while; the ids that were acknowledged."""
    acknowledged: list[str] = []
    stopping = asyncio.Event()

    async def post() -> None:
        number = 0
        while not stopping.is_set():
            number += 10
            answer = await praxis.post("/xapi/statements", [statement(n) for n in range(number, number + 10)])
            assert answer.status_code == 200, answer.text
            acknowledged.extend(answer.json())
            await praxis.send(
                applied(
                    {"person_id": f"p-{number % 70}"}, "python", f"app#{number}", "project-result", {"person_id": "c"}
                )
            )
            found = await praxis.get("/xapi/statements", statementId=answer.json()[0])
            assert found.status_code == 200, found.text

    task = asyncio.create_task(post())
    try:
        yield acknowledged
    finally:
        stopping.set()
        await task


async def figures(praxis: Deployment) -> dict[str, Any]:
    """What the read models answer when they have everything."""
    asked_at = datetime.now(UTC)
    async with asyncio.timeout(60):
        while True:
            decisions = (await praxis.get("/decisions", limit=200)).json()
            kpi = (await praxis.get("/kpis/completions", **{"from": "2026-03-01", "to": "2026-03-31"})).json()
            through = kpi["watermark"] and datetime.fromisoformat(kpi["watermark"])
            if decisions["consistent"] and through and through > asked_at:
                return {"decisions": decisions["decisions"], "points": kpi["points"]}
            await asyncio.sleep(0.2)


async def rebuilt(praxis: Deployment, service: str) -> None:
    printed = await praxis.praxis("rebuild", service)
    assert f"{service}_g2 is live" in printed, printed
    assert f"{service}_g1 is dropped" in printed, printed


async def test_every_service_under_load(tmp_path: Path) -> None:
    async with running_on_one_machine(tmp_path / "data") as praxis:
        await praxis.send(policy("python-in-practice", "python"), hired("p-1", "2026-01-01T00:00:00Z"))
        await praxis.send(linked("p-1", {"mbox": "mailto:person-1@example.org"}))
        async with load(praxis) as acknowledged:
            for service in ("ingest", "metrics", "incentives"):
                await rebuilt(praxis, service)
            many = len(acknowledged)
            async with asyncio.timeout(60):
                while len(acknowledged) < many + 50:  # and on it goes, on the new generation
                    await asyncio.sleep(0.05)
        before = await figures(praxis)
        [point] = before["points"]
        assert point["value"] == len(acknowledged)
        indexes = [decision["ledger_index"] for decision in before["decisions"]]
        assert indexes == sorted(indexes, reverse=True)
        assert len(indexes) == min(200, indexes[0] + 1)
        listed = 0
        answer = (await praxis.get("/xapi/statements", limit=500)).json()
        while True:
            listed += len(answer["statements"])
            if not answer["more"]:
                break
            answer = (await praxis.client.get(praxis.url("/xapi").removesuffix("/xapi") + answer["more"])).json()
        assert listed == len(acknowledged)


async def test_interrupted_it_goes_on_where_it_was(tmp_path: Path) -> None:
    async with running_on_one_machine(tmp_path / "data") as praxis:
        async with load(praxis) as acknowledged, asyncio.timeout(60):
            while len(acknowledged) < 300:
                await asyncio.sleep(0.05)
        before = await figures(praxis)
        interrupted: Process = praxis.command("rebuild", "metrics")
        await interrupted.start()
        await asyncio.sleep(1.5)
        await interrupted.kill()
        assert await figures(praxis) == before
        await rebuilt(praxis, "metrics")
        assert await figures(praxis) == before
