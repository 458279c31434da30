"""What a process hosts: the routes, or the workers, of one service or, on one machine, of several."""

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from praxis_events.clock import system_clock
from praxis_events.runner import Stopped
from praxis_service import credentials
from praxis_service.adapters import open_log
from praxis_service.database import engine_for
from praxis_service.service import Context, Service, Worker
from praxis_service.settings import Settings

GRACE_SECONDS = 20

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
            await credentials.create(engine, ["all"], settings.admin_key or "admin", settings.admin_secret)
        finally:
            await engine.dispose()


async def serve(settings: Settings, hosted: Sequence[Service]) -> None:
    """Serve the services' routes on one port until SIGTERM, then finish the requests in hand."""
    import uvicorn

    from praxis_service.app import create_app

    async with open_log(settings) as log:
        app = create_app(hosted, Context(settings, log, system_clock))
        config = uvicorn.Config(
            app, host=settings.host, port=settings.port, http="httptools", log_config=None, access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )  # fmt: skip
        server = uvicorn.Server(config)
        await server.serve()
        if not server.started:
            raise SystemExit(1)


async def project(settings: Settings, hosted: Sequence[Service]) -> None:
    """Run the services' workers until SIGTERM, then let each finish its batch. Exits with 1 when one fails.

    With an ``operations_port``, health and metrics are served there.
    """
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(open_log(settings))
        context = Context(settings, log, system_clock)
        if settings.operations_port is not None:
            from praxis_service.operations_server import operations_served

            await stack.enter_async_context(operations_served(context, settings.operations_port))
        workers = [w for service in hosted for w in await stack.enter_async_context(service.workers(context))]
        logger.info("%d workers of %s", len(workers), ", ".join(service.name for service in hosted))
        await _run_all(workers)


async def _run_all(workers: Sequence[Worker]) -> None:
    def stop() -> None:
        for worker in workers:
            worker.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    failed = await asyncio.gather(*(_run(worker, stop) for worker in workers))
    if any(failed):
        raise SystemExit(1)


async def _run(worker: Worker, stop_all: Callable[[], None]) -> bool:
    """Whether the worker failed. A persisted stop waits for a person and leaves the others running."""
    try:
        await worker.run()
    except Stopped as stopped:
        logger.error("%s", stopped)
        return False
    except Exception:
        logger.exception("%s failed", type(worker).__name__)
        stop_all()
        return True
    return False
