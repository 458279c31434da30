"""What is seen of each request: metrics, a span, a log line when it fails. Never its path, its query or its body."""

import logging
from collections.abc import Mapping
from time import perf_counter

from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from praxis_events import tracing
from praxis_service import instruments

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Others are counted together: a client may make up as many as it likes."""

SERVER_ERROR = 500

logger = logging.getLogger(__name__)

Series = tuple[str, str, int]


class ObservedRequests:
    """ASGI middleware. ``services``: by package, the services whose endpoints are served."""

    def __init__(self, app: ASGIApp, services: Mapping[str, str]) -> None:
        self._app, self._services = app, services
        self._series: dict[Series, Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        method, status, started = _method(scope), SERVER_ERROR, perf_counter()

        async def noting_the_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        instruments.IN_FLIGHT.inc()
        with tracing.span(method, "server", parent=_traceparent(scope)) as span:
            try:
                await self._app(scope, receive, noting_the_status)
            except Exception:
                logger.exception("%s %s failed", method, _template(scope))
                raise
            finally:
                instruments.IN_FLIGHT.dec()
                self._count(scope, method, status, perf_counter() - started)
                if tracing.is_on():
                    _tell(span, scope, method, status)

    def _count(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        series = _template(scope), method, status // 100
        found = self._series.get(series)
        if found is None:
            package = str(getattr(scope.get("endpoint"), "__module__", "")).partition(".")[0]
            labels = self._services.get(package, ""), _template(scope), method, f"{status // 100}xx"
            found = self._series[series] = instruments.REQUEST_SECONDS.labels(*labels)
        found.observe(seconds)


def _tell(span: tracing.Span, scope: Scope, method: str, status: int) -> None:
    """``url.path`` and ``url.query``, which others put into a server's span, may name somebody."""
    template = _template(scope)
    known: tracing.Attributes = {
        "http.request.method": method,
        "http.route": template,
        "http.response.status_code": status,
    }
    span.tell(known, name=f"{method} {template}".rstrip(), failed=status >= SERVER_ERROR)


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "other"


def _template(scope: Scope) -> str:
    """Empty where no route serves the path."""
    return getattr(scope.get("route"), "path", "")


def _traceparent(scope: Scope) -> str | None:
    if not tracing.is_on():
        return None
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return tracing.well_formed(value.decode("latin-1"))
    return None
