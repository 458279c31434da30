"""What a process hosts: the routes, or the workers, of one service or, on one machine, of several."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from praxis_events.clock import system_clock
from praxis_service import credentials, telemetry
from praxis_service.adapters import open_log
from praxis_service.database import ServiceDatabase, engine_for, open_service
from praxis_service.service import Context, Service, Worker
from praxis_service.settings import Settings

COLLECT_AFTER = 100_000
"""New objects before the garbage collector looks. Requests and batches leave hardly any cycles, and at Python's default
of 700 it took a seventh of the time that the ingest spends on a statement; at 10,000, fewer than 32 requests of 50
statements have in hand, still a thirtieth."""

logger = logging.getLogger(__name__)


async def migrate(settings: Settings, hosted: Sequence[Service]) -> None:
    """Bring every schema up to date, and the admin's credential when the environment names one."""
    from praxis_service import migrations  # Alembic is heavy, and no other process needs it

    await migrations.migrate_access(settings.database_url)
    for service in hosted:
        await migrations.migrate(settings.database_url, service.name, service.package)
    if settings.admin_secret is not None:
        engine = engine_for(settings.database_url, pool_size=1)
        try:
            await credentials.ensure(engine, ["all"], settings.admin_key or "admin", settings.admin_secret)
        finally:
            await engine.dispose()


async def serve(settings: Settings, hosted: Sequence[Service]) -> None:
    """Serve the services' routes on one port until SIGTERM, then finish the requests in hand."""
    from praxis_service.app import create_app
    from praxis_service.serving import serve_app

    gc.set_threshold(COLLECT_AFTER)
    with telemetry.exported([service.name for service in hosted], "api"):
        async with open_log(settings) as log:
            app = create_app(hosted, Context(settings, log, system_clock))
            await serve_app(app, settings.host, settings.port)


async def project(settings: Settings, hosted: Sequence[Service]) -> None:
    """Run the services' workers until SIGTERM, then let each finish its batch. Exits with 1 when one fails.

    With an ``operations_port``, health and metrics are served there.
    """
    gc.set_threshold(COLLECT_AFTER)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with open_log(settings) as log, AsyncExitStack() as stack:
        context = Context(settings, log, system_clock)
        if settings.operations_port is not None:
            from praxis_service.operations_server import operations_served

            await stack.enter_async_context(operations_served(context, settings.operations_port))
        with telemetry.exported([service.name for service in hosted], "projector"):
            failed = await asyncio.gather(*(_project(service, context, stopping) for service in hosted))
    if any(failed):
        raise SystemExit(1)


async def _project(service: Service, context: Context, stopping: asyncio.Event) -> bool:
    """Run the workers of the generation that is live, and of the next one when that is. Whether one failed."""
    failed = False
    while not stopping.is_set():
        database = await open_service(context.settings.database_url, service.name, pool_size=1)
        try:
            async with service.workers(replace(context, generation=database.generation)) as workers:
                logger.info("%d workers of %s", len(workers), database.schema)
                watcher = asyncio.create_task(_stop_in_time(workers, database, stopping))
                failed = any(await asyncio.gather(*(_run(worker, stopping.set) for worker in workers)))
                watcher.cancel()
        finally:
            await database.close()
    return failed


async def _stop_in_time(workers: Sequence[Worker], database: ServiceDatabase, stopping: asyncio.Event) -> None:
    """Stop the workers when the process is told to, or when another generation is live."""
    waiting = [asyncio.create_task(each) for each in (stopping.wait(), database.until_replaced())]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    for worker in workers:
        worker.stop()


async def _run(worker: Worker, stop_all: Callable[[], None]) -> bool:
    """Whether the worker failed: then the process ends, and whoever keeps it running starts it again."""
    try:
        await worker.run()
    except Exception:
        logger.exception("%s failed", type(worker).__name__)
        stop_all()
        return True
    return False
