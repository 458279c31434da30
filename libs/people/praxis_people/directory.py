"""Which person an identifier belongs to: links and unlinks folded in the order of ``people.directory``.

An identifier claimed by one person is theirs; one claimed by two is quarantined: nobody's until a person decides.
Rescinding a link or an unlink, even before it arrives, leaves the fold as if it had never been sent. Each service
keeps these tables in its own generation.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_people.identifiers import claimed_by

IDENTITY_TABLES = (
    """
    CREATE TABLE identity_events (
        event uuid NOT NULL,
        identifier text NOT NULL,
        person_id text NOT NULL,
        linked boolean NOT NULL,
        position bigint NOT NULL,
        PRIMARY KEY (event, identifier)
    )
    """,
    "CREATE INDEX ON identity_events (person_id, identifier, position)",
    "CREATE TABLE identity_rescinded (event uuid PRIMARY KEY)",
    """
    CREATE TABLE identity_claims (
        person_id text NOT NULL,
        identifier text NOT NULL,
        key text NOT NULL,
        PRIMARY KEY (person_id, identifier, key)
    )
    """,
    "CREATE INDEX ON identity_claims (key)",
)
"""The statements that a generation's first migration runs."""


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """One link (or unlink) event: ``position`` is its offset in the directory's one partition."""

    event: UUID
    position: int
    person_id: str
    identifiers: tuple[str, ...]
    linked: bool


async def apply_changes(session: AsyncSession, changes: Sequence[IdentityChange]) -> set[str]:
    """Take link and unlink events; returns the keys whose owner may have changed."""
    rows = [
        {"event": c.event, "identifier": i, "person_id": c.person_id, "linked": c.linked, "position": c.position}
        for c in changes
        for i in c.identifiers
    ]
    if not rows:
        return set()
    await session.execute(
        text(
            "INSERT INTO identity_events (event, identifier, person_id, linked, position) "
            "VALUES (:event, :identifier, :person_id, :linked, :position) ON CONFLICT DO NOTHING"
        ),
        rows,
    )
    return await _fold(session, {(c.person_id, i) for c in changes for i in c.identifiers})


async def apply_rescinded(session: AsyncSession, events: Collection[UUID]) -> set[str]:
    """Take rescissions of any events of the directory; returns the keys whose owner may have changed."""
    if not events:
        return set()
    await session.execute(
        text("INSERT INTO identity_rescinded SELECT unnest(CAST(:events AS uuid[])) ON CONFLICT DO NOTHING"),
        {"events": sorted(events)},
    )
    touched = await session.execute(
        text("SELECT DISTINCT person_id, identifier FROM identity_events WHERE event = ANY(:events)"),
        {"events": sorted(events)},
    )
    return await _fold(session, {(person_id, identifier) for person_id, identifier in touched})


async def owners(session: AsyncSession, keys: Iterable[str]) -> dict[str, str]:
    """The person of each key that exactly one person claims; quarantined and unknown keys are left out."""
    found = await session.execute(
        text(
            "SELECT key, min(person_id) FROM identity_claims WHERE key = ANY(:keys) "
            "GROUP BY key HAVING count(DISTINCT person_id) = 1"
        ),
        {"keys": sorted(set(keys))},
    )
    return {key: person_id for key, person_id in found}  # noqa: C416 - rows are not pairs to dict()


async def owned_keys(session: AsyncSession, person_id: str) -> list[str]:
    """Every key that belongs to this person and to nobody else."""
    found = await session.execute(
        text(
            "SELECT key FROM identity_claims WHERE key IN (SELECT key FROM identity_claims WHERE person_id = :person) "
            "GROUP BY key HAVING count(DISTINCT person_id) = 1 ORDER BY key"
        ),
        {"person": person_id},
    )
    return list(found.scalars())


async def quarantined(session: AsyncSession) -> dict[str, list[str]]:
    """Keys that two or more persons claim, with the claimants."""
    found = await session.execute(
        text(
            "SELECT key, array_agg(DISTINCT person_id ORDER BY person_id) FROM identity_claims "
            "GROUP BY key HAVING count(DISTINCT person_id) > 1 ORDER BY key"
        )
    )
    return {key: list(persons) for key, persons in found}


async def _fold(session: AsyncSession, pairs: Collection[tuple[str, str]]) -> set[str]:
    """Make the claims of these (person, identifier) what their latest event that stands says."""
    keys: set[str] = set()
    for person_id, identifier in sorted(pairs):
        pair = {"person": person_id, "identifier": identifier}
        linked = await session.scalar(
            text(
                "SELECT linked FROM identity_events e WHERE person_id = :person AND identifier = :identifier "
                "AND NOT EXISTS (SELECT FROM identity_rescinded r WHERE r.event = e.event) "
                "ORDER BY position DESC LIMIT 1"
            ),
            pair,
        )
        claimed = claimed_by(identifier)
        keys |= claimed
        if linked:
            await session.execute(
                text(
                    "INSERT INTO identity_claims (person_id, identifier, key) "
                    "SELECT :person, :identifier, unnest(CAST(:keys AS text[])) ON CONFLICT DO NOTHING"
                ),
                {**pair, "keys": sorted(claimed)},
            )
        else:
            await session.execute(
                text("DELETE FROM identity_claims WHERE person_id = :person AND identifier = :identifier"), pair
            )
    return keys
