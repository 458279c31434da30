"""Whose decisions somebody sees who may not see everybody's: their own, and those of who reports to them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_incentives.decider import who
from praxis_incentives.identities import PERSON, person
from praxis_people.reporting_lines import reports_among, team_at

MOST_NAMED = 2_000
"""People whose names are looked up to find their decisions; of a larger team the decisions are gone through instead."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """``subjects``: every name by which their own person may be known. ``team_at``: the moment at which those count who
    report to them; ``None`` where nobody does.
    """

    subjects: frozenset[str]
    team_at: datetime | None = None

    @property
    def alone(self) -> "Viewer":
        """Who sees their own only."""
        return replace(self, team_at=None)


async def seen_by(session: AsyncSession, viewer: Viewer, learners: Collection[str]) -> set[str]:
    """Those of ``learners``, as the ledger names them, whom the viewer may see."""
    own = await _persons(session, viewer.subjects)
    known = await who.identities(session, learners)
    persons = {each: known.resolve(each) for each in learners}
    seen = set(own)
    if viewer.team_at is not None:
        reports = await reports_among(session, _ids(persons.values()), _ids(own), viewer.team_at)
        seen |= {person(each) for each in reports}
    return {learner for learner, resolved in persons.items() if resolved in seen}


async def names_seen_by(session: AsyncSession, viewer: Viewer) -> set[str] | None:
    """Every name in the ledger of those whom the viewer may see; ``None`` when these are more than ``MOST_NAMED``."""
    persons = await _persons(session, viewer.subjects)
    if viewer.team_at is not None:
        team = await team_at(session, _ids(persons), viewer.team_at, MOST_NAMED + 1)
        if len(team) > MOST_NAMED:
            return None
        persons |= {person(each) for each in team}
    return set(await who.names_of(session, persons))


async def names_of(session: AsyncSession, subjects: Collection[str]) -> set[str]:
    """Every name in the ledger of the persons whom ``subjects`` mean; what two persons claim means nobody."""
    return set(await who.names_of(session, await _persons(session, subjects)))


async def _persons(session: AsyncSession, subjects: Collection[str]) -> set[str]:
    known = await who.identities(session, subjects)
    return {known.resolve(each) for each in subjects if not known.disputed(each)}


def _ids(subjects: Iterable[str]) -> set[str]:
    return {each.removeprefix(PERSON) for each in subjects if each.startswith(PERSON)}
