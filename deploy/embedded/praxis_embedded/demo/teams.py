"""The lantern works: its units and roles. ``legal`` has three people, so that its figures are hidden."""

from typing import NamedTuple

COMPANY = "lantern-works"
DIRECTOR = "director"
LEAD = "team-lead"


class Team(NamedTuple):
    """``share``: of the people, in hundredths; ``unit``: the one above."""

    unit: str
    name: str
    above: str
    role: str
    share: int


TEAMS = (
    Team("sales-north", "Sales North", "sales", "adviser", 10),
    Team("sales-south", "Sales South", "sales", "adviser", 10),
    Team("support-day", "Support by Day", "support", "agent", 11),
    Team("support-night", "Support by Night", "support", "agent", 11),
    Team("engineering-looms", "Loom Engineering", "engineering", "engineer", 11),
    Team("engineering-lamps", "Lamp Engineering", "engineering", "engineer", 11),
    Team("operations-dock", "The Dock", "operations", "operator", 14),
    Team("operations-mill", "The Mill", "operations", "operator", 10),
    Team("finance", "Finance", COMPANY, "analyst", 7),
    Team("learning", "People and Learning", COMPANY, "partner", 5),
    Team("legal", "Legal", COMPANY, "counsel", 0),
)

LEGAL_PEOPLE = 3

DIVISIONS = {
    "sales": "Sales", "support": "Support", "engineering": "Engineering", "operations": "Operations"
}  # fmt: skip


def sizes(people: int) -> dict[str, int]:
    """How many people each team has of these, without the director: by largest remainder."""
    shared = people - 1 - LEGAL_PEOPLE
    exact = {team.unit: shared * team.share / 100 for team in TEAMS if team.share}
    found = {unit: int(size) for unit, size in exact.items()}
    by_rest = sorted(exact, key=lambda unit: (found[unit] - exact[unit], unit))
    for unit in by_rest[: shared - sum(found.values())]:
        found[unit] += 1
    return found | {"legal": LEGAL_PEOPLE}
