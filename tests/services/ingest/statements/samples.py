"""The project's own sample statements, and ways to change them."""

import copy
import json
from pathlib import Path
from typing import Any

from praxis_ingest.statements.decode import Decoded, InvalidStatement, decode_batch
from praxis_ingest.statements.validation.inspection import Edition

FOLDER = Path(__file__).parents[1] / "samples"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
ABSENT = object()


def raw(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


def sample(name: str = "minimal", /, **members: Any) -> dict[str, Any]:
    """A sample as JSON, with members added or, when ``ABSENT``, taken away."""
    return changed(json.loads(raw(name)), *((member, value) for member, value in members.items()))


def changed(statement: dict[str, Any], *changes: tuple[str, Any]) -> dict[str, Any]:
    """A copy with values put at slash-separated paths; members missing on the way are made."""
    result = copy.deepcopy(statement)
    for path, value in changes:
        *steps, last = path.split("/")
        target: Any = result
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else target.setdefault(step, {})
        if value is ABSENT:
            del target[last]
        elif isinstance(target, list):
            target[int(last)] = value
        else:
            target[last] = value
    return result


def decoded(statement: dict[str, Any] | bytes, edition: Edition = "1.0.3") -> Decoded:
    body = statement if isinstance(statement, bytes) else json.dumps(statement).encode()
    [found] = decode_batch(body, max_batch=1, edition=edition)
    return found


def faults(body: Any, edition: Edition = "1.0.3") -> dict[str, str]:
    """By JSON Pointer what is wrong with a body, given as bytes or as JSON; empty when it is valid."""
    found: dict[str, str] = {}
    try:
        decode_batch(body if isinstance(body, bytes) else json.dumps(body).encode(), max_batch=1_000, edition=edition)
    except InvalidStatement as problem:
        for error in problem.errors:
            assert error.pointer is not None
            found[error.pointer] = f"{found[error.pointer]}; {error.detail}" if error.pointer in found else error.detail
    return found
