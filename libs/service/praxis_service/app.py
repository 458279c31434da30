"""The app factory: services' routes on one port, problem+json, and the routes of operations."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from praxis_service import problem
from praxis_service.operations import operations_router
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
    app.include_router(operations_router(checks))
    return app
