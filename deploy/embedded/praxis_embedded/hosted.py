"""The services that one machine hosts together."""

from collections.abc import Sequence
from importlib import import_module

from praxis_service.service import Service

NAMES = ("ingest", "metrics", "incentives")


def services(names: Sequence[str]) -> list[Service]:
    """The named services, or all of them; only these are imported. Raises ``LookupError`` for a name that is none."""
    for name in names:
        if name not in NAMES:
            raise LookupError(f"there is no service {name!r}; there are {', '.join(NAMES)}")
    found: list[Service] = []
    for name in names or NAMES:
        found.append(import_module(f"praxis_{name}.bootstrap").SERVICE)
    return found
