"""JSON that means one thing: UTF-8, and I-JSON (RFC 7493) as far as names, numbers and characters go."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from math import isinf
from typing import Any, NoReturn

from praxis_service.problem import BadRequest, FieldError, pointer

MAX_FAULTS = 20
"""The first faults are enough to repair a body."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
Path = tuple[str | int, ...]


class _Repeating(dict[str, Any]):
    """An object in which some name stands twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]


def parse(body: bytes) -> Any:
    """The body as Python values. Raises ``BadRequest``, with pointers to repeated names and lone surrogates."""
    repeating: list[_Repeating] = []

    def read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            repeating.append(_Repeating(pairs))
            return repeating[-1]
        return found

    try:
        text = body.decode()
        value = json.loads(text, object_pairs_hook=read_object, parse_constant=_no_number, parse_float=_finite)
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8.") from None
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    except ValueError as error:
        raise BadRequest(f"The body is not JSON: {error}.") from None
    if repeating or _SURROGATE.search(text):
        _refuse_ambiguous(value)
    return value


def _refuse_ambiguous(value: Any) -> None:
    faults = list(islice(_faults(value), MAX_FAULTS))
    if faults:
        raise BadRequest("The body is not I-JSON (RFC 7493).", faults)


def _faults(value: Any) -> Iterator[FieldError]:
    waiting: list[tuple[Path, Any]] = [((), value)]
    while waiting:
        path, each = waiting.pop()
        if isinstance(each, str) and not _is_unicode(each):
            yield FieldError("has a lone surrogate", pointer(path))
        elif isinstance(each, list):
            waiting += [((*path, index), item) for index, item in enumerate(each)]
        elif isinstance(each, dict):
            if not all(map(_is_unicode, each)):
                yield FieldError("has a name with a lone surrogate", pointer(path))
                continue
            for name in each.repeated if isinstance(each, _Repeating) else ():
                yield FieldError("is given more than once", pointer((*path, name)))
            waiting += [((*path, name), item) for name, item in each.items()]


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError("a number is beyond the range of a double")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
