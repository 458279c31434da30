"""The app that hosts services: their routes, health, readiness, metrics."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from praxis_events.clock import system_clock
from praxis_events.postgres_log import PostgresLog
from praxis_service import operations
from praxis_service.access.access import Access
from praxis_service.app import create_app
from praxis_service.problem import NotFound
from praxis_service.service import Check, Context, Service, Worker
from praxis_service.settings import Settings

HANGS = "hangs"


def service(name: str, missing: list[str], events: list[str]) -> Service:
    """Serves /<name>; its readiness is the first of ``missing``, and is not told when one of them hangs."""

    @asynccontextmanager
    async def api(app: FastAPI, _: Context, __: Access) -> AsyncIterator[Check]:
        async def check() -> str | None:
            if HANGS in missing:
                await asyncio.Event().wait()
            return missing[0] if missing else None

        async def nothing() -> None:
            raise NotFound(f"{name} has nothing.")

        app.add_api_route(f"/{name}", nothing)
        events.append(f"{name} opens")
        yield check
        events.append(f"{name} closes")

    @asynccontextmanager
    async def workers(_: Context) -> AsyncIterator[list[Worker]]:
        yield []

    return Service(name, "nowhere", api, workers)


@asynccontextmanager
async def hosting(database_url: str, *services: Service) -> AsyncIterator[httpx.AsyncClient]:
    log = await PostgresLog.open(database_url)
    app = create_app(services, Context(Settings(database_url=database_url), log, system_clock))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), client:
        yield client
    await log.close()


async def test_services_are_opened_in_order_and_closed_in_reverse(database_url: str) -> None:
    events: list[str] = []
    async with hosting(database_url, service("one", [], events), service("two", [], events)) as client:
        assert events == ["one opens", "two opens"]
        for name in ("one", "two"):
            answer = await client.get(f"/{name}")
            assert (answer.status_code, answer.json()["detail"]) == (404, f"{name} has nothing.")
    assert events[2:] == ["two closes", "one closes"]


async def test_readiness_says_what_is_missing_and_liveness_does_not_care(database_url: str) -> None:
    missing: list[str] = []
    async with hosting(database_url, service("one", missing, []), service("two", [], [])) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"status": "ok", "missing": {}})
        missing.append("the database does not answer")
        unready = await client.get("/readyz")
        assert (unready.status_code, unready.json()["missing"]) == (503, {"one": "the database does not answer"})
        assert (await client.get("/healthz")).status_code == 200


async def test_what_hangs_is_named_in_time(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "CHECK_SECONDS", 0.1)
    async with hosting(database_url, service("one", [HANGS], []), service("two", [], [])) as client:
        async with asyncio.timeout(10):
            unready = await client.get("/readyz")
    assert (unready.status_code, unready.json()["missing"]) == (503, {"one": "no answer within 0.1 s"})


async def test_metrics_are_for_prometheus(database_url: str) -> None:
    async with hosting(database_url) as client:
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "python_info" in answer.text
