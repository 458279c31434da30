"""Databases: engines, and the schemas of a service.

A service has one *durable* schema, named after it, that no rebuild touches, and *generation* schemas
(``metrics_g1``, …) that hold a projection's tables together with its checkpoints. The durable schema's ``generation``
row says which one is live. Unqualified names resolve by the connection's search path: generation first, then durable.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine


def engine_for(url: str, *schemas: str, pool_size: int = 5) -> AsyncEngine:
    """An engine whose unqualified names are looked up in ``schemas``, in this order."""
    settings = {"search_path": ", ".join(schemas)} if schemas else {}
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={"server_settings": {**settings, "application_name": "praxis", "timezone": "UTC", "jit": "off"}},
    )


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """A service's live tables: ``sessions`` for what runs in a transaction, ``engine`` for the rest."""

    service: str
    schema: str
    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]

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

    async def close(self) -> None:
        await self.engine.dispose()


async def open_service(url: str, service: str, *, pool_size: int = 5) -> ServiceDatabase:
    """Connect to the live generation of ``service``. Raises ``LookupError`` when it has not been migrated."""
    schema = await live_schema(url, service)
    engine = engine_for(url, schema, service, pool_size=pool_size)
    return ServiceDatabase(service, schema, engine, async_sessionmaker(engine, expire_on_commit=False))


async def live_schema(url: str, service: str) -> str:
    engine = engine_for(url, service, pool_size=1)
    try:
        async with engine.connect() as connection:
            if not await connection.scalar(text("SELECT to_regclass('generation') IS NOT NULL")):
                raise LookupError(f"the database of {service} has not been migrated; run: praxis migrate")
            live = await connection.scalar(text("SELECT live FROM generation"))
    finally:
        await engine.dispose()
    return generation_schema(service, int(live or 1))


def generation_schema(service: str, generation: int) -> str:
    return f"{service}_g{generation}"
