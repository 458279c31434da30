"""Small apps, called without a network."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from praxis_service import problem


@asynccontextmanager
async def client_of(
    *routes: tuple[str, Callable[..., Any]], auth: tuple[str, str] | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app that answers each (path, endpoint) to GET and POST, and every error as a problem."""
    app = FastAPI()
    problem.install(app)
    for path, endpoint in routes:
        app.add_api_route(path, endpoint, methods=["GET", "POST"], response_model=None)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", auth=auth) as client:
        yield client
