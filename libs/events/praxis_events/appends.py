"""Every append of either log, counted, timed and traced."""

from collections.abc import Callable, Coroutine, Sequence
from functools import wraps
from time import perf_counter
from typing import Any, TypeVar, cast

from praxis_events import instruments, tracing
from praxis_events.log import LogError, NewRecord, Position

A = TypeVar("A", bound=Callable[..., Coroutine[Any, Any, list[Position]]])


def observed(append: A) -> A:
    """``EventLog.append``, with what ``instruments`` and the trace tell of it."""

    @wraps(append)
    async def observed_append(log: Any, records: Sequence[NewRecord]) -> list[Position]:
        if not tracing.is_on():
            return await _measured(append, log, records)
        topics = ",".join(sorted({record.topic for record in records}))
        attributes: tracing.Attributes = {
            "messaging.destination.name": topics,
            "messaging.batch.message_count": len(records),
        }
        with tracing.span(f"append {topics}", "producer", attributes=attributes):
            return await _measured(append, log, records)

    return cast(A, observed_append)


async def _measured(append: A, log: Any, records: Sequence[NewRecord]) -> list[Position]:
    started = perf_counter()
    try:
        positions = await append(log, records)
    except LogError as error:
        instruments.APPEND_FAILURES.labels(type(error).__name__).inc()
        raise
    instruments.APPEND_SECONDS.observe(perf_counter() - started)
    instruments.APPENDED_RECORDS.inc(len(records))
    instruments.APPENDED_BYTES.inc(sum([len(record.value) for record in records]))
    return positions
