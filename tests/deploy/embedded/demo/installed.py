"""Simulated organisations in whole installations, and what these answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from praxis_embedded.demo.posting import Doors, post_simulation
from praxis_embedded.demo.scenario import Effect, Scenario
from praxis_embedded.demo.simulation import Simulation, simulate
from praxis_events.log import EventLog
from praxis_incentives.bootstrap import SERVICE as INCENTIVES
from praxis_ingest.bootstrap import SERVICE as INGEST
from praxis_metrics.bootstrap import SERVICE as METRICS
from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, SECRET, VERSION, installation, running

SERVICES = (INGEST, METRICS, INCENTIVES)
UNTIL = date(2026, 10, 20)
PEOPLE, MONTHS = 80, 6
READ_SECONDS, TEST_SECONDS = 400, 900


@dataclass(frozen=True, slots=True)
class Installed:
    """``told_at``: when all of ``simulation`` had been acknowledged."""

    client: httpx.AsyncClient
    doors: Doors
    log: EventLog
    simulation: Simulation
    told_at: datetime

    async def read(self, path: str, **query: str) -> dict[str, Any]:
        """What it answers once that holds all that was told."""
        async with asyncio.timeout(READ_SECONDS):
            while True:
                answer = await self.client.get(path, params=query)
                assert answer.status_code == 200, answer.text
                body: dict[str, Any] = answer.json()
                if body["watermark"] and datetime.fromisoformat(body["watermark"]) > self.told_at:
                    return body
                await asyncio.sleep(1)

    async def kpi(self, name: str, **query: str) -> list[dict[str, Any]]:
        points: list[dict[str, Any]] = (await self.read(f"/kpis/{name}", **query))["points"]
        return points


@asynccontextmanager
async def installed(database_url: str, *without: Effect) -> AsyncIterator[Installed]:
    """Workers start when all is told, so that they take it at once."""
    settings = Settings(database_url=database_url)
    async with AsyncExitStack() as stack:
        praxis = await stack.enter_async_context(installation(settings, SERVICES, workers=False))
        to = Doors(
            await stack.enter_async_context(
                _client(praxis.app, {"Content-Type": "application/cloudevents-batch+json"})
            ),
            await stack.enter_async_context(_client(praxis.app, {"Content-Type": "application/json", **VERSION})),
        )
        simulation = simulate(Scenario(UNTIL, PEOPLE, MONTHS, without=frozenset(without)))
        await post_simulation(simulation, to, lambda _: None)
        told_at = datetime.now(UTC)
        for service in SERVICES:
            await stack.enter_async_context(running(await stack.enter_async_context(service.workers(praxis.context))))
        yield Installed(praxis.client, to, praxis.context.log, simulation, told_at)


def _client(app: FastAPI, headers: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test", auth=(KEY, SECRET), headers=headers
    )
