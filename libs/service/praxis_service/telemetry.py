"""Traces, exported where the environment names a receiver: OpenTelemetry's own variables, ``OTEL_…``, hold.

Without one nothing is imported and nothing is done.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from fastapi import Request

from praxis_events import tracing

RECEIVERS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


@contextmanager
def exported(services: Sequence[str], part: str) -> Iterator[None]:
    """Meanwhile this process, the ``part`` of these services, traces; at the end what is left is sent, bounded."""
    if not is_wanted(os.environ):
        yield
        return
    from praxis_service.otlp import OtlpTracer

    tracer = OtlpTracer("-".join(["praxis", *(services if len(services) == 1 else ()), part]))
    tracing.use(tracer)
    try:
        yield
    finally:
        tracing.use(None)
        tracer.close()


def is_wanted(environment: Mapping[str, str]) -> bool:
    disabled = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    none = environment.get("OTEL_TRACES_EXPORTER", "otlp").lower() == "none"
    return any(environment.get(name) for name in RECEIVERS) and not (disabled or none)


def trace_of(request: Request) -> str | None:
    """The traceparent for what the request brings about: the span that serves it, else the client's."""
    return tracing.current() or tracing.well_formed(request.headers.get(tracing.TRACEPARENT))
