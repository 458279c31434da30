"""Which person an identifier belongs to: links and unlinks folded in the order of ``people.directory``.

An identifier claimed by one person is theirs; one claimed by two is quarantined: nobody's until a person decides. One
that is linked to ``SHARED`` is nobody's. Rescinding a link or an unlink, even before it arrives, leaves the fold as if
it had never been sent. Each service keeps these tables in its own generation.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts.directory import IdentityLinked, IdentityUnlinked
from praxis_people.identifiers import SHARED, claimed_by, key_of_ref

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
    """One link (or unlink) event: ``position`` is its place (``Record.place``) in the directory's one partition."""

    event: UUID
    position: int
    person_id: str
    identifiers: tuple[str, ...]
    linked: bool


def change_of(event: UUID, position: int, data: IdentityLinked | IdentityUnlinked) -> IdentityChange:
    """What an event says. Pure."""
    keys = {key for identifier in data.identifiers if (key := key_of_ref(identifier)) is not None}
    return IdentityChange(event, position, data.person_id, tuple(sorted(keys)), isinstance(data, IdentityLinked))


async def apply_changes(session: AsyncSession, changes: Sequence[IdentityChange]) -> set[str]:
    """Take link and unlink events; returns the keys whose owner may have changed.

    Of one event the copy that came first counts, even where another says something else.
    """
    rows = [
        {"event": c.event, "identifier": i, "person_id": c.person_id, "linked": c.linked, "position": c.position}
        for c in await _unknown(session, changes)
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


async def _unknown(session: AsyncSession, changes: Sequence[IdentityChange]) -> list[IdentityChange]:
    """The first copy of each event that was not taken yet."""
    first: dict[UUID, IdentityChange] = {}
    for change in changes:
        first.setdefault(change.event, change)
    query = text("SELECT DISTINCT event FROM identity_events WHERE event = ANY(CAST(:events AS uuid[]))")
    known = set(await session.scalars(query, {"events": list(first)}))
    return [change for event, change in first.items() if event not in known]


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
    """The person of each key that exactly one person claims; quarantined, shared and unknown keys are left out.

    A mail address is claimed by whoever claims it or one of its hashes: they are one identifier.
    """
    pairs = [(key, claimed) for key in sorted(set(keys)) for claimed in claimed_by(key)]
    found = await session.execute(
        text(
            "SELECT asked.key, min(c.person_id) "
            "FROM unnest(CAST(:keys AS text[]), CAST(:claimed AS text[])) AS asked(key, claimed) "
            "JOIN identity_claims c ON c.key = asked.claimed GROUP BY 1 "
            "HAVING count(DISTINCT c.person_id) = 1 AND min(c.person_id) <> :shared"
        ),
        {"keys": [key for key, _ in pairs], "claimed": [claimed for _, claimed in pairs], "shared": SHARED},
    )
    return {key: person_id for key, person_id in found}  # noqa: C416 - rows are not pairs to dict()


async def owned_keys(session: AsyncSession, person_id: str) -> list[str]:
    """Every key that this person claims and nobody else does."""
    claimed = await session.execute(
        text("SELECT DISTINCT key FROM identity_claims WHERE person_id = :person"), {"person": person_id}
    )
    return sorted(await owners(session, claimed.scalars()))


_LATEST = text(
    """
    SELECT DISTINCT ON (e.person_id, e.identifier) e.person_id, e.identifier, e.linked
    FROM unnest(CAST(:persons AS text[]), CAST(:identifiers AS text[])) AS pair(person_id, identifier)
    JOIN identity_events e ON e.person_id = pair.person_id AND e.identifier = pair.identifier
    WHERE NOT EXISTS (SELECT FROM identity_rescinded r WHERE r.event = e.event)
    ORDER BY e.person_id, e.identifier, e.position DESC
    """
)

_UNCLAIM = text(
    """
    DELETE FROM identity_claims c
    USING unnest(CAST(:persons AS text[]), CAST(:identifiers AS text[])) AS pair(person_id, identifier)
    WHERE c.person_id = pair.person_id AND c.identifier = pair.identifier
    """
)

_CLAIM = text(
    """
    INSERT INTO identity_claims (person_id, identifier, key)
    SELECT * FROM unnest(CAST(:persons AS text[]), CAST(:identifiers AS text[]), CAST(:keys AS text[]))
    """
)


async def _fold(session: AsyncSession, pairs: Collection[tuple[str, str]]) -> set[str]:
    """Make the claims of these (person, identifier) what their latest event that stands says."""
    if not pairs:
        return set()
    asked = _columns(("persons", "identifiers"), sorted(pairs))
    latest = (await session.execute(_LATEST, asked)).all()
    await session.execute(_UNCLAIM, asked)
    linked = [(person_id, identifier) for person_id, identifier, is_linked in latest if is_linked]
    claims = [(*pair, key) for pair in linked for key in claimed_by(pair[1])]
    if claims:
        await session.execute(_CLAIM, _columns(("persons", "identifiers", "keys"), claims))
    return {key for _, identifier in pairs for key in claimed_by(identifier)}


def _columns(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
