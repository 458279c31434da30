"""Which pages and lists there are, for whoever may see them: the table of access knows both. Pure."""

from typing import NamedTuple

from praxis_service.access.principal import Principal
from praxis_service.access.table import TABLE

PLACES = (
    ("/", "Dashboard"),
    ("/pilots", "Pilots"),
    ("/skills/coverage", "Skills"),
    ("/activities/quality", "Content"),
    ("/governance", "Governance"),
    ("/decisions", "Decisions"),
    ("/cases", "Cases"),
    ("/proposals", "Proposals"),
    ("/sources", "Sources"),
)
"""In the order of the programme's questions. One that no route serves is left out."""


class Link(NamedTuple):
    path: str
    name: str
    is_here: bool


def links(principal: Principal | None, here: str) -> list[Link]:
    """Nobody in particular gets none."""
    if principal is None:
        return []
    needs = ((path, name, TABLE.get(("GET", path))) for path, name in PLACES)
    return [
        Link(path, name, path == here)
        for path, name, needed in needs
        if needed is not None and needed.shown(principal.scopes) is not None
    ]
