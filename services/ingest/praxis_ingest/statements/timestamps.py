"""Timestamps: ISO 8601 as xAPI 1.0.3 takes them (Data §4.5), RFC 3339 as xAPI 2.0 does."""

import re
from datetime import UTC, datetime, timedelta, timezone

from praxis_events.times import format_time

_UTC = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]+)?(?:Z|\+00:00)")
_PLAIN = re.compile(
    r"[12][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:(?P<utc>Z|\+00:00)|(?!-00:00)[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)
"""Valid in any edition; 29 February is left to the calendar."""

_ISO = re.compile(
    r"""
    (?P<year>[0-9]{4}) (?P<extended>-)? (?P<month>[0-9]{2}) (?(extended)-) (?P<day>[0-9]{2}) [Tt] (?P<hour>[0-9]{2})
    (?: (?(extended):) (?P<minute>[0-9]{2})
      (?: (?(extended):) (?P<second>[0-9]{2}) (?: [.,] (?P<fraction>[0-9]+) )? )? )?
    (?P<zone> [Zz] | (?P<sign>[+-]) (?P<ahead>[0-9]{2}) (?: :? (?P<minutes>[0-9]{2}) )? )?
    """,
    re.VERBOSE,
)
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)


plain = _PLAIN.fullmatch
"""A match when a timestamp needs no closer look: true of nearly all. What it does not match may be valid too. The group
``utc`` matches when it is stored as it is.
"""


def check_timestamp(text: str, *, rfc3339: bool) -> None:
    """Raises ``ValueError``, saying what is wrong. ``rfc3339``: refuse the rest of ISO 8601, as xAPI 2.0 does."""
    if rfc3339 and not _RFC3339.fullmatch(text):
        raise ValueError("must be an RFC 3339 timestamp, such as 2026-03-02T10:00:00Z")
    instant(text)


def instant(text: str) -> datetime:
    """The moment in UTC, cut to microseconds; without a zone the timestamp is read as UTC. A leap second is the second
    after it, as in POSIX. Raises ``ValueError``.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError("must be an ISO 8601 timestamp, such as 2026-03-02T10:00:00Z")
    year, month, day, hour, minute, second = (
        int(found[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    leap = timedelta(seconds=second == 60)
    microsecond = int((found["fraction"] or "")[:6].ljust(6, "0"))
    zone = _zone(found)
    try:
        moment = datetime(year, month, day, hour, minute, second - leap.seconds, microsecond, zone)
        return (moment + leap).astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time of the years 1 to 9999 in UTC") from None
    except ValueError as error:
        raise ValueError(f"must be a real date and time: {error}") from None


def is_utc(text: str) -> bool:
    """Whether a valid timestamp can be stored as it is: RFC 3339 in UTC, without a leap second."""
    return _UTC.fullmatch(text) is not None


def to_utc(text: str) -> str:
    """A valid timestamp as RFC 3339 in UTC (SHOULD in xAPI 1.0.3, Data §4.5)."""
    return format_time(instant(text))


def _zone(found: re.Match[str]) -> timezone:
    if found["sign"] is None:
        return UTC
    hours, minutes = int(found["ahead"]), int(found["minutes"] or 0)
    if found["sign"] == "-" and hours == minutes == 0:
        raise ValueError("must not have the offset -00:00; write Z for UTC")
    if hours > 23 or minutes > 59:
        raise ValueError("must have an offset from -23:59 to +23:59")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if found["sign"] == "-" else offset)
