"""Rebuilding: the next generation of a service is filled from the log beside the live one, then made live.

An interrupted rebuild goes on where it was, since the new generation keeps its own checkpoints. Nobody is kept waiting:
the API answers from the live generation, and moves to the new one when that has passed the log's end.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Protocol, runtime_checkable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_events.checkpoint import checkpoints
from praxis_events.log import EventLog, LogUnavailable, TopicPartition
from praxis_service import migrations, reporting
from praxis_service.database import (
    FOLLOW_SECONDS,
    ServiceDatabase,
    engine_for,
    generation_schema,
    live_generation,
    open_service,
)
from praxis_service.service import Context, Service, Worker

CLOSE_SECONDS = 5.0
"""Caught up is: what the log held this long ago is taken in."""

LEAVE_SECONDS = 60.0
"""How long processes may take to leave an old generation."""

_LOOK_SECONDS = 0.1

Tell = Callable[[int, int], None]
"""Gets the offsets taken in and the offsets that there are, over all partitions."""


@runtime_checkable
class Follower(Protocol):
    """A worker that takes in topics of the log, with checkpoints under ``name``."""

    @property
    def name(self) -> str: ...

    @property
    def topics(self) -> tuple[str, ...]: ...


_USERS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name")


async def rebuild(service: Service, context: Context, tell: Tell) -> int:
    """Fill the next generation and make it live; returns its number.

    Raises ``LookupError`` when another rebuild was faster, and what a worker raises that fails.
    """
    url = context.settings.database_url
    live = await live_generation(url, service.name)
    fresh = live + 1
    await migrations.migrate_generation(url, service.name, service.package, fresh)
    database = await open_service(url, service.name, fresh, pool_size=1)
    try:
        async with service.workers(replace(context, generation=fresh, rebuilt=True)) as workers, _running(workers):
            filling = _Filling(service, context, database, [w for w in workers if isinstance(w, Follower)], tell)
            await filling.catch_up()
            if service.hand_over is not None:
                await service.hand_over(replace(context, generation=live))
                await filling.catch_up()
            await _make_live(database, live)
            # Whoever reads the new generation already would wait for those who are to write it from now on.
            with suppress(TimeoutError):
                await _until_left(database.engine, generation_schema(service.name, live))
    finally:
        await database.close()
    return fresh


async def old_generations(url: str, service: str) -> list[int]:
    """The generations that stand beside the live one, oldest first; also one that was never finished."""
    engine, live = engine_for(url, pool_size=1), await live_generation(url, service)
    query = text("SELECT nspname FROM pg_namespace WHERE nspname ~ :pattern")
    try:
        async with engine.connect() as connection:
            names = await connection.scalars(query, {"pattern": f"^{service}_g[0-9]+$"})
            found = {int(name.rpartition("_g")[2]) for name in names}
    finally:
        await engine.dispose()
    return sorted(found - {live})


async def drop_generation(url: str, service: str, generation: int) -> None:
    """Drop one that is not live, once nobody uses it. Raises ``TimeoutError`` when somebody does for long."""
    schema = generation_schema(service, generation)
    if generation == await live_generation(url, service):
        raise LookupError(f"{schema} is live")
    engine = engine_for(url, pool_size=1)
    try:
        await _until_left(engine, schema)
        async with engine.begin() as connection:
            await connection.execute(text(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'))
    except TimeoutError:
        raise TimeoutError(f"{schema} is still in use after {LEAVE_SECONDS:.0f} s and was not dropped") from None
    finally:
        await engine.dispose()


async def _until_left(engine: AsyncEngine, schema: str) -> None:
    """Until nobody is connected to ``schema``. Raises ``TimeoutError`` after ``LEAVE_SECONDS``."""
    async with asyncio.timeout(LEAVE_SECONDS), engine.connect() as connection:
        while await connection.scalar(_USERS, {"name": f"praxis {schema}"}):
            await connection.rollback()  # the next look is at a new snapshot
            await asyncio.sleep(FOLLOW_SECONDS / 4)


class _Filling:
    def __init__(
        self, service: Service, context: Context, database: ServiceDatabase, followers: Sequence[Follower], tell: Tell
    ) -> None:
        self._service, self._context, self._database, self._tell = service, context, database, tell
        self._followers = {each.name: each.topics for each in followers}

    async def catch_up(self) -> None:
        """Until all that the log held a moment ago is taken in and computed.

        Or until the moments get no shorter: on a machine that is too busy it will come no closer.
        """
        clock, before = asyncio.get_running_loop().time, float("inf")
        while True:
            asked, asked_at = clock(), self._context.clock()
            ends = await self._ends()
            while not (await self._reached(ends) and await self._settled(asked_at)):  # noqa: ASYNC110 - tables wake nobody
                await asyncio.sleep(_LOOK_SECONDS)
            took = clock() - asked
            if took < CLOSE_SECONDS or took >= before:
                return
            before = took

    async def _ends(self) -> dict[tuple[str, TopicPartition], int]:
        topics = sorted({topic for topics in self._followers.values() for topic in topics})
        ends = await _end_positions(self._context.log, topics)
        return {
            (name, partition): end
            for name, wanted in self._followers.items()
            for partition, end in ends.items()
            if partition.topic in wanted
        }

    async def _reached(self, ends: dict[tuple[str, TopicPartition], int]) -> bool:
        async with self._database.sessions() as session:
            rows = await checkpoints(session)
        at = {(row.projection, TopicPartition(row.topic, row.partition)): row for row in rows}
        for row in rows:
            if row.stop_reason is not None:
                raise LookupError(f"{row.projection} stopped on {row.topic}/{row.partition}: {row.stop_reason}")
        taken = {each: min(at[each].next_offset if each in at else 0, end) for each, end in ends.items()}
        self._tell(sum(taken.values()), sum(ends.values()))
        return taken == ends

    async def _settled(self, asked_at: datetime) -> bool:
        if self._service.settled_through is None:
            return True
        async with self._database.sessions() as session:
            through = await self._service.settled_through(session)
        return through is not None and through >= asked_at


async def _end_positions(log: EventLog, topics: Collection[str]) -> dict[TopicPartition, int]:
    while True:
        try:
            return await log.end_positions(topics)
        except LogUnavailable:
            await asyncio.sleep(1)


async def _make_live(database: ServiceDatabase, before: int) -> None:
    async with database.engine.begin() as connection:
        moved = await connection.execute(
            text("UPDATE generation SET live = :fresh WHERE live = :before"),
            {"fresh": database.generation, "before": before},
        )
        if not moved.rowcount:
            raise LookupError(f"another rebuild of {database.service} was faster")
        await reporting.show(connection, database.schema)


@asynccontextmanager
async def _running(workers: Sequence[Worker]) -> AsyncIterator[None]:
    """Meanwhile the workers run; when one fails, so does what runs meanwhile."""
    async with asyncio.TaskGroup() as tasks:
        for worker in workers:
            tasks.create_task(worker.run())
        yield
        for worker in workers:
            worker.stop()
