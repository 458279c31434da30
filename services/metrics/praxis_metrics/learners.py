"""Learners: which actors are one learner, while actors appear and identities are linked, unlinked and disputed.

An actor's *home* is its own key or, for a hash of a mail address that acted too, that address. A learner is the person
who alone claims a home; where none or several do, the home itself. Both the new actors of statements and the changes of
the directory are settled under one lock, so that neither misses the other.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_metrics import dirty
from praxis_metrics.dictionaries import REMEMBERED, unknown
from praxis_metrics.said.noting import note_actors
from praxis_people.directory import owners
from praxis_people.identifiers import claimed_by

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/learners', 0))")

NOBODY = 0
"""The learner of an actor that is being added."""


class Actors:
    """The numbers of actors by key, remembered once they are on disk (see ``dictionaries``); new ones are given a
    learner."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._known: dict[str, int] = {}

    async def numbers(self, keys: Iterable[str], appended_at: datetime) -> Mapping[str, int]:
        """The number of each key, and maybe of others. ``appended_at``: when the log took what names them."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        if new := unknown(keys, self._known):
            async with self._sessions.begin() as session:
                found = await _found(session, new)
                if unseen := unknown(new, found):
                    await _add(session, unseen, appended_at)
                    found |= await _found(session, unseen)
            self._known |= found
        return self._known


async def _found(session: AsyncSession, keys: Collection[str]) -> dict[str, int]:
    rows = await session.execute(text("SELECT key, actor_id FROM actors WHERE key = ANY(:keys)"), {"keys": list(keys)})
    return {key: actor_id for key, actor_id in rows}  # noqa: C416 - rows are not pairs to dict()


async def _add(session: AsyncSession, keys: Collection[str], appended_at: datetime) -> None:
    await lock(session)
    hashes = [(hash_, key) for key in keys if key.startswith("mbox:") for hash_ in claimed_by(key) - {key}]
    await session.execute(
        text(
            "INSERT INTO mail_hashes (hash, mbox) "
            "SELECT * FROM unnest(CAST(:hashes AS text[]), CAST(:mboxes AS text[])) ON CONFLICT DO NOTHING"
        ),
        {"hashes": [hash_ for hash_, _ in hashes], "mboxes": [mbox for _, mbox in hashes]},
    )
    await session.execute(
        text(
            "INSERT INTO actors (key, home, learner_id) SELECT key, key, :nobody "
            "FROM unnest(CAST(:keys AS text[])) AS key ON CONFLICT DO NOTHING"
        ),
        {"keys": sorted(keys), "nobody": NOBODY},
    )
    await settle(session, {*keys, *(hash_ for hash_, _ in hashes)}, appended_at)


async def of_persons(session: AsyncSession, person_ids: Collection[str]) -> dict[str, int]:
    """The learner of each of these persons; makes those that are missing. The caller holds ``lock``."""
    if not person_ids:
        return {}
    persons = sorted(person_ids)
    await session.execute(_ADD_LEARNERS, {"persons": persons, "homes": [None] * len(persons)})
    rows = await session.execute(_LEARNERS, {"persons": persons, "homes": []})
    return {person_id: learner_id for learner_id, person_id, _ in rows}


async def lock(session: AsyncSession) -> None:
    """Until the transaction ends nobody else adds actors or changes whose they are. Take it before looking."""
    await session.execute(_LOCK)


async def settle(session: AsyncSession, keys: Collection[str], appended_at: datetime) -> None:
    """Give every actor that ``keys`` may concern its learner; both learners of one that moves become dirty.

    What names such an actor is noted for the publisher, also where it stays and only whether it is disputed may change.
    ``keys`` are new actors' keys, or keys whose owner may have changed. The caller holds ``lock``.
    """
    homes = await _rehome(session, sorted(keys))
    await note_actors(session, list(await session.scalars(_KNOWN, {"homes": homes, "nobody": NOBODY})), appended_at)
    persons = await owners(session, homes)
    learners = await _learners(session, homes, persons)
    moved = await session.execute(_MOVE, {"homes": homes, "learners": [learners[home] for home in homes]})
    changed = {learner for before, after in moved if before != NOBODY for learner in (before, after)}
    await dirty.add_learners(session, [(learner, appended_at) for learner in sorted(changed)])


_MOVE = text(
    """
    WITH settled AS (
        SELECT * FROM unnest(CAST(:homes AS text[]), CAST(:learners AS bigint[])) AS s(home, learner_id)
    ), moving AS (
        SELECT a.actor_id, a.learner_id AS before, s.learner_id AS after
        FROM actors a JOIN settled s ON s.home = a.home WHERE a.learner_id <> s.learner_id
    )
    UPDATE actors a SET learner_id = after FROM moving WHERE moving.actor_id = a.actor_id RETURNING before, after
    """
)

_KNOWN = text("SELECT actor_id FROM actors WHERE home = ANY(:homes) AND learner_id <> :nobody")

_REHOME = text(
    """
    UPDATE actors a SET home = found.mbox
    FROM (SELECT hash, min(mbox) AS mbox FROM mail_hashes WHERE hash = ANY(:keys) GROUP BY hash) found
    WHERE a.key = found.hash AND a.home <> found.mbox
    """
)

_HOMES = text(
    "SELECT home FROM actors WHERE key = ANY(:keys) UNION SELECT mbox FROM mail_hashes WHERE hash = ANY(:keys)"
)


async def _rehome(session: AsyncSession, keys: list[str]) -> list[str]:
    """Move hashes of addresses that acted to these addresses; returns the homes of all that ``keys`` concern."""
    await session.execute(_REHOME, {"keys": keys})
    return list((await session.execute(_HOMES, {"keys": keys})).scalars())


_ADD_LEARNERS = text(
    """
    INSERT INTO learners (person_id, home)
    SELECT * FROM unnest(CAST(:persons AS text[]), CAST(:homes AS text[])) ON CONFLICT DO NOTHING
    """
)

_LEARNERS = text(
    "SELECT learner_id, person_id, home FROM learners WHERE person_id = ANY(:persons) OR home = ANY(:homes)"
)


async def _learners(session: AsyncSession, homes: list[str], persons: Mapping[str, str]) -> dict[str, int]:
    """The learner of each home; makes those that are missing."""
    owning, alone = sorted(set(persons.values())), [home for home in homes if home not in persons]
    both = {"persons": [*owning, *([None] * len(alone))], "homes": [*([None] * len(owning)), *alone]}
    await session.execute(_ADD_LEARNERS, both)
    rows = (await session.execute(_LEARNERS, {"persons": owning, "homes": alone})).all()
    of_person = {person_id: learner_id for learner_id, person_id, _ in rows if person_id is not None}
    of_home = {home: learner_id for learner_id, _, home in rows if home is not None}
    return {home: of_person[persons[home]] if home in persons else of_home[home] for home in homes}
