"""One cell of a roster as a value. Each reader raises ``ValueError``, which says what the cell should hold."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NO_END = 9999
"""The year that HR systems write for "no end" (SAP's 31.12.9999)."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "unknown": None}

Reader = Callable[[str, ZoneInfo], Any]
"""Gets a cell that is not blank, without surrounding space, and the zone in which days begin."""


def text(cell: str, _: ZoneInfo) -> str:
    return cell


def moment(cell: str, zone: ZoneInfo) -> datetime:
    """A day is the moment at which it begins."""
    return _moment(cell, zone, timedelta())


def last_day(cell: str, zone: ZoneInfo) -> datetime | None:
    """A day is the moment at which it is over; ``None``: there is no end."""
    return None if cell.startswith(str(NO_END)) else _moment(cell, zone, timedelta(days=1))


def truth(cell: str, _: ZoneInfo) -> bool | None:
    try:
        return _TRUTH[cell.lower()]
    except KeyError:
        raise ValueError("must be true, false or unknown") from None


def share(cell: str, _: ZoneInfo) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError("must be a number, as in 0.8") from None


def time_zone(cell: str, _: ZoneInfo) -> str:
    try:
        return ZoneInfo(cell).key
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone of the IANA database, as in Europe/Berlin") from None


def working_days(cell: str, _: ZoneInfo) -> list[str]:
    words = re.split(r"[\s,;/]+", cell.lower())
    found = {day for day in WEEK for word in words if word in (day, day[:3])}
    if len(found) != len(set(words)):
        raise ValueError("must be days of the week, as in mon tue wed")
    return [day for day in WEEK if day in found]


def mail(cell: str, _: ZoneInfo) -> dict[str, Any]:
    address = cell[len("mailto:") :] if cell.lower().startswith("mailto:") else cell
    return {"mbox": f"mailto:{address}"}


def identifiers(cell: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    return [_identifier(each.strip(), zone) for each in cell.split(";") if each.strip()]


def _identifier(written: str, zone: ZoneInfo) -> dict[str, Any]:
    kind, _, rest = written.partition(":")
    home_page, bar, name = rest.rpartition("|")
    match kind.lower():
        case "mailto":
            return mail(written, zone)
        case "sha1":
            return {"mbox_sha1sum": rest}
        case "openid":
            return {"openid": rest}
        case "account" if bar:
            return {"account": {"homePage": home_page, "name": name}}
    raise ValueError("must be mailto:…, sha1:…, openid:… or account:home page|name, with ; between them")


def _moment(cell: str, zone: ZoneInfo, later: timedelta) -> datetime:
    try:
        if _DAY.fullmatch(cell):
            return datetime.combine(date.fromisoformat(cell) + later, time(), zone).astimezone(UTC)
        read = datetime.fromisoformat(cell)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be a day, as in 2026-03-01, or a time with a zone")


COLUMNS: Mapping[str, Reader] = {
    "person_id": text,
    "name": text,
    "mail": mail,
    "identifiers": identifiers,
    "unit": text,
    "role": text,
    "grade": text,
    "manager_id": text,
    "worker_type": text,
    "fte": share,
    "time_zone": time_zone,
    "working_days": working_days,
    "hired_on": moment,
    "effective_at": moment,
    "decided_at": moment,
    "left_on": last_day,
    "voluntary": truth,
}
"""Every column that a roster may have."""
