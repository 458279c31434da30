"""One server process of the ingest service, as ``praxis serve ingest`` runs it."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from praxis_embedded.ports import free_port
from praxis_service import credentials
from praxis_service.database import engine_for
from praxis_service.migrations import migrate, migrate_access

KEY, SECRET = "bench", "bench-secret"
START_SECONDS = 60


@asynccontextmanager
async def ingest_server(database_url: str, settings: Mapping[str, str]) -> AsyncIterator[str]:
    """The URL of its statements resource, on a fresh database; the server ends with the context."""
    await migrate_access(database_url)
    await migrate(database_url, "ingest", "praxis_ingest")
    engine = engine_for(database_url, pool_size=1)
    await credentials.create(engine, ["statements/write"], KEY, SECRET)
    await engine.dispose()
    port = free_port()
    environment = {**os.environ, **settings, "PRAXIS_DATABASE_URL": database_url, "PORT": str(port)}
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "praxis_embedded", "serve", "ingest", env=environment
    )
    try:
        await answers(server, port)
        yield f"http://127.0.0.1:{port}/xapi/statements"
    finally:
        if server.returncode is None:
            server.terminate()
        await server.wait()


async def answers(server: Process, port: int) -> None:
    """Wait until ``server`` is ready. Raises ``TimeoutError``, or ``RuntimeError`` when it has ended."""
    async with asyncio.timeout(START_SECONDS):
        while not await _is_ready(port):
            if server.returncode is not None:
                raise RuntimeError(f"the server ended with {server.returncode}")
            await asyncio.sleep(0.1)


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"GET /readyz HTTP/1.0\r\n\r\n")
    status = await reader.readline()
    writer.close()
    return b" 200 " in status
