"""``tracing.Tracer`` by the OpenTelemetry SDK, sending spans by OTLP over HTTP."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import Thread

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.environment_variables import OTEL_SERVICE_NAME
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from praxis_events.tracing import TRACEPARENT, Attributes, Kind, Span

FLUSH_SECONDS = 5.0
"""How long the end of a process waits for a receiver; less than a supervisor waits for the process."""

_KINDS: dict[Kind, SpanKind] = {
    "server": SpanKind.SERVER,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
    "internal": SpanKind.INTERNAL,
}
_propagator = TraceContextTextMapPropagator()


class OtlpTracer:
    """``service`` names the process, unless ``OTEL_SERVICE_NAME`` does. Sampled as ``OTEL_TRACES_SAMPLER`` says."""

    def __init__(self, service: str) -> None:
        named = {} if os.environ.get(OTEL_SERVICE_NAME) else {SERVICE_NAME: service}
        self._provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("praxis")

    @contextmanager
    def span(
        self, name: str, kind: Kind, parent: str | None, links: Collection[str], attributes: Attributes
    ) -> Iterator[Span]:
        """An exception's message may hold somebody's data: only its type is told."""
        with self._tracer.start_as_current_span(
            name,
            _context(parent) if parent else None,
            _KINDS[kind],
            dict(attributes),
            [Link(trace.get_current_span(_context(each)).get_span_context()) for each in links],
            record_exception=False,
            set_status_on_exception=False,
        ) as current:
            span = _Telling(current)
            try:
                yield span
            except Exception as error:
                span.tell({"error.type": type(error).__qualname__}, failed=True)
                raise

    def current(self) -> str | None:
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        return carrier.get(TRACEPARENT)

    def close(self) -> None:
        """Send what is left. A receiver that does not answer is not waited for."""
        closing = Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(FLUSH_SECONDS)


class _Telling:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def tell(self, attributes: Attributes, *, name: str | None = None, failed: bool = False) -> None:
        self._span.set_attributes(dict(attributes))
        if name is not None:
            self._span.update_name(name)
        if failed:
            self._span.set_status(Status(StatusCode.ERROR))


def _context(traceparent: str) -> Context:
    return _propagator.extract({TRACEPARENT: traceparent}, Context())
