"""Who endorsed whom, read as far around some people as their rings reach."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_incentives.decider import who
from praxis_incentives.endorsements import Endorsement, Endorsements
from praxis_incentives.evidence import PEER, ArtefactKey

_STANDING = (
    "SELECT event, place, learner, attester, skill, artefact_system, artefact_id, occurred_at "  # noqa: S608 - ours
    "FROM evidence e "
    f"WHERE kind = '{PEER}' AND attester IS NOT NULL "
    "AND NOT EXISTS (SELECT FROM evidence_rescinded r WHERE r.event = e.event) AND "
)
_OF = text(_STANDING + "(attester = ANY(CAST(:names AS text[])) OR learner = ANY(CAST(:names AS text[])))")
_BY = text(_STANDING + "attester = ANY(CAST(:names AS text[]))")
_BETWEEN = text(_STANDING + "attester = ANY(CAST(:from AS text[])) AND learner = ANY(CAST(:to AS text[]))")


@dataclass(slots=True)
class Circle:
    """``found``: those that are to be seen; ``all`` of them by their key in evidence, seen or not."""

    found: Endorsements
    all: dict[str, Endorsement]

    @classmethod
    def of(cls, endorsements: Iterable[Endorsement], hidden: Collection[str] = ()) -> "Circle":
        everything = {each.id: each for each in endorsements}
        return cls(Endorsements.of(each for each in everything.values() if each.id not in hidden), everything)

    def reveal(self, event: str) -> None:
        if event in self.all:
            self.found.add(self.all[event])

    def members(self, event: str) -> set[str]:
        """All who are in a ring with this endorsement."""
        one = self.all.get(event)
        return set() if one is None else {each.learner for ring in self.found.rings(one) for each in ring}


async def around(session: AsyncSession, people: Collection[str]) -> list[Endorsement]:
    """The endorsements by and of ``people``, and those by which people that they endorsed endorsed people who endorsed
    them: all that a ring between two of them can consist of. People are resolved."""
    if not people:
        return []
    near = await _read(session, _OF, names=await who.names_of(session, people))
    endorsed = {each.learner for each in near if each.endorser in people}
    endorsing = {each.endorser for each in near if each.learner in people}
    if not (endorsed and endorsing):
        return near
    names = await who.names_of(session, endorsed), await who.names_of(session, endorsing)
    far = await _read(session, _BETWEEN, **{"from": names[0], "to": names[1]})
    return list({each.id: each for each in (*near, *far)}.values())


async def concerned(session: AsyncSession, people: Collection[str]) -> set[str]:
    """Whose cases depend on what some people said of others: whom they endorsed, and who is in a ring with them."""
    endorsed = await endorsed_by(session, people)
    circle = Circle.of(await around(session, {*people, *endorsed}) if endorsed else ())
    return endorsed.union(*(circle.members(each.id) for each in circle.all.values() if each.endorser in people))


async def endorsed_by(session: AsyncSession, people: Collection[str]) -> set[str]:
    names = await who.names_of(session, people)
    return {each.learner for each in await _read(session, _BY, names=names)} if names else set()


async def members_with(session: AsyncSession, events: Collection[UUID]) -> set[str]:
    """All who are in a ring with one of these endorsements."""
    rings = await rings_with(session, events)
    return {one.learner for ring in rings.values() for one in ring}


async def rings_with(session: AsyncSession, events: Collection[UUID]) -> dict[str, set[Endorsement]]:
    """By endorsement, those in a ring with it."""
    if not events:
        return {}
    query = text(_STANDING + "event = ANY(CAST(:names AS uuid[]))")
    found = await _read(session, query, names=sorted(events))
    ends = {end for each in found for end in (each.endorser, each.learner)}
    circle = Circle.of(await around(session, ends))
    return {each.id: {one for ring in circle.found.rings(each) for one in ring} for each in found}


async def _read(session: AsyncSession, query: TextClause, **names: Iterable[object]) -> list[Endorsement]:
    rows = (await session.execute(query, {name: list(asked) for name, asked in names.items()})).all()
    known = await who.identities(session, {each for row in rows for each in (row.learner, row.attester)})
    return [
        Endorsement(
            place=row.place,
            id=str(row.event),
            endorser=known.resolve(row.attester),
            learner=known.resolve(row.learner),
            skill=row.skill,
            artefact=ArtefactKey.of(row.artefact_system, row.artefact_id),
            occurred_at=row.occurred_at,
        )
        for row in rows
    ]
