"""Requests that outlast an outage: the same body is sent again until it is answered."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx

RETRY_FIRST, RETRY_MOST = 0.5, 15.0
PATIENCE_SECONDS = 300.0
"""How long an outage may last before the import gives up; it can be resumed."""

_OUTAGES = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, 504)


class ImportFailed(Exception):
    """The import cannot go on; what was acknowledged is stored, and begun again it goes on from there."""


async def post(client: httpx.AsyncClient, path: str, body: bytes, trouble: Callable[[str], None]) -> httpx.Response:
    """The answer that is no outage. ``trouble`` is told why nothing moves, and ``""`` when it does again.

    Raises ``ImportFailed``.
    """
    pause, until = RETRY_FIRST, asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        try:
            answer = await client.post(path, content=body)
            if answer.status_code not in _OUTAGES:
                trouble("")
                return answer
            why = f"the server answers {answer.status_code}: {detail(answer)}"
        except httpx.TransportError as error:
            why = f"the server cannot be reached ({type(error).__name__})"
        if asyncio.get_running_loop().time() > until:
            raise ImportFailed(why)
        trouble(why)
        await asyncio.sleep(pause)
        pause = min(pause * 2, RETRY_MOST)


def problem(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON object; empty when it has none."""
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def detail(answer: httpx.Response) -> str:
    return str(problem(answer).get("detail", answer.reason_phrase))
