"""Databases: engines, and the schemas of a service.

A service has one *durable* schema, named after it, that no rebuild touches, and *generation* schemas
(``metrics_g1``, …) that hold a projection's tables together with its checkpoints. The durable schema's ``generation``
row says which one is live. Unqualified names resolve by the connection's search path: generation first, then durable.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

FOLLOW_SECONDS = 2.0
"""How soon after a rebuild every process uses the new generation."""

TRUSTED_SECONDS = 1.0
"""A connection used so lately is lent unasked: to ask takes three round trips, as many as most transactions."""

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


def engine_for(url: str, *schemas: str, pool_size: int = 5) -> AsyncEngine:
    """An engine whose unqualified names are looked up in ``schemas``, in this order."""
    settings = {"search_path": ", ".join(schemas)} if schemas else {}
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,  # an error tells them to whoever logs it
        connect_args={
            "server_settings": {
                **settings,
                "application_name": " ".join(["praxis", *schemas[:1]]),
                "timezone": "UTC",
                "jit": "off",
            }
        },
    )
    _lend_what_is_alive(engine)
    return engine


def _lend_what_is_alive(engine: AsyncEngine) -> None:
    """Connections that the server closed are not lent; one that nobody used for a while is asked first."""

    @event.listens_for(engine.sync_engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def look(connection: Any, record: Any, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError("the server has closed it")  # the pool connects anew
        if monotonic() - record.info.get("used", inf) > TRUSTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:  # whatever the driver raises
                raise DisconnectionError("it does not answer") from error


class NotMigrated(LookupError):
    """A service's database has no schema yet."""


@dataclass(slots=True)
class ServiceDatabase:
    """A service's tables in one generation: ``sessions`` for what runs in a transaction, ``engine`` for the rest."""

    url: str
    service: str
    generation: int
    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]

    @property
    def schema(self) -> str:
        return generation_schema(self.service, self.generation)

    @property
    def reads(self) -> AsyncEngine:
        """The same connections for single queries: no BEGIN and no ROLLBACK around each."""
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

    async def ready(self) -> str | None:
        """A readiness check: ``None``, or what is missing."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (DBAPIError, OSError) as error:
            return f"the database of {self.service} does not answer ({type(error).__name__})"
        return None

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Meanwhile, move to another generation as soon as it is live: for those who only read."""
        task = asyncio.create_task(self._follow(), name=f"{self.service}-generation")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def in_one_generation(self, read: Callable[[], Awaitable[Answer]]) -> Answer:
        """What ``read`` returns or raises; it is run again when another generation went live meanwhile.

        For reads of more than one transaction: what one generation was seen to hold, the next may not hold yet.
        """
        while True:
            generation = self.generation
            try:
                answer = await read()
            except Exception:
                if generation == self.generation:
                    raise
            else:
                if generation == self.generation:
                    return answer

    async def until_replaced(self) -> None:
        """Until another generation is live. An outage of the database is waited out."""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            if await self._is_replaced():
                return

    async def close(self) -> None:
        await self.engine.dispose()

    async def _is_replaced(self) -> bool:
        try:
            async with self.reads.connect() as connection:
                return int(await connection.scalar(_LIVE) or self.generation) != self.generation
        except (DBAPIError, OSError, TimeoutError):
            return False

    async def _follow(self) -> None:
        while True:
            await self.until_replaced()
            self.generation = await live_generation(self.url, self.service)
            await self.engine.dispose()  # those that are idle
            logger.info("%s reads %s now", self.service, self.schema)


_LIVE = text("SELECT live FROM generation")


async def open_service(url: str, service: str, generation: int | None = None, *, pool_size: int = 5) -> ServiceDatabase:
    """Connect to a generation of ``service``, the live one by default.

    Raises ``LookupError`` when the service's database has not been migrated.
    """
    generation = generation or await live_generation(url, service)
    engine = engine_for(url, generation_schema(service, generation), service, pool_size=pool_size)
    database = ServiceDatabase(url, service, generation, engine, async_sessionmaker(engine, expire_on_commit=False))
    _connect_to_its_generation(database)
    return database


def _connect_to_its_generation(database: ServiceDatabase) -> None:
    """Connections are to the generation of now; one to an earlier one ends when it is given back or would be lent."""

    @event.listens_for(database.engine.sync_engine, "do_connect")
    def address(_dialect: Any, record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        record.info["generation"] = database.generation
        parameters["server_settings"] = parameters["server_settings"] | {
            "search_path": f"{database.schema}, {database.service}", "application_name": f"praxis {database.schema}"
        }  # fmt: skip

    @event.listens_for(database.engine.sync_engine, "checkout")
    def refuse(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["generation"] != database.generation:
            raise DisconnectionError("another generation is live")  # the pool connects anew

    @event.listens_for(database.engine.sync_engine, "checkin")
    def end(connection: Any, record: Any) -> None:
        if connection is not None and record.info["generation"] != database.generation:
            record.invalidate()


async def live_generation(url: str, service: str) -> int:
    """Raises ``LookupError`` when the service's database has not been migrated."""
    engine = engine_for(url, service, pool_size=1)
    try:
        async with engine.connect() as connection:
            if not await connection.scalar(text("SELECT to_regclass('generation') IS NOT NULL")):
                raise NotMigrated(f"the database of {service} has not been migrated; run: praxis migrate")
            return int(await connection.scalar(_LIVE) or 1)
    finally:
        await engine.dispose()


def generation_schema(service: str, generation: int) -> str:
    return f"{service}_g{generation}"
