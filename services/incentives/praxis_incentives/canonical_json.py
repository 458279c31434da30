"""One sequence of bytes for each JSON value: the JSON Canonicalization Scheme (RFC 8785)."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring

LARGEST_INTEGER = 2**53 - 1
"""Beyond it a JSON number does not say which integer was meant (RFC 7493 §2.2)."""

_NAMES = {None: "null", True: "true", False: "false"}

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def encode(value: Json) -> bytes:
    """Raises ``ValueError`` for what JSON cannot say: not finite, an integer too large, a lone surrogate."""
    return _text(value).encode()


def _text(value: Json) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return _NAMES[value]
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return (
            "{"
            + ",".join(f"{encode_basestring(name)}:{_text(value[name])}" for name in sorted(value, key=_utf16))
            + "}"
        )
    return "[" + ",".join(map(_text, value)) + "]"


def _utf16(name: str) -> bytes:
    """Member names are sorted by their UTF-16 code units (§3.2.3)."""
    return name.encode("utf-16-be")


def _integer(value: int) -> str:
    if abs(value) > LARGEST_INTEGER:
        raise ValueError(f"{value} is too large for a JSON number")
    return str(value)


def _number(value: float) -> str:
    """As ECMAScript writes it (ECMA-262, Number::toString): the shortest digits that read back as ``value``."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a JSON number")
    if value == 0:
        return "0"
    negative, figures, exponent = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, figures))
    point = len(digits) + int(exponent)
    return ("-" if negative else "") + _placed(digits.rstrip("0"), point)


def _placed(digits: str, point: int) -> str:
    """``0.<digits>`` times ten to the power of ``point``."""
    count = len(digits)
    if count <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{rest}e{point - 1:+d}"
