"""A request's body as statements: split, decoded and checked, all or nothing; each keeps the bytes that were sent."""

import re
from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET, DecodeError, Raw, Struct
from msgspec.json import Decoder

from praxis_ingest.statements.malformed import NESTING, syntax_of
from praxis_ingest.statements.model import Statement
from praxis_ingest.statements.uuids import uuid_of
from praxis_ingest.statements.validation.inspection import Edition, Inspection
from praxis_ingest.statements.validation.parts import inspected
from praxis_ingest.statements.validation.statements import check_statement
from praxis_service.problem import BadRequest, FieldError, TooLarge

MOST_FAULTS = 50
"""How many faults a refusal lists before it stops looking."""

_array = Decoder(list[Raw])
_value = Decoder(Raw)
_statement = Decoder(Statement)
_START = re.compile(rb"[ \t\r\n]*(.?)", re.DOTALL)


class InvalidStatement(BadRequest):
    """A request's body breaks JSON or xAPI; nothing of it may be stored."""


class Decoded(Struct, frozen=True, gc=False):
    """A valid statement. ``raw``: its bytes as sent; ``pointer``: where it stands in the body (``""`` or ``/3``);
    ``id``: its id, if it has one; ``as_sent``: whether all its values are stored as they were sent.
    """

    raw: bytes
    statement: Statement
    pointer: str
    id: UUID | None
    as_sent: bool

    def with_id(self, statement_id: UUID) -> "Decoded":
        """The same under the id that a PUT gives in its query."""
        return Decoded(self.raw, self.statement, self.pointer, statement_id, self.as_sent)


def decode_batch(body: bytes, *, max_batch: int, edition: Edition = "1.0.3") -> list[Decoded]:
    """The statements of ``body``, one object or an array of them; an empty array has none.

    Raises ``InvalidStatement``, which points at each fault, also for a body that is no JSON, and ``TooLarge`` for more
    than ``max_batch`` statements.
    """
    raws, is_array = _split(body)
    if len(raws) > max_batch:
        raise TooLarge(f"{len(raws)} statements in one request; at most {max_batch} are taken.")
    seen = Inspection(edition)
    found: list[Decoded] = []
    for index, raw in enumerate(raws):
        decoded = _decode(bytes(raw), f"/{index}" if is_array else "", seen)
        if decoded is not None:
            found.append(decoded)
        if len(seen.faults) >= MOST_FAULTS:
            break
    _refuse_repeated_ids(found, seen)
    if seen.faults:
        raise InvalidStatement(_summary(seen.faults), seen.faults[:MOST_FAULTS])
    return found


def _split(body: bytes) -> tuple[Sequence[Raw], bool]:
    start = _START.match(body)
    opening = start[1] if start else b""
    if opening not in (b"[", b"{"):
        raise _no_statements("must be a statement or an array of statements, in JSON")
    try:
        return (_array.decode(body), True) if opening == b"[" else ([_value.decode(body)], False)
    except RecursionError:
        raise _no_statements(NESTING) from None
    except (DecodeError, UnicodeDecodeError) as error:
        raise _no_statements(syntax_of(error)) from None


def _decode(raw: bytes, at: str, seen: Inspection) -> Decoded | None:
    """``None`` when the statement breaks a rule; ``seen`` then has the fault."""
    seen.as_sent = True
    statement = inspected(_statement, check_statement, raw, at, seen)
    if statement is None:
        return None
    statement_id = None if statement.id is UNSET else uuid_of(statement.id)
    return Decoded(raw, statement, at, statement_id, seen.as_sent)


def _refuse_repeated_ids(statements: Sequence[Decoded], seen: Inspection) -> None:
    first: dict[UUID, str] = {}
    for each in statements:
        if each.id is not None and first.setdefault(each.id, each.pointer) != each.pointer:
            seen.fault(f"{each.pointer}/id", f"must differ from the id of {first[each.id]} in the same request")


def _no_statements(detail: str) -> InvalidStatement:
    return InvalidStatement(f"The body {detail}.", [FieldError(detail, pointer="")])


def _summary(faults: Sequence[FieldError]) -> str:
    first = faults[0]
    more = f" ({len(faults)} faults found)" if len(faults) > 1 else ""
    return f"{first.pointer or 'The statement'} {first.detail}{more}. Nothing was stored."
