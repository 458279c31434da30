"""What the decoder found wrong, said to the developer who sent it: a JSON Pointer and plain words."""

import re
from json import JSONDecodeError

from msgspec import DecodeError, Raw, ValidationError
from msgspec.json import Decoder

from praxis_service.problem import FieldError, pointer

_WHERE = re.compile(r"(?P<what>.*?)(?: - at `(?:key in )?(?P<path>\$[^`]*)`)?", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>[0-9]+)\]|(?P<any>\[\.\.\.\])")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_TYPE = re.compile(r"Expected `(.*)`, got `(.*)`")
_KINDS = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "true or false",
    "array": "an array",
    "object": "an object",
    "object | array": "an object or an array",
}
_members = Decoder(dict[str, Raw])

NESTING = "nests too deeply to be read"


def fault_of(error: Exception, raw: bytes, at: str) -> FieldError:
    """``error``: what msgspec raised for ``raw``; ``at``: the pointer to where ``raw`` stands in the body."""
    if isinstance(error, RecursionError):
        return FieldError(NESTING, pointer=at)
    if not isinstance(error, ValidationError):
        return FieldError(syntax_of(error), pointer=at)
    found = _WHERE.fullmatch(str(error))
    what, path = (found["what"], found["path"] or "") if found else (str(error), "")
    steps = _steps(path, raw, of_texts=what.startswith("Expected `str`"))
    if unknown := _UNKNOWN.fullmatch(what):
        return FieldError("is not allowed here (names are case-sensitive)", at + pointer([*steps, unknown[1]]))
    if missing := _MISSING.fullmatch(what):
        return FieldError("is required", at + pointer([*steps, missing[1]]))
    return FieldError(_said(what), at + pointer(steps))


def syntax_of(error: Exception) -> str:
    """Why a text is not JSON."""
    if isinstance(error, DecodeError):
        return f"is not valid JSON: {str(error).removeprefix('JSON is malformed: ')}"
    if isinstance(error, JSONDecodeError):
        return f"is not valid JSON: {error.msg}"
    return "is not valid JSON: it is not UTF-8"


def _said(what: str) -> str:
    mismatch = _TYPE.fullmatch(what)
    if mismatch is None:
        return "holds a number out of the range of 64-bit floating point" if "out of range" in what else what
    expected, got = mismatch.groups()
    if got == "null":
        return "must not be null: leave the member out"
    return f"must be {_KINDS.get(expected, expected)}"


def _steps(path: str, raw: bytes, *, of_texts: bool) -> list[str | int]:
    """The steps of msgspec's ``$.a[0].b[...]``.

    ``[...]`` is a value of a map. In one of texts, a language map, it is the first that is no string; in extensions,
    where only a number can be wrong, the steps end at the map.
    """
    steps: list[str | int] = []
    for step in _STEP.finditer(path):
        if step["any"]:
            return [*steps, *_not_a_string(raw, steps)] if of_texts else steps
        steps.append(int(step["index"]) if step["index"] else step["name"])
    return steps


def _not_a_string(raw: bytes, steps: list[str | int]) -> list[str]:
    here = Raw(raw)
    for step in steps:
        here = Decoder(list[Raw]).decode(here)[step] if isinstance(step, int) else _members.decode(here)[step]
    return [name for name, value in _members.decode(here).items() if not bytes(value).startswith(b'"')][:1]
