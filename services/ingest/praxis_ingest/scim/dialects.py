"""What identity providers send beside the specification, put as the specification has it. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec
from scim2_models import InvalidSyntaxException, InvalidValueException

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

_MANAGER = f"{ENTERPRISE}:manager".lower()
_READ_ONLY = frozenset({"id", "meta", "schemas", "groups"})


def read(body: bytes) -> Any:
    """The request's JSON, with a manager always an object, and without read-only attributes where Okta's changes repeat
    them. Raises ``InvalidSyntaxException``, and ``InvalidValueException`` for text that no database keeps."""
    try:
        payload = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidSyntaxException(detail=f"The body is not JSON: {error}") from None
    if _has_nul(payload):
        raise InvalidValueException(detail="Text must not contain the character U+0000")
    if not isinstance(payload, dict):
        return payload
    if isinstance(operations := payload.get("Operations"), list):
        return payload | {"Operations": [_operation(each) for each in operations]}
    return _resource(payload)


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(each) for pair in value.items() for each in pair)
    return isinstance(value, list) and any(map(_has_nul, value))


def _operation(operation: Any) -> Any:
    if not isinstance(operation, dict):
        return operation
    path, value = operation.get("path"), operation.get("value")
    if isinstance(path, str) and path.lower() == _MANAGER and "value" in operation:
        return operation | {"value": _manager(value)}
    if not path and isinstance(value, dict):
        kept = {name: each for name, each in value.items() if name not in _READ_ONLY}
        return operation | {"value": _resource(kept)}
    return operation


def _resource(resource: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: _manager(value) if name.lower() == _MANAGER else value for name, value in resource.items()}
    enterprise = found.get(ENTERPRISE)
    if isinstance(enterprise, dict) and "manager" in enterprise:
        found[ENTERPRISE] = enterprise | {"manager": _manager(enterprise["manager"])}
    return found


def _manager(value: Any) -> Any:
    """Entra ID names a manager by text or in a list; a blank one is none."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        value = {"value": value}
    if isinstance(value, dict) and not value.get("value"):
        return None
    return value
