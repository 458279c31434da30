"""Spans around what is done, in the trace that it belongs to. They cost nothing until a process chooses a tracer.

A trace goes through the log by the ``traceparent`` header of each record (W3C Trace Context).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

from praxis_events.log import Record

TRACEPARENT = "traceparent"

MAX_LINKS = 32
"""Traces that the span of one batch names; OpenTelemetry allows 128 links, and nobody follows as many."""

_WELL_FORMED = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

Kind = Literal["server", "producer", "consumer", "internal"]
Attributes = Mapping[str, str | int]


class Span(Protocol):
    def tell(self, attributes: Attributes, *, name: str | None = None, failed: bool = False) -> None:
        """What is known only now. Never somebody's data."""
        ...


class Tracer(Protocol):
    def span(
        self, name: str, kind: Kind, parent: str | None, links: Collection[str], attributes: Attributes
    ) -> AbstractContextManager[Span]:
        """Is current within. ``parent`` and ``links`` are traceparents; without a parent it is the current span's."""
        ...

    def current(self) -> str | None: ...


class _Untold:
    def tell(self, attributes: Attributes, *, name: str | None = None, failed: bool = False) -> None:
        pass


_NOTHING = nullcontext[Span](_Untold())
_tracer: Tracer | None = None


def use(tracer: Tracer | None) -> None:
    """From now on, in this process."""
    global _tracer
    _tracer = tracer


def is_on() -> bool:
    return _tracer is not None


def span(
    name: str,
    kind: Kind = "internal",
    *,
    parent: str | None = None,
    links: Collection[str] = (),
    attributes: Attributes | None = None,
) -> AbstractContextManager[Span]:
    """A span with ``parent``, else within the current one. An exception marks it as failed, by its type alone."""
    if _tracer is None:
        return _NOTHING
    return _tracer.span(name, kind, parent, links, attributes or {})


def current() -> str | None:
    """The traceparent of the span that this happens in."""
    return None if _tracer is None else _tracer.current()


def origins(records: Iterable[Record]) -> list[str]:
    """The traces that ``records`` come from, up to ``MAX_LINKS``; none without a tracer."""
    found: dict[str, None] = {}
    if _tracer is None:
        return []
    for record in records:
        if (origin := traceparent_of(record)) is not None:
            found[origin] = None
            if len(found) == MAX_LINKS:
                break
    return list(found)


def traceparent_of(record: Record) -> str | None:
    return well_formed(record.header(TRACEPARENT))


def well_formed(traceparent: str | None) -> str | None:
    """``None`` for a malformed one: it is ignored, as the specification asks."""
    return traceparent if traceparent is not None and _WELL_FORMED.fullmatch(traceparent) else None
