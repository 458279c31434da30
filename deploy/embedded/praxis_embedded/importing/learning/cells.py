"""One cell of an export as a value. Each reader raises ``ValueError``, which says what the cell should hold."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

ISO, UNIX = "iso", "unix"
"""Formats of a time beside those of ``strptime``: ISO 8601, and seconds since 1970."""

EXAMPLE = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)

UNIT_SECONDS = {"hours": 3_600, "minutes": 60, "seconds": 1}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOURS = re.compile(r"%[HIcX]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CLOCK = re.compile(r"(\d+):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?")
_NOON = 12


def moment(cell: str, formats: list[str], zone: ZoneInfo) -> datetime:
    """A time in UTC, by the first format that fits. One without a zone is in ``zone``; a day alone is its noon there,
    so that it stays the same day in the zones around.
    """
    for each in formats:
        try:
            found = _parsed(cell, each)
        except (ValueError, OverflowError):
            continue
        return found.astimezone(UTC) if found.tzinfo else _in_zone(found, zone)
    raise ValueError(f"must be a time, as in {written(formats[0])}")


def written(format_: str) -> str:
    """An example of a time in this format."""
    return {ISO: EXAMPLE.isoformat(), UNIX: str(int(EXAMPLE.timestamp()))}.get(format_) or EXAMPLE.strftime(format_)


def number(cell: str, decimal: str) -> Decimal:
    """Also with a percent sign."""
    found = cell.removesuffix("%").strip().replace(decimal, ".")
    if not _NUMBER.fullmatch(found):
        raise ValueError(f"must be a number, as in 8{decimal}5")
    return Decimal(found)


def duration(cell: str, unit: str, decimal: str) -> str | None:
    """ISO 8601; ``None`` for none at all. ``unit``: of ``UNIT_SECONDS``, or ``clock`` (1:30 or 1:30:00), or ``iso``."""
    if unit == ISO:
        return cell
    if unit in UNIT_SECONDS:
        return _iso(number(cell, decimal) * UNIT_SECONDS[unit])
    found = _CLOCK.fullmatch(cell)
    if found is None:
        raise ValueError("must be hours and minutes, as in 1:30 or 1:30:00")
    return _iso(int(found[1]) * 3_600 + int(found[2]) * 60 + Decimal(found[3] or 0))


def _parsed(cell: str, format_: str) -> datetime:
    if format_ == UNIX:
        return datetime.fromtimestamp(int(cell), UTC)
    if format_ == ISO:
        return datetime.fromisoformat(f"{cell}T{_NOON}:00" if _DAY.fullmatch(cell) else cell)
    found = datetime.strptime(cell, format_)  # noqa: DTZ007 - the caller gives it the zone
    return found if _HOURS.search(format_) else found.replace(hour=_NOON)


def _in_zone(naive: datetime, zone: ZoneInfo) -> datetime:
    """Of the two that a clock set back shows, the first."""
    try:
        found = naive.replace(tzinfo=zone).astimezone(UTC)
        if found.astimezone(zone).replace(tzinfo=None) == naive.replace(fold=0):
            return found
    except OverflowError:
        raise ValueError("must be a time that calendars have") from None
    raise ValueError(f"is a time that there was not in {zone.key}, where clocks were set forward")


def _iso(seconds: Decimal) -> str | None:
    if seconds < 0:
        raise ValueError("must not be negative")
    hours, rest = divmod(seconds.quantize(Decimal("0.01")), 3_600)
    minutes, rest = divmod(rest, 60)
    said = "".join(f"{each.normalize():f}{unit}" for each, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if each)
    return f"PT{said}" if said else None
