"""The HTTP server of an API process."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

GRACE_SECONDS = 20


async def serve_app(app: FastAPI, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests in hand; what is done afterwards is done too.

    Raises ``SystemExit`` when the app cannot be started.
    """
    server = _Server(
        uvicorn.Config(
            app, host=host, port=port, http="httptools", log_config=None, access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )  # fmt: skip
    await server.serve()
    if not server.started:
        raise SystemExit(1)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's own sends the signal again at the end, which ends the process before anything is closed."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.handle_exit, number, None)
        yield
