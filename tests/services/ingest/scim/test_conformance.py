"""scim2-tester, the conformance suite of the python-scim project, against the running service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from scim2_client import BaseSyncSCIMClient
from scim2_tester import Status, check_server

from praxis_embedded.ports import free_port
from tests.services.ingest.scim.serving import TOKEN, Scim

PASSES = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


class OverHttp(BaseSyncSCIMClient):
    """The suite's client on the HTTP library that this project has."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self._client = client

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return str(self._client.build_request("GET", endpoint).url).startswith(str(self._client.base_url))

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return self._client.request(method, url, **options)


@asynccontextmanager
async def over_http(scim: Scim) -> AsyncIterator[str]:
    """The service's address, while it answers there."""
    port = free_port()
    config = uvicorn.Config(scim.app, host="127.0.0.1", port=port, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(30):
        while not server.started:
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}/scim/v2"
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 30)


async def test_the_conformance_suite_passes(scim: Scim) -> None:
    def check(url: str) -> list[Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
            return list(check_server(OverHttp(client)))

    async with over_http(scim) as url:
        results = await asyncio.to_thread(check, url)
    assert [each for each in results if each.status not in PASSES] == []
    assert {each.resource_type for each in results} >= {"User", "Group"}
    assert len(results) > 100
