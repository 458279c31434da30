"""Members that stand twice in one JSON object (forbidden by xAPI 1.0.3, Data §2.2).

Parsers keep the last in silence. Who keeps the bytes must refuse them, or two readers would read two statements.
"""

import json
from collections import deque
from typing import Any

from msgspec import Struct
from msgspec.json import Encoder

from praxis_service.problem import pointer

_encoder = Encoder()
_BACKSLASH = ord("\\")
"""A number, because bytes are searched for one ten times as fast as for bytes."""


def may_repeat(raw: bytes, decoded: Struct) -> bool:
    r"""Whether ``raw`` could hold a repeated member: never wrong when it says no.

    ``decoded`` has each member of ``raw`` once. Its encoding has the same colons as ``raw``, those after names and
    those inside strings, less what a dropped member held. ``raw`` may write a colon in a string as ``\u003a``; counting
    that text where it is not an escape (``\\u003a``) makes the sum only greater, and leads to the slow look.
    """
    colons = raw.count(b":")
    if _BACKSLASH in raw:
        colons += raw.count(b"\\u003a") + raw.count(b"\\u003A")
    return colons != _encoder.encode(decoded).count(b":")


def repeated_member(raw: bytes) -> str | None:
    """The JSON Pointer to a member that stands twice in ``raw``, which is valid JSON; ``None`` when there is none."""
    tree = json.loads(raw, object_pairs_hook=_Object, parse_int=str, parse_float=str)
    places: deque[tuple[str, Any]] = deque([("", tree)])
    while places:
        at, value = places.popleft()
        if isinstance(value, _Object):
            if value.repeated is not None:
                return at + pointer([value.repeated])
            places += [(at + pointer([name]), child) for name, child in value.items()]
        elif isinstance(value, list):
            places += [(f"{at}/{index}", child) for index, child in enumerate(value)]
    return None


class _Object(dict[str, Any]):
    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated = _first_twice(pairs) if len(self) < len(pairs) else None


def _first_twice(pairs: list[tuple[str, Any]]) -> str | None:
    names: set[str] = set()
    for name, _ in pairs:
        if name in names:
            return name
        names.add(name)
    return None
