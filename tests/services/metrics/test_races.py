"""Two transactions at once, each stopped where it hurts: the second waits for the first, and then sees what it did."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.log import NewRecord, Record
from praxis_metrics.changes import Source
from praxis_metrics.directory import Directory, DirectoryEvent
from praxis_metrics.learners import Actors
from praxis_metrics.recompute import refresh
from praxis_metrics.said.projection import Events
from praxis_metrics.settling import settle_registrations, settle_statements
from tests.fixtures.installation import running
from tests.services.metrics.build import REGISTRATION, applied, did, fresh_id, hired, linked, mail, said, voids
from tests.services.metrics.placing import slices
from tests.services.metrics.world import World

MARCH = date(2026, 3, 1)
Work = Callable[[AsyncSession], Awaitable[None]]


async def projected(world: World, *records: NewRecord) -> None:
    """On the log and in the facts, and not refreshed."""
    await world.log.append(records)
    async with running(world.workers(refreshers=0)):
        await world.projected()


async def second_while_first_is_open(
    world: World, first: Work, between: Callable[[], Awaitable[None]], second: Work
) -> None:
    """``first`` does all it does but its commit; ``between`` happens; ``second`` runs until it waits or is done."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(world.database.sessions())
        transaction = await stack.enter_async_context(session.begin())
        await first(session)
        await between()

        async def rival() -> None:
            async with world.database.sessions.begin() as other:
                await second(other)

        task = asyncio.create_task(rival())
        async with asyncio.timeout(20):
            while not task.done() and not await _somebody_waits(world):
                await asyncio.sleep(0.01)
        await transaction.commit()
        await asyncio.wait_for(task, 20)


async def _somebody_waits(world: World) -> bool:
    async with world.database.sessions() as session:
        return bool(
            await session.scalar(
                text(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity "
                    "WHERE datname = current_database() AND wait_event_type = 'Lock')"
                )
            )
        )


async def test_a_refresher_waits_for_one_that_has_the_same_learner(world: World) -> None:
    # Two statements are an estimated session; a third, that arrives in between, makes the group measured: 5 minutes.
    await projected(
        world,
        did("ann", "interacted", "x", "2026-03-02T09:00:00Z", course="c"),
        did("ann", "interacted", "x", "2026-03-02T09:20:00Z", course="c"),
    )

    async def again(session: AsyncSession) -> None:
        await refresh(session, world.zone, 100)

    async def third() -> None:
        await projected(world, did("ann", "completed", "x", "2026-03-02T10:00:00Z", course="c", took="PT5M"))

    await second_while_first_is_open(world, again, third, again)
    await world.takes([])
    assert (await world.point("learning-hours", MARCH)).value == pytest.approx(5 / 60)


async def test_a_look_at_a_registration_waits_for_another(world: World) -> None:
    # ann and bob share R until bob's statement is voided. While this is being noted, bob uses R again. A shared R is
    # ignored, so ann's two courses are apart: 20 minutes in one of them. In one group they would be 40.
    gone = fresh_id()
    await world.takes([
        did("ann", "interacted", "x", "2026-03-02T09:00:00Z", course="c", registration=REGISTRATION),
        did("ann", "interacted", "x", "2026-03-02T09:20:00Z", course="c", registration=REGISTRATION),
        did("ann", "interacted", "x", "2026-03-02T09:40:00Z", course="d", registration=REGISTRATION),
        did("bob", "interacted", "x", "2026-03-02T09:00:00Z", course="c", registration=REGISTRATION, id_=gone),
    ])  # fmt: skip
    await projected(world, voids(gone))
    async with world.database.sessions.begin() as session:
        await settle_statements(session, world.zone, 100)

    async def settle(session: AsyncSession) -> None:
        await settle_registrations(session, 100)

    async def bob_again() -> None:
        await projected(
            world, did("bob", "interacted", "x", "2026-03-04T09:00:00Z", course="c", registration=REGISTRATION)
        )

    await second_while_first_is_open(world, settle, bob_again, settle)
    await world.takes([])
    assert (await world.point("learning-hours", MARCH)).value == pytest.approx(20 / 60)


def decoded(directory: Directory, *events: NewRecord, place: int = 0) -> list[DirectoryEvent]:
    now_ms = int(datetime.now(UTC).timestamp() * 1_000)
    return [
        item
        for at, new in enumerate(events, start=place)
        if (item := directory.decode(Record(new.topic, 0, at, new.key, new.value, new.headers, now_ms)))
    ]


async def test_a_fold_waits_for_another(world: World) -> None:
    # ann reports to mia. Of mia's own manager is told while ann's hire is not committed: cho is ann's too.
    directory = Directory(world.zone)
    ann = decoded(directory, hired("ann", "2026-01-05T00:00:00Z", manager="mia"))
    mia = decoded(directory, hired("mia", "2026-01-05T00:00:00Z", manager="cho"), place=1)

    async def first(session: AsyncSession) -> None:
        await directory.apply(session, ann)

    async def second(session: AsyncSession) -> None:
        await directory.apply(session, mia)

    async def nothing() -> None:
        return

    await second_while_first_is_open(world, first, nothing, second)
    assert await slices(world, "ann", "manager") == [("cho", "2026-01-05", "..."), ("mia", "2026-01-05", "...")]


def read(new: NewRecord, offset: int) -> Record:
    return Record(new.topic, 0, offset, new.key, new.value, new.headers, int(datetime.now(UTC).timestamp() * 1_000))


async def test_a_new_actor_waits_for_the_link_that_claims_it(world: World) -> None:
    directory, actors = Directory(world.zone), Actors(world.database.sessions)
    items = decoded(directory, hired("ann", "2020-01-01T00:00:00Z"), linked("ann", mail("ann")))

    async def link(session: AsyncSession) -> None:
        await directory.apply(session, items)

    async def new_actor(_: AsyncSession) -> None:
        await actors.numbers(["mbox:ann@example.org"], datetime.now(UTC))

    async def nothing() -> None:
        return

    await second_while_first_is_open(world, link, nothing, new_actor)
    await world.takes([did("ann", "interacted", "x", "2026-03-02T09:00:00Z")])
    point = await world.point("active-days", MARCH)
    assert (point.value, point.numerator, point.unmatched) == (1, 1, 0)


async def test_a_link_waits_for_events_that_name_whom_it_moves(world: World) -> None:
    # Else their day would be noted by the events alone, maybe taken before the link commits, and never be right again.
    directory, events = Directory(world.zone), Events(world.database.sessions, world.zone)
    await world.takes([did("ann", "interacted", "x", "2026-03-02T09:00:00Z")])
    link = directory.decode(read(linked("p-ann", mail("ann")), 1))
    evidence = events.decode(read(said("evidence.skill-applied", applied("ann", "bob", "2026-03-05T09:00:00Z")), 1))
    assert link is not None
    assert evidence is not None

    async def is_told(session: AsyncSession) -> None:
        await events.apply(session, [evidence])

    async def is_linked(session: AsyncSession) -> None:
        await directory.apply(session, [link])

    async def nothing() -> None:
        return

    await second_while_first_is_open(world, is_told, nothing, is_linked)
    async with world.database.sessions() as session:
        query = text("SELECT count(*) FROM changes WHERE source = :work AND first_day = '2026-03-05'")
        assert await session.scalar(query, {"work": Source.WORK}) == 2
