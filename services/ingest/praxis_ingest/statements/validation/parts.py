"""Statements and their parts from bytes: decoded, looked through for repeated members, checked.

Learners, verbs, activities and courses come again and again. A part that was found valid is remembered by its bytes;
from then on it costs a lookup.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder

from praxis_ingest.statements.malformed import fault_of
from praxis_ingest.statements.repetition import may_repeat, repeated_member
from praxis_ingest.statements.validation.inspection import Inspection

_MOST_BYTES = 2_000_000
"""Of the remembered parts of one kind, as sent; with what was decoded from them about five times as much."""

_LONGEST = 4_096

Part = TypeVar("Part", bound=Struct)


class Parts(Generic[Part]):
    """Parts of one kind. ``check`` judges a part by its bytes alone, whatever statement of whichever edition has it.

    Bounded: parts over 4,096 bytes are never kept, and all is forgotten when two megabytes are. What is returned is
    shared: nobody may change it.
    """

    def __init__(self, kind: type[Part], check: Callable[[Part, str, Inspection], None]) -> None:
        self._decoder, self._check = Decoder(kind), check
        self._known: dict[bytes, Part] = {}
        self._bytes = 0

    def inspected(self, raw: Raw, at: str, name: str, seen: Inspection) -> Part | None:
        """The member ``name`` of what stands at ``at``; ``None`` when it breaks a rule: ``seen`` then has the fault."""
        sent = bytes(raw)
        known = self._known.get(sent)
        if known is None:
            known = inspected(self._decoder, self._check, sent, f"{at}/{name}", seen)
            if known is not None and len(sent) <= _LONGEST:
                self._remember(sent, known)
        return known

    def valid(self, raw: Raw) -> Part:
        """A part that has been found valid before."""
        sent = bytes(raw)
        return self._known.get(sent) or self._decoder.decode(sent)

    def _remember(self, sent: bytes, part: Part) -> None:
        if self._bytes > _MOST_BYTES:
            self._known.clear()
            self._bytes = 0
        self._known[sent] = part
        self._bytes += len(sent)


def inspected(
    decoder: Decoder[Part], check: Callable[[Part, str, Inspection], None], raw: bytes, at: str, seen: Inspection
) -> Part | None:
    """``raw`` decoded; ``None`` when it breaks a rule: ``seen`` then has the fault."""
    faults = len(seen.faults)
    try:
        part = decoder.decode(raw)
        check(part, at, seen)
        if len(seen.faults) == faults and may_repeat(raw, part) and (repeated := repeated_member(raw)):
            seen.fault(at + repeated, "must not be given twice")
    except (DecodeError, ValueError, RecursionError) as error:
        seen.faults.append(fault_of(error, raw, at))
    return None if len(seen.faults) > faults else part
