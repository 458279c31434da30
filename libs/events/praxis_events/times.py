"""Times on the wire: RFC 3339, always UTC with a ``Z`` when written, any offset when read."""

from datetime import UTC, datetime


def format_time(moment: datetime) -> str:
    """``2026-03-02T10:00:00.123456Z``; an aware moment in any zone."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """An aware moment in UTC. Raises ``ValueError`` for anything without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text!r} has no zone")
    return moment.astimezone(UTC)


def from_ms(milliseconds: int) -> datetime:
    """The moment ``milliseconds`` after 1970-01-01 UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
