"""scim2-tester, the conformance suite of the python-scim project, against the running service."""

import asyncio
from typing import Any

import httpx
from scim2_client import BaseSyncSCIMClient
from scim2_tester import Status, check_server

from tests.fixtures.listening import listening
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


async def test_the_conformance_suite_passes(scim: Scim) -> None:
    def check(url: str) -> list[Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
            return list(check_server(OverHttp(client)))

    async with listening(scim.app) as url:
        results = await asyncio.to_thread(check, f"{url}/scim/v2")
    assert [each for each in results if each.status not in PASSES] == []
    assert {each.resource_type for each in results} >= {"User", "Group"}
    assert len(results) > 100
