"""Server processes, as ``praxis serve`` runs them."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
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
    await migrate(database_url, "ingest", "praxis_ingest")
    async with server(database_url, ("praxis_embedded", "serve", "ingest"), "statements/write", settings) as port:
        yield f"http://127.0.0.1:{port}/xapi/statements"


@asynccontextmanager
async def server(
    database_url: str, module: Sequence[str], scope: str, settings: Mapping[str, str]
) -> AsyncIterator[int]:
    """The port of ``python -m module``, with a credential of this scope; it ends with the context."""
    await migrate_access(database_url)
    engine = engine_for(database_url, pool_size=1)
    await credentials.create(engine, [scope], KEY, SECRET)
    await engine.dispose()
    port = free_port()
    environment = {**os.environ, **settings, "PRAXIS_DATABASE_URL": database_url, "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *module, env=environment)
    try:
        await answers(process, port)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def answers(process: Process, port: int) -> None:
    """Wait until ``process`` is ready. Raises ``TimeoutError``, or ``RuntimeError`` when it has ended."""
    async with asyncio.timeout(START_SECONDS):
        while not await _is_ready(port):
            if process.returncode is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
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
