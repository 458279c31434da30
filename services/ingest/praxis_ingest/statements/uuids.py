"""UUIDs in their standard string form (xAPI 1.0.3, Data §4.4), of any variant: the specification's examples are."""

from uuid import UUID

from praxis_events.statement_records import StatementId

_CHARACTERS = 36
_HYPHENS = slice(8, 24, 5)


def uuid_of(text: str) -> UUID | None:
    """The UUID that a string is, with its hyphens and in either case; ``None`` when it is none."""
    if len(text) != _CHARACTERS or text[_HYPHENS] != "----":
        return None
    try:
        found: UUID = StatementId(text)  # takes hyphens anywhere, and 32 hexadecimal digits
    except ValueError:
        return None
    return found


def is_uuid(text: str) -> bool:
    return uuid_of(text) is not None
