"""The app factory: services' routes on one port, problem+json, health, metrics."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from praxis_service import problem
from praxis_service.service import Check, Context, Service


def create_app(services: Sequence[Service], context: Context) -> FastAPI:
    """One app that serves ``services``. Routes are added when it starts, once their databases are open."""
    checks: dict[str, Check] = {}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for service in services:
                checks[service.name] = await stack.enter_async_context(service.api(app, context))
            yield

    app = FastAPI(title="Praxis", version="0.1.0", lifespan=lifespan)
    problem.install(app)

    @app.get("/healthz", tags=["operations"])
    async def healthz() -> dict[str, str]:
        """Alive: the loop turns. Watches no dependency."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["operations"])
    async def readyz() -> Response:
        """Ready, or 503 naming what is missing."""
        missing = {name: found for name, check in checks.items() if (found := await check()) is not None}
        body = {"status": "missing" if missing else "ok", "missing": missing}
        return JSONResponse(body, status_code=503 if missing else 200)

    @app.get("/metrics", tags=["operations"], include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app
