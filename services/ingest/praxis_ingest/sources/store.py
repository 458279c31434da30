"""Feeds as they are kept, over restarts and as the sum of all replicas, in ingest's durable schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from praxis_ingest.sources.feeds import MOST_REFUSALS, Key, Tally
from praxis_people.forgetting.pseudonyms import Pseudonyms

TABLE = "ingest.feeds"

# The keys are sorted, so that two replicas never wait for one another.
_ADD = text(
    """
    INSERT INTO feeds AS feed
        (credential, source, accepted, duplicates, refused, last_event_at, last_refusal_at, refusals)
    SELECT credential, source, accepted, duplicates, refused, last_event_at, last_refusal_at, CAST(refusals AS jsonb)
    FROM unnest(CAST(:credential AS text[]), CAST(:source AS text[]), CAST(:accepted AS bigint[]),
                CAST(:duplicates AS bigint[]), CAST(:refused AS bigint[]), CAST(:last_event_at AS timestamptz[]),
                CAST(:last_refusal_at AS timestamptz[]), CAST(:refusals AS text[]))
      AS t(credential, source, accepted, duplicates, refused, last_event_at, last_refusal_at, refusals)
    ON CONFLICT (credential, source) DO UPDATE SET
        accepted = feed.accepted + excluded.accepted,
        duplicates = feed.duplicates + excluded.duplicates,
        refused = feed.refused + excluded.refused,
        last_event_at = greatest(feed.last_event_at, excluded.last_event_at),
        last_refusal_at = greatest(feed.last_refusal_at, excluded.last_refusal_at),
        refusals = jsonb_path_query_array(excluded.refusals || feed.refusals, CAST(:kept AS jsonpath))
    """
)
_KEPT = f"$[0 to {MOST_REFUSALS - 1}]"
_READ = text("SELECT * FROM feeds ORDER BY credential, source")


@dataclass(frozen=True, slots=True)
class Feed:
    """``refusals``: the last ones, each with ``at``, ``status`` and ``errors``."""

    credential: str
    source: str
    accepted: int
    duplicates: int
    refused: int
    last_event_at: datetime | None
    last_refusal_at: datetime | None
    refusals: list[dict[str, Any]]


async def add(engine: AsyncEngine, tallies: Mapping[Key, Tally]) -> None:
    """One statement, and so all or nothing."""
    rows = sorted(tallies.items())
    values = {
        name: [getattr(tally, name) for _, tally in rows]
        for name in ("accepted", "duplicates", "refused", "last_event_at", "last_refusal_at")
    }
    refusals = [msgspec.json.encode(tally.refusals).decode() for _, tally in rows]
    keys = {"credential": [credential for (credential, _), _ in rows], "source": [source for (_, source), _ in rows]}
    async with engine.connect() as connection:
        await connection.execute(_ADD, {**keys, **values, "refusals": refusals, "kept": _KEPT})


async def feeds(engine: AsyncEngine) -> list[Feed]:
    async with engine.connect() as connection:
        return [Feed(**row._mapping) for row in await connection.execute(_READ)]


async def erase(session: AsyncSession, pseudonyms: Pseudonyms) -> int:
    """Drop the feeds of the person's own credentials, and mention them in no other; how many rows that changed."""
    changed = 0
    for row in await session.execute(_READ):
        key = {"credential": row.credential, "source": row.source}
        before = {"to": row.source, "refusals": msgspec.json.encode(row.refusals).decode()}
        if row.credential in pseudonyms.person.credentials:
            await session.execute(text("DELETE FROM feeds WHERE credential = :credential AND source = :source"), key)
        elif (after := {name: pseudonyms.without(each) for name, each in before.items()}) != before:
            update = "UPDATE feeds SET source = :to, refusals = CAST(:refusals AS jsonb) "
            await session.execute(text(update + "WHERE credential = :credential AND source = :source"), key | after)
        else:
            continue
        changed += 1
    return changed
