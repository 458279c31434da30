"""Counting in a process, and keeping it: the sum over processes and restarts, whatever fails meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_ingest.events.outcomes import Accepted, Outcome, Refused
from praxis_ingest.sources.feeds import MOST_REFUSALS, MOST_SOURCES, OTHERS, Feeds
from praxis_ingest.sources.keeping import Keeper
from praxis_ingest.sources.store import Feed, erase
from praxis_people.forgetting.person import Person
from praxis_people.forgetting.pseudonyms import Pseudonyms
from praxis_people.identifiers import claimed_by
from praxis_service.database import ServiceDatabase, engine_for, open_service
from praxis_service.migrations import migrate
from praxis_service.problem import BadRequest, Conflict, FieldError, Unavailable

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
LMS, HR = ("lms", "/xapi/statements"), ("hr", "/hr")


class Clock:
    """A second later at each look."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture(scope="module")
async def installed(postgres: EmbeddedPostgres) -> AsyncIterator[ServiceDatabase]:
    await postgres.ensure_database("feeds")
    await migrate(postgres.url("feeds"), "ingest", "praxis_ingest")
    database = await open_service(postgres.url("feeds"), "ingest", pool_size=1)
    yield database
    await database.close()


@pytest.fixture
async def database(installed: ServiceDatabase) -> ServiceDatabase:
    async with installed.sessions.begin() as session:
        await session.execute(text("TRUNCATE feeds"))
    return installed


def refusal(reason: str = "is required") -> BadRequest:
    return BadRequest("", [FieldError(reason, "/0/id")])


async def test_two_processes_add_up_and_nothing_is_written_twice(database: ServiceDatabase) -> None:
    clock = Clock()
    one, other = Feeds(clock), Feeds(clock)
    first, second = Keeper(one, database.reads), Keeper(other, database.reads)
    one.accepted(*LMS, 5, 1)
    other.accepted(*LMS, 2)
    other.refused(*HR, refusal())
    await first.write()
    await second.write()
    one.accepted(*LMS, 1)
    await first.write()
    for keeper in (first, second):
        [hr, lms] = await keeper.feeds()
        assert (lms.accepted, lms.duplicates, lms.refused) == (8, 1, 0)
        assert (lms.last_event_at, lms.last_refusal_at) == (START + timedelta(seconds=4), None)
        assert (hr.accepted, hr.refused, hr.last_event_at) == (0, 1, None)
        assert hr.last_refusal_at == START + timedelta(seconds=3)


async def test_the_last_refusals_are_kept_newest_first(database: ServiceDatabase) -> None:
    feeds = Feeds(Clock())
    keeper = Keeper(feeds, database.reads)
    for number in range(3 * MOST_REFUSALS):
        feeds.refused(*HR, refusal(f"fault {number}"))
        if number % 7 == 0:
            await keeper.write()
    [hr] = await keeper.feeds()
    assert hr.refused == 3 * MOST_REFUSALS
    told = [each["errors"] for each in hr.refusals]
    assert told == [[{"reason": f"fault {n}", "pointer": "/0/id"}] for n in range(29, 29 - MOST_REFUSALS, -1)]
    assert datetime.fromisoformat(hr.refusals[0]["at"]) == hr.last_refusal_at


async def test_what_cannot_be_written_is_written_later(database: ServiceDatabase) -> None:
    feeds = Feeds(Clock())
    keeper = Keeper(feeds, database.reads)
    feeds.accepted(*LMS, 1)
    feeds.refused(*LMS, refusal("first"))
    async with database.sessions.begin() as session:
        await session.execute(text("ALTER TABLE feeds RENAME TO away"))
    with pytest.raises(DBAPIError):
        await keeper.write()
    feeds.accepted(*LMS, 2)
    feeds.refused(*LMS, refusal("second"))
    async with database.sessions.begin() as session:
        await session.execute(text("ALTER TABLE away RENAME TO feeds"))
    [lms] = await keeper.feeds()
    assert (lms.accepted, lms.refused) == (3, 2)
    assert [each["errors"][0]["reason"] for each in lms.refusals] == ["second", "first"]


async def test_who_asks_waits_for_what_is_being_written(database: ServiceDatabase) -> None:
    feeds = Feeds(Clock())
    keeper = Keeper(feeds, database.reads)
    feeds.accepted(*LMS, 1)
    other = engine_for(database.url, "ingest", pool_size=1)
    async with other.begin() as connection:
        await connection.execute(text("LOCK TABLE feeds IN SHARE MODE"))  # it may be read
        writing = asyncio.create_task(keeper.write())
        await asyncio.sleep(0.1)
        asking = asyncio.create_task(keeper.feeds())
        assert await asyncio.wait({asking}, timeout=0.2) == (set(), {asking})
    assert [feed.accepted for feed in await asking] == [1]
    await writing
    await other.dispose()


async def test_while_it_writes_every_second_the_last_is_written_at_the_end(database: ServiceDatabase) -> None:
    feeds = Feeds(Clock())
    keeper = Keeper(feeds, database.reads)
    async with keeper.writing():
        feeds.accepted(*LMS, 4)
    assert [feed.accepted for feed in await Keeper(Feeds(Clock()), database.reads).feeds()] == [4]


def test_a_request_that_is_refused_counts_once_and_an_outage_not_at_all() -> None:
    feeds = Feeds(Clock())
    for problem in (Conflict("known"), Unavailable("the log is away")):
        with pytest.raises(type(problem)), feeds.watching(*LMS):
            raise problem
    [(key, tally)] = feeds.drain().items()
    assert (key, tally.refused, tally.refusals[0]["status"]) == (LMS, 1, 409)


def test_events_are_counted_under_their_own_source() -> None:
    feeds = Feeds(Clock())
    accepted = (Accepted(0, "1", "/a", duplicate=False), Accepted(1, "2", "/a", duplicate=True))
    bad = BadRequest.status
    refused = tuple(Refused(n, bad, (), "1", source) for n, source in enumerate(["/b", None, "a b", "é"], 2))
    feeds.events("hr", Outcome(accepted, refused), "/events")
    found = {source: (t.accepted, t.duplicates, t.refused) for (_, source), t in feeds.drain().items()}
    assert found == {"/a": (1, 1, 0), "/b": (0, 0, 1), "/events": (0, 0, 3)}


def test_who_makes_up_sources_is_counted_all_the_same() -> None:
    feeds = Feeds(Clock())
    for number in range(MOST_SOURCES + 5):
        feeds.accepted("hr", f"/{number}", 1)
    feeds.accepted("hr", "/0", 1)
    feeds.accepted("lms", "/new", 1)
    tallies = feeds.drain()
    assert len(tallies) == MOST_SOURCES + 2
    assert (tallies["hr", OTHERS].accepted, tallies["hr", "/0"].accepted, tallies["lms", "/new"].accepted) == (5, 2, 1)


async def test_a_person_is_forgotten_in_them(database: ServiceDatabase) -> None:
    feeds = Feeds(Clock())
    keeper = Keeper(feeds, database.reads)
    feeds.accepted("key-ann", "/own", 1)
    feeds.accepted("lms", "https://lms.example/ann.lee@example.org", 1)
    feeds.refused("lms", "/plain", BadRequest("ann.lee@example.org has no room"))
    feeds.accepted("lms", "/other", 1)
    await keeper.write()
    credential = "account:urn:praxis:credential|key-ann"
    ann = Person("p-1", (claimed_by("mbox:ann.lee@example.org"), frozenset([credential])))
    async with database.sessions.begin() as session:
        assert await erase(session, Pseudonyms(ann, "forgotten-1")) == 3
    rows: list[Feed] = await keeper.feeds()
    assert [row.credential for row in rows] == ["lms"] * 3
    assert "ann" not in str(rows)
    assert {row.source for row in rows} >= {"/plain", "/other"}
