"""The API of metrics with one more route, which does nothing: ``python -m bench.asking_server``, set by environment."""

import asyncio
import gc

from starlette.responses import Response

from praxis_events.clock import system_clock
from praxis_metrics.bootstrap import SERVICE
from praxis_service.adapters import open_log
from praxis_service.app import create_app
from praxis_service.hosting import COLLECT_AFTER
from praxis_service.service import Context
from praxis_service.serving import serve_app
from praxis_service.settings import Settings

EMPTY = "/empty"


async def main() -> None:
    gc.set_threshold(COLLECT_AFTER)
    settings = Settings()
    async with open_log(settings) as log:
        app = create_app([SERVICE], Context(settings, log, system_clock))

        @app.get(EMPTY)
        async def empty() -> Response:
            return Response(b"{}", media_type="application/json")

        await serve_app(app, settings.host, settings.port)


if __name__ == "__main__":
    asyncio.run(main())
