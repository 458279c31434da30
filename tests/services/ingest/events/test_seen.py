"""The projection of what is on the log: first copy wins, on a real database."""

from collections.abc import AsyncIterator

import pytest

from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_ingest.events.digest import content_digest
from praxis_ingest.events.seen import EventsSeen, seen_digests
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate

PROJECTION = EventsSeen()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[ServiceDatabase]:
    await migrate(database_url, "ingest", "praxis_ingest")
    database = await open_service(database_url, "ingest")
    yield database
    await database.close()


def event(id_: str, data: bytes = b'{"a": 1, "b": 2}') -> Event:
    return Event(id=id_, source="tracker", type="praxis.people.hired.v1", data=data)


def record(event: Event, offset: int) -> Record:
    topic, partition, key, value, headers = event.to_record("people.directory")
    return Record(topic, partition, offset, key, value, headers, 0)


async def apply(database: ServiceDatabase, *events: Event) -> None:
    async with database.sessions.begin() as session:
        items = [PROJECTION.decode(record(each, offset)) for offset, each in enumerate(events)]
        await PROJECTION.apply(session, items)


async def digests(database: ServiceDatabase, *events: Event) -> list[bytes | None]:
    found = await seen_digests(database.engine, [each.key for each in events])
    return [found.get(each.key) for each in events]


async def test_events_are_known_by_source_and_id(database: ServiceDatabase) -> None:
    await apply(database, event("1"), event("2"))
    digest = content_digest("praxis.people.hired.v1", b'{"b":2,"a":1}')
    assert await digests(database, event("1"), event("2"), event("3")) == [digest, digest, None]


async def test_the_first_copy_wins_within_a_batch_and_after(database: ServiceDatabase) -> None:
    first, second = event("1"), event("1", b"{}")
    await apply(database, first, second)
    await apply(database, second)
    assert await digests(database, first) == [content_digest(first.type, first.data)]


async def test_nothing_asked_is_nothing_found(database: ServiceDatabase) -> None:
    assert await seen_digests(database.engine, []) == {}


@pytest.mark.parametrize("data", [b"", b"\xff", b"{"])
def test_a_record_that_is_not_json_is_poison(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        PROJECTION.decode(record(event("1", data), 0))
