"""The three content modes of CloudEvents over HTTP: binary, structured and batched.

Source: CloudEvents 1.0.2, HTTP Protocol Binding §3; JSON Event Format §3 and §4.
"""

import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from msgspec import UNSET

from praxis_ingest.events.received import Path, ReceivedEvent
from praxis_ingest.events.strict_json import parse
from praxis_service.problem import BadRequest, FieldError, TooLarge, UnsupportedMediaType, pointer

STRUCTURED = "application/cloudevents+json"
BATCHED = "application/cloudevents-batch+json"

_PREFIX = b"ce-"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")

RawHeaders = Sequence[tuple[bytes, bytes]]
"""As ASGI gives them: names in lower case."""


def read_events(headers: RawHeaders, body: bytes, max_batch: int) -> list[ReceivedEvent]:
    """The events of a request. Raises ``BadRequest``, ``TooLarge`` or ``UnsupportedMediaType``."""
    media_type = _media_type(headers)
    if media_type == STRUCTURED:
        return [_structured(0, parse(body), ())]
    if media_type == BATCHED:
        return _batched(parse(body), max_batch)
    if any(name.startswith(_PREFIX) for name, _ in headers) and not media_type.startswith("application/cloudevents"):
        return [_binary(headers, media_type, body)]
    raise UnsupportedMediaType(f"Send {STRUCTURED}, {BATCHED}, or JSON data with the attributes in ce-… headers.")


def is_json(media_type: str) -> bool:
    """JSON Event Format §3.1: a subtype of ``json`` or one that ends in ``+json``."""
    subtype = media_type.partition(";")[0].strip().lower().partition("/")[2]
    return subtype == "json" or subtype.endswith("+json")


def _media_type(headers: RawHeaders) -> str:
    """Without parameters, in lower case; empty when there is none."""
    given = next((value for name, value in headers if name == b"content-type"), b"")
    return given.decode("latin-1").partition(";")[0].strip().lower()


def _batched(events: object, max_batch: int) -> list[ReceivedEvent]:
    if not isinstance(events, list):
        raise BadRequest("A batch is an array of events.", [FieldError("must be an array", "")])
    if len(events) > max_batch:
        raise TooLarge(f"The batch has {len(events)} events; at most {max_batch} are taken.")
    return [_structured(index, event, (index,)) for index, event in enumerate(events)]


def _structured(index: int, event: object, at: Path) -> ReceivedEvent:
    if not isinstance(event, dict):
        return ReceivedEvent(index, {}, at=at, faults=(FieldError("must be an object", pointer(at)),))
    attributes = dict(event)
    data = attributes.pop("data", UNSET)
    return ReceivedEvent(index, attributes, data, at)


def _binary(headers: RawHeaders, media_type: str, body: bytes) -> ReceivedEvent:
    if media_type and not is_json(media_type):
        raise UnsupportedMediaType("The data of an event must be JSON.")
    attributes: dict[str, object] = {}
    faults: list[FieldError] = []
    for name, value in headers:
        if not name.startswith(_PREFIX):
            continue
        header, attribute = name.decode("latin-1"), name.removeprefix(_PREFIX).decode("latin-1")
        if attribute in attributes:
            faults.append(FieldError("is given more than once", header=header))
        try:
            attributes[attribute] = header_text(value)
        except UnicodeDecodeError:
            faults.append(FieldError("is not UTF-8 once percent-decoded", header=header))
    return ReceivedEvent(0, attributes, parse(body), in_headers=True, faults=tuple(faults))


def header_text(value: bytes) -> str:
    """A header's value as an attribute (HTTP Protocol Binding §3.1.3.2): unquoted, then percent-decoded once.

    Raises ``UnicodeDecodeError`` when that is not UTF-8.
    """
    text = value.decode("latin-1")
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        text = _ESCAPED.sub(r"\1", quoted[1])
    return unquote_to_bytes(text.encode("latin-1")).decode()
