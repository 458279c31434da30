"""The app factory: services' routes on one port, problem+json, and the routes of operations."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from praxis_service import openapi, problem
from praxis_service.access.access import Access
from praxis_service.access.bootstrap import open_access
from praxis_service.build import VERSION
from praxis_service.operations import NO_TELEMETRY, operations_router
from praxis_service.pages import faults
from praxis_service.requests import ObservedRequests
from praxis_service.service import Check, Context, Service

logger = logging.getLogger(__name__)


def create_app(services: Sequence[Service], context: Context) -> FastAPI:
    """One app that serves ``services``. Routes are added when it starts, once their databases are open."""
    checks: dict[str, Check] = {}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            access = await stack.enter_async_context(open_access(app, context))
            for service in services:
                checks[service.name] = await _opened(stack, service, app, context, access)
            yield

    app = FastAPI(title="Praxis", version=VERSION, lifespan=lifespan, telemetry=NO_TELEMETRY)
    app.add_middleware(ObservedRequests, services={service.package: service.name for service in services})
    problem.install(app, faults.shown)
    openapi.describe(app)
    app.include_router(operations_router(checks))
    return app


async def _opened(stack: AsyncExitStack, service: Service, app: FastAPI, context: Context, access: Access) -> Check:
    try:
        return await stack.enter_async_context(service.api(app, context, access))
    except Exception:
        logger.exception("%s does not start", service.name)
        raise
