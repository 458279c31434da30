"""What is counted of requests: templates and classes, never what a client wrote."""

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY

from praxis_service import problem
from praxis_service.operations import NO_TELEMETRY
from praxis_service.requests import ObservedRequests

PERSON = "mailto:ann@example.org"


def client(services: dict[str, str]) -> httpx.AsyncClient:
    app = FastAPI(telemetry=NO_TELEMETRY)
    app.add_middleware(ObservedRequests, services=services)
    problem.install(app)

    @app.get("/people/{person}")
    async def person(person: str) -> str:
        assert in_flight() == 1
        return person

    @app.post("/failing")
    async def failing() -> None:
        raise ValueError(PERSON)

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


def count(service: str, route: str, method: str, status: str) -> float:
    labels = {"service": service, "route": route, "method": method, "status": status}
    return REGISTRY.get_sample_value("praxis_http_request_duration_seconds_count", labels) or 0


def in_flight() -> float:
    return REGISTRY.get_sample_value("praxis_http_requests_in_flight") or 0


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", f"/people/{PERSON}", ("people", "/people/{person}", "GET", "2xx")),
        ("GET", f"/people/{PERSON}?of={PERSON}", ("people", "/people/{person}", "GET", "2xx")),
        ("POST", f"/people/{PERSON}", ("people", "/people/{person}", "POST", "4xx")),
        ("POST", "/failing", ("people", "/failing", "POST", "5xx")),
        ("GET", f"/{PERSON}", ("", "", "GET", "4xx")),
        ("ANN", f"/people/{PERSON}", ("people", "/people/{person}", "other", "4xx")),
    ],
)
async def test_requests_are_counted_by_template_and_class(
    method: str, path: str, expected: tuple[str, str, str, str]
) -> None:
    before = count(*expected)
    async with client({__name__.partition(".")[0]: "people"}) as called:
        await called.request(method, path)
    assert count(*expected) == before + 1
    assert in_flight() == 0
    labels = {str(s.labels) for m in REGISTRY.collect() if m.name.startswith("praxis_http") for s in m.samples}
    assert not [each for each in labels if PERSON in each or "'ANN'" in each]
