"""Health and metrics of a process that serves no API."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import uvicorn
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_events.log import EventLog, LogUnavailable
from praxis_events.topics import DEAD_LETTERS
from praxis_service.database import engine_for
from praxis_service.operations import NO_TELEMETRY, operations_router
from praxis_service.requests import ObservedRequests
from praxis_service.service import Context


@asynccontextmanager
async def operations_served(context: Context, port: int) -> AsyncIterator[None]:
    """Answers on the loop that the workers turn, until they have ended. Raises ``OSError`` when the port is busy.

    Ready while the log and the database answer: workers can do without neither.
    """
    host, engine = context.settings.host, engine_for(context.settings.database_url, pool_size=1)
    checks = {"log": partial(_missing_log, context.log), "database": partial(_missing_database, engine)}
    app = FastAPI(openapi_url=None, telemetry=NO_TELEMETRY)
    app.add_middleware(ObservedRequests, services={})
    app.include_router(operations_router(checks))
    server = _Server(
        uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    )
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
        await engine.dispose()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are for the workers; this server ends after them."""
        yield


async def _missing_log(log: EventLog) -> str | None:
    try:
        await log.end_positions([DEAD_LETTERS.name])
    except LogUnavailable:
        return "the log does not answer"
    return None


async def _missing_database(engine: AsyncEngine) -> str | None:
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return "the database does not answer"
    return None
