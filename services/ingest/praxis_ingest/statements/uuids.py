"""UUIDs in their standard string form (xAPI 1.0.3, Data §4.4), of any variant: the specification's examples are."""

import re

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


def is_uuid(text: str) -> bool:
    """Whether a string is a UUID with its hyphens, in either case."""
    return _UUID.fullmatch(text) is not None
