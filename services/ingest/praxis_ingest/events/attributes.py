"""The context attributes of an event: required ones, optional ones, extensions (CloudEvents 1.0.2 §3)."""

import re
from collections.abc import Callable

from praxis_events.times import parse_time
from praxis_ingest.events.modes import is_json
from praxis_ingest.events.received import ReceivedEvent
from praxis_service.problem import FieldError

MAX_LENGTH = 500
"""Characters of an id or a source: what ``EventRef`` can name, so that every event can be rescinded."""

REQUIRED = ("specversion", "id", "source", "type")

_NAME = re.compile(r"[a-z0-9]{1,20}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_CHARACTERS = r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
_URI_REFERENCE = re.compile(rf"(?:[A-Za-z][A-Za-z0-9+.\-]*:|(?![^/?#]*:)){_CHARACTERS}(?:#{_CHARACTERS})?")


def is_source(text: str) -> bool:
    """Whether an event may name it as its source."""
    return _fault("source", text) is None


def attribute_faults(event: ReceivedEvent) -> list[FieldError]:
    """Everything that is wrong with the attributes. An attribute that is null counts as absent (JSON Format §2.3)."""
    given = {name: value for name, value in event.attributes.items() if value is not None}
    missing = [event.attribute_fault(name, "is required") for name in REQUIRED if name not in given]
    found = [(name, _fault(name, value)) for name, value in given.items()]
    return missing + [event.attribute_fault(name, detail) for name, detail in found if detail is not None]


def _fault(name: str, value: object) -> str | None:
    if name in _CHECKS:
        return _text(value) or _CHECKS[name](str(value))
    if not _NAME.fullmatch(name):
        return "is not an attribute name: at most 20 lower-case letters and digits"
    if isinstance(value, (bool, int)):
        return None
    return _text(value, empty=True)


def _text(value: object, *, empty: bool = False) -> str | None:
    if not isinstance(value, str):
        return "must be a string"
    if not value and not empty:
        return "must not be empty"
    return "must not contain control characters" if _FORBIDDEN.search(value) else None


def _specversion(value: str) -> str | None:
    return None if value == "1.0" else "must be 1.0"


def _short(value: str) -> str | None:
    return None if len(value) <= MAX_LENGTH else f"must have at most {MAX_LENGTH} characters"


def _uri_reference(value: str) -> str | None:
    return _short(value) if _URI_REFERENCE.fullmatch(value) else "must be a URI reference (RFC 3986)"


def _time(value: str) -> str | None:
    try:
        parse_time(value.upper())
    except (ValueError, OverflowError):
        return "must be a time as in RFC 3339"
    return None if _RFC_3339.fullmatch(value) else "must be a time as in RFC 3339"


def _json_type(value: str) -> str | None:
    return None if is_json(value) else "must be a JSON media type"


def _not_the_clients(_: str) -> str:
    return "is set by the service, from the credential"


def _no_binary_data(_: str) -> str:
    return "is not taken: send the data as JSON, in data"


def _anything(_: str) -> None:
    return None


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "specversion": _specversion,
    "id": _short,
    "source": _uri_reference,
    "type": _anything,
    "subject": _anything,
    "time": _time,
    "datacontenttype": _json_type,
    "dataschema": _uri_reference,
    "principal": _not_the_clients,
    "data_base64": _no_binary_data,
}

CONTEXT_ATTRIBUTES = frozenset(_CHECKS)
"""Those that CloudEvents and this door define."""
