"""The projections' rows against a naive look at the whole history, in any batches."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_ingest.events.seen import EventsSeen
from praxis_ingest.identities.reading import IdentityReader
from praxis_ingest.identities.routes import STATES
from praxis_ingest.statements.store import StatementStore
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate
from tests.services.ingest.identities.histories import (
    ANN,
    AUTHORITY,
    HASHES,
    IDS,
    Heard,
    Naive,
    Row,
    event_records,
    events,
    statement_records,
    statements,
)

TABLES = (
    "statements, statement_conflicts, events_seen, identifiers_seen, identifiers_in_events, identifiers_contested, "
    "identity_events, identity_claims, identity_rescinded"
)


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedPostgres) -> AsyncIterator[ServiceDatabase]:
    await postgres.ensure_database("identities")
    url = postgres.url("identities")
    await migrate(url, "ingest", "praxis_ingest")
    database = await open_service(url, "ingest", pool_size=1)
    yield database
    await database.close()


async def take(database: ServiceDatabase, projection: Any, records: list[Any], batch: int) -> None:
    for start in range(0, len(records), batch):
        async with database.sessions.begin() as session:
            items = [projection.decode(each) for each in records[start : start + batch]]
            await projection.apply(session, items)


async def listed(database: ServiceDatabase, limit: int) -> list[Row]:
    """All pages."""
    reader, after, rows = IdentityReader(database.sessions), "", list[Row]()
    while True:
        page, more = await reader.page(STATES, after, limit)
        assert len(page) <= limit
        rows += [(e.key, e.state, list(e.claimants), e.statements, e.events, e.first_seen, e.last_seen) for e in page]
        if more is None:
            return rows
        after = more


def linked(id_: str, person: str, identifier: Any) -> Heard:
    return Heard("people.identity-linked", id_, {"person_id": person, "identifiers": [identifier]})


BY_ANN = {
    "id": IDS[0], "actor": ANN, "authority": AUTHORITY, "stored": "2026-03-02T00:00:00Z", "verb": {"id": "urn:v"},
    "object": {"id": "https://lms.example/a"},
}  # fmt: skip
ONE_HASH_EACH = [linked(each, f"p-{each}", {"mbox_sha1sum": HASHES[int(each) - 1]}) for each in "12"]


@example(told=[BY_ANN], heard=ONE_HASH_EACH, batch=9, limit=4, events_first=False)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(statements, max_size=8),
    heard=st.lists(events, max_size=10),
    batch=st.integers(1, 10),
    limit=st.integers(1, 4),
    events_first=st.booleans(),
)
async def test_what_is_nobodys_with_counts_whatever_came_and_in_any_batches(
    database: ServiceDatabase, told: list[Any], heard: list[Heard], batch: int, limit: int, events_first: bool
) -> None:
    async with database.sessions.begin() as session:
        await session.execute(text(f"TRUNCATE {TABLES}"))
    parts = [(StatementStore(), statement_records(told)), (EventsSeen(), event_records(heard))]
    for projection, records in reversed(parts) if events_first else parts:
        await take(database, projection, records, batch)
    assert await listed(database, limit) == Naive(told, heard).rows()
