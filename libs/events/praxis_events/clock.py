"""The one source of time. Code takes a ``Clock``; only composition roots choose ``system_clock``."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment as an aware ``datetime`` in UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)
