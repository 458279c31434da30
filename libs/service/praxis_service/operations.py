"""The routes by which a process is operated: the same where it serves an API and where it projects."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from praxis_service import instruments
from praxis_service.build import VERSION
from praxis_service.service import Check

NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)
"""FastAPI's own would export what may name somebody: queries, bodies, the messages of exceptions."""

CHECK_SECONDS = 3.0
"""How long a check may take: who asks at night wants to be told what hangs."""


def operations_router(checks: Mapping[str, Check]) -> APIRouter:
    """``checks`` by what they are about; asked anew for each ``/readyz``, so it may still grow."""
    instruments.BUILD.labels(VERSION).set(1)
    router = APIRouter(tags=["operations"])

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Alive: the loop turns. Watches no dependency."""
        return {"status": "ok"}

    @router.get(
        "/readyz", responses={503: {"description": "Something is missing", "content": {"application/json": {}}}}
    )
    async def readyz() -> Response:
        """Ready, or 503 naming what is missing."""
        answers = await asyncio.gather(*(_in_time(check) for check in checks.values()))
        missing = {name: found for name, found in zip(checks, answers, strict=True) if found is not None}
        body = {"status": "missing" if missing else "ok", "missing": missing}
        return JSONResponse(body, status_code=503 if missing else 200)

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _in_time(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS:g} s"
