"""``more`` links: the filter and the place after the last statement shown, as one opaque word.

A place is (stored, id): stable while statements are added.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from praxis_ingest.statements.filters import StatementFilter, parse_query
from praxis_service.problem import BadRequest, FieldError


@dataclass(frozen=True, slots=True)
class Place:
    """The last statement shown."""

    stored: datetime
    id: UUID


def encode(parameters: Mapping[str, str], place: Place) -> str:
    word = msgspec.json.encode([dict(parameters), place.stored.isoformat(), str(place.id)])
    return base64.urlsafe_b64encode(word).decode().rstrip("=")


def decode(word: str) -> tuple[dict[str, str], StatementFilter, Place]:
    """Raises ``BadRequest`` for anything that ``encode`` did not make."""
    try:
        raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        parameters, stored, statement_id = msgspec.json.decode(raw, type=tuple[dict[str, str], datetime, UUID])
    except (binascii.Error, ValueError):
        raise _unknown() from None
    wanted = parse_query(parameters)
    if not isinstance(wanted, StatementFilter) or stored.tzinfo is None:
        raise _unknown()
    return parameters, wanted, Place(stored, statement_id)


def _unknown() -> BadRequest:
    detail = "is not a continuation that this service made"
    return BadRequest(f"The more link {detail}.", [FieldError(detail, parameter="cursor")])
