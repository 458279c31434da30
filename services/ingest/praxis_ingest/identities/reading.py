"""Which identifiers need somebody's attention: those that are nobody's, and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_ingest.statements.indexing import index_key, index_statement
from praxis_people.identifiers import SHARED

State = Literal["unmatched", "quarantined", "shared"]
"""No person claims it; two or more do; it is said to be several people's."""

# Whoever links an address claims its hashes (``claimed_by``). An address of which two persons linked one hash each, and
# nobody the address, is contested though no key of it is.
_PAGE = text(
    """
    WITH unmatched AS (
        SELECT s.key FROM identifiers_seen s
        WHERE s.key > :after AND :unmatched
          AND NOT EXISTS (SELECT FROM identity_claims c WHERE c.key = s.key)
          AND NOT EXISTS (SELECT FROM identity_claims c WHERE c.key = s.hash)
          AND NOT EXISTS (SELECT FROM identity_claims c WHERE c.key = s.other_hash)
        ORDER BY s.key LIMIT :rows
    ), by_hash AS (
        SELECT key, person_id FROM identity_claims WHERE identifier = key AND key LIKE 'mbox_sha1sum:%'
    ), contested AS (
        SELECT c.identifier AS key FROM identifiers_contested q JOIN identity_claims c ON c.key = q.key
        UNION SELECT s.key FROM identifiers_contested q JOIN identifiers_seen s ON s.key = q.key
        UNION SELECT s.key FROM identifiers_contested q JOIN identifiers_seen s ON s.hash = q.key
        UNION SELECT s.key FROM identifiers_contested q JOIN identifiers_seen s ON s.other_hash = q.key
        UNION SELECT s.key FROM identifiers_seen s
              JOIN by_hash one ON one.key = s.hash JOIN by_hash other ON other.key = s.other_hash
              WHERE one.person_id <> other.person_id
    ), claimed AS (
        SELECT key, array_agg(DISTINCT person_id) AS persons
        FROM contested
        CROSS JOIN LATERAL (
            SELECT person_id FROM identity_claims c
            WHERE c.key IN (SELECT key FROM identity_claims WHERE identifier = contested.key)
               OR c.key IN (SELECT unnest(ARRAY[key, hash, other_hash]) FROM identifiers_seen WHERE key = contested.key)
        ) claimants
        WHERE key > :after
        GROUP BY key
    ), found AS (
        SELECT key, 'unmatched' AS state, CAST(ARRAY[] AS text[]) AS claimants FROM unmatched
        UNION ALL
        SELECT key, CASE WHEN :shared = ANY(persons) THEN 'shared' ELSE 'quarantined' END,
               array_remove(persons, :shared)
        FROM claimed
    )
    SELECT key, f.state, f.claimants, s.statements, s.first_seen, s.last_seen
    FROM found f LEFT JOIN identifiers_seen s USING (key)
    WHERE f.state = ANY(CAST(:states AS text[])) ORDER BY key LIMIT :rows
    """
)
_IN_EVENTS = text(
    "SELECT key, count(*) FROM identifiers_in_events e WHERE key = ANY(CAST(:keys AS text[])) "
    "AND NOT EXISTS (SELECT FROM identity_rescinded r WHERE r.event = e.event) GROUP BY key"
)
# A void of a void does nothing; of one statement voided twice there is one.
_VOIDED = text(
    """
    WITH targets AS MATERIALIZED (SELECT DISTINCT voids AS id FROM statements WHERE voids IS NOT NULL)
    SELECT body FROM targets JOIN statements s USING (id)
    WHERE s.voids IS NULL AND s.related_agents && CAST(:agents AS uuid[])
    """
)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An identifier that is nobody's. ``statements`` and ``events`` name it and were neither voided nor rescinded;
    ``first_seen`` and ``last_seen`` are of all, ``None`` where it was only ever claimed."""

    key: str
    state: State
    claimants: tuple[str, ...]
    statements: int
    events: int
    first_seen: datetime | None
    last_seen: datetime | None


class IdentityReader:
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def page(self, states: Collection[State], after: str, limit: int) -> tuple[list[Unresolved], str | None]:
        """At most ``limit`` identifiers of these states after a key, by key; and after which key the next page begins.

        A page may have fewer than there is room for: one that was named in nothing but what is voided since, and that
        nobody claims, is left out.
        """
        wanted = {
            "after": after,
            "states": sorted(states),
            "unmatched": "unmatched" in states,
            "rows": limit + 1,
            "shared": SHARED,
        }
        async with self._sessions() as session:
            rows = (await session.execute(_PAGE, wanted)).all()
            shown = rows[:limit]
            keys = [row.key for row in shown]
            events = {key: count for key, count in await session.execute(_IN_EVENTS, {"keys": keys})}  # noqa: C416
            found = list(_unresolved(shown, events, await _voided(session, keys)))
        return found, keys[-1] if len(rows) > limit else None


async def _voided(session: AsyncSession, keys: Collection[str]) -> Counter[str]:
    """How many voided statements name each."""
    agents = {"agents": [index_key(key) for key in keys]}
    return Counter(key for body in await session.scalars(_VOIDED, agents) for key in index_statement(body).people)


def _unresolved(rows: Sequence[Row[Any]], events: dict[str, int], voided: Counter[str]) -> Iterable[Unresolved]:
    for row in rows:
        statements, in_events = (row.statements or 0) - voided[row.key], events.get(row.key, 0)
        if statements or in_events or row.state != "unmatched":
            claimants = tuple(row.claimants)
            yield Unresolved(row.key, row.state, claimants, statements, in_events, row.first_seen, row.last_seen)
