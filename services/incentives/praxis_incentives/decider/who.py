"""The people directory as the decider has it: who claims what, and whose names are in the evidence."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_incentives.identities import PERSON, Identities, keys_of, person

_CLAIMS = text(
    "SELECT key, array_agg(DISTINCT person_id) FROM identity_claims WHERE key = ANY(CAST(:keys AS text[])) GROUP BY key"
)
_SUBJECTS = text("SELECT DISTINCT subject FROM subjects WHERE key = ANY(CAST(:keys AS text[]))")
_KNOWN = text("SELECT DISTINCT key FROM subjects WHERE key = ANY(CAST(:keys AS text[]))")
_CLAIMED = text("SELECT person_id, key FROM identity_claims WHERE person_id = ANY(CAST(:persons AS text[]))")
_KEYS_OF_PERSONS = text("SELECT DISTINCT key FROM identity_claims WHERE person_id = ANY(CAST(:persons AS text[]))")
_KEYS_OF_EVENT = text("SELECT DISTINCT identifier FROM identity_events WHERE event = :event")


async def remember(session: AsyncSession, subjects: Iterable[str]) -> None:
    """Make subjects findable by every key that a link may name."""
    rows = [{"key": key, "subject": subject} for subject in sorted(set(subjects)) for key in sorted(keys_of(subject))]
    await session.execute(
        text("INSERT INTO subjects (key, subject) VALUES (:key, :subject) ON CONFLICT DO NOTHING"), rows
    )


async def identities(session: AsyncSession, subjects: Collection[str]) -> Identities:
    """What is needed to resolve these subjects."""
    keys = {key for subject in subjects for key in keys_of(subject)}
    return Identities(await claims(session, keys))


async def claims(session: AsyncSession, keys: Iterable[str]) -> dict[str, list[str]]:
    """The persons who claim each key."""
    rows = await session.execute(_CLAIMS, {"keys": sorted(keys)})
    return {key: list(persons) for key, persons in rows}


async def known_subjects(session: AsyncSession, keys: Iterable[str]) -> set[str]:
    """The names in evidence that these keys may stand for."""
    return set(await session.scalars(_SUBJECTS, {"keys": sorted(keys)}))


async def known_keys(session: AsyncSession, keys: Iterable[str]) -> set[str]:
    """Those of these keys under which evidence or a review names somebody."""
    return set(await session.scalars(_KNOWN, {"keys": sorted(keys)}))


async def keys_of_persons(session: AsyncSession, persons: Collection[str]) -> dict[str, set[str]]:
    """By person, the keys that each claims, and that of the person's own subject."""
    found = {each: {person(each)} for each in persons}
    for claimant, key in await session.execute(_CLAIMED, {"persons": sorted(persons)}):
        found[claimant].add(key)
    return found


async def keys_of_event(session: AsyncSession, event: UUID) -> set[str]:
    """The keys that a link or an unlink named; none for any other event."""
    identifiers = await session.scalars(_KEYS_OF_EVENT, {"event": event})
    return {key for identifier in identifiers for key in keys_of(identifier)}


async def names_of(session: AsyncSession, learners: Iterable[str]) -> dict[str, str]:
    """Every name under which evidence or grants of these learners may stand, with the learner it resolves to."""
    learners = set(learners)
    persons = sorted(each.removeprefix(PERSON) for each in learners if each.startswith(PERSON))
    keys = set(await session.scalars(_KEYS_OF_PERSONS, {"persons": persons}))
    names = learners | await known_subjects(session, keys)
    who = await identities(session, names)
    return {name: learner for name in names if (learner := who.resolve(name)) in learners}


def persons(claimed: Iterable[Collection[str]]) -> set[str]:
    """All claimants as subjects."""
    return {person(person_id) for claimants in claimed for person_id in claimants}
