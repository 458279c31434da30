"""Why something was refused, without anything of what was sent: names that we know ourselves, and our own words. Pure.

A member's name or a quoted value may be anybody's; in their place stands ``*`` or ``…``.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from inspect import getmembers, isclass
from typing import Any

import msgspec

from praxis_events.contracts import contracts
from praxis_ingest.events.attributes import CONTEXT_ATTRIBUTES
from praxis_ingest.statements import model
from praxis_service.access.scopes import SCOPES
from praxis_service.problem import FieldError, Problem

MOST_FAULTS = 5
"""Of one refusal; the sender got them all."""

MOST_CHARACTERS = 300

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"|`([^`]*)`")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KINDS = {"Agent", "Group", "Activity", "StatementRef", "SubStatement", "contextAgent", "contextGroup"}


def reasons_of(problem: Problem) -> list[dict[str, str]]:
    """Each fault with its ``reason`` and, where it has one, its place: ``pointer``, ``parameter`` or ``header``."""
    faults = problem.errors or (FieldError(problem.detail),)
    return [reason_of(fault) for fault in faults[:MOST_FAULTS]]


def reason_of(fault: FieldError) -> dict[str, str]:
    places = {"pointer": _pointer(fault.pointer), "parameter": _word(fault.parameter), "header": _header(fault.header)}
    return {"reason": _reason(fault.detail), **{name: place for name, place in places.items() if place is not None}}


def _reason(detail: str) -> str:
    def shown(found: re.Match[str]) -> str:
        quoted = next(group for group in found.groups() if group is not None)
        return found[0] if quoted in known() else "…"

    return _UUID.sub("…", _QUOTED.sub(shown, detail))[:MOST_CHARACTERS]


def _pointer(pointer: str | None) -> str | None:
    if not pointer:
        return pointer
    steps = pointer.split("/")[1:]
    return "".join(f"/{step if step.isdecimal() or step in known() else '*'}" for step in steps)


def _word(word: str | None) -> str | None:
    return word if word is None or word in known() else "*"


def _header(header: str | None) -> str | None:
    if header is None or header == "content-type":
        return header
    return f"ce-{_word(header.removeprefix('ce-'))}"


@cache
def known() -> frozenset[str]:
    """Names and values that contracts, xAPI and CloudEvents define."""
    words = {*CONTEXT_ATTRIBUTES, *SCOPES, *_KINDS, "data", "atomic", "statementId"}
    for contract in contracts():
        words |= set(_words(contract.model.model_json_schema()))
    structs = [each for _, each in getmembers(model, isclass) if issubclass(each, msgspec.Struct)]
    return frozenset(words | {field.encode_name for each in structs for field in msgspec.structs.fields(each)})


def _words(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from schema.get("properties", ())
        yield from (each for each in [*schema.get("enum", ()), schema.get("const")] if isinstance(each, str))
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from _words(each)
