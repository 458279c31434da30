"""Alembic, run in code: a service's durable schema and one generation of its projections.

A service keeps two branches beside its code: ``migrations/durable`` and ``migrations/projection``; each revision file
is ordinary Alembic. The version table stands in the schema that it describes.
"""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from praxis_service import reporting
from praxis_service.database import engine_for, generation_schema

ENV = Path(__file__).with_name("alembic_env")

_ALONE = text("SELECT pg_advisory_xact_lock(hashtext(:schema))")
"""One process at a time changes a schema: IF NOT EXISTS alone fails when two create at once."""


async def migrate(url: str, service: str, package: str) -> None:
    """Bring the durable schema and the live generation of ``service`` up to date; creates both when missing.

    What it publishes is then read as ``reporting`` has it.
    """
    await _upgrade(url, service, package, "durable")
    await migrate_generation(url, service, package, await _live(url, service))
    await reporting.show_live(url, service)


async def migrate_generation(url: str, service: str, package: str, generation: int) -> None:
    """Bring one generation up to date; creates it when missing."""
    await _upgrade(url, generation_schema(service, generation), package, "projection")


async def migrate_access(url: str) -> None:
    """Bring the schema ``access`` up to date: the API credentials that all services read."""
    await _upgrade(url, "access", "praxis_service", "durable")


async def _live(url: str, service: str) -> int:
    engine = engine_for(url, service, pool_size=1)
    try:
        async with engine.begin() as connection:
            await connection.execute(_ALONE, {"schema": service})
            await connection.execute(
                text(
                    "CREATE TABLE IF NOT EXISTS generation "
                    "(one boolean PRIMARY KEY DEFAULT true CHECK (one), live integer NOT NULL)"
                )
            )
            await connection.execute(text("INSERT INTO generation (live) VALUES (1) ON CONFLICT DO NOTHING"))
            return int(await connection.scalar(text("SELECT live FROM generation")) or 1)
    finally:
        await engine.dispose()


async def _upgrade(url: str, schema: str, package: str, branch: str) -> None:
    engine = engine_for(url, schema, pool_size=1)
    try:
        async with engine.begin() as connection:
            await connection.execute(_ALONE, {"schema": schema})
            await connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
            await connection.run_sync(_run, schema, package, branch)
    finally:
        await engine.dispose()


def _run(connection: Connection, schema: str, package: str, branch: str) -> None:
    config = Config()
    config.set_main_option("script_location", _literally(ENV))
    config.set_main_option("version_locations", _literally(files(package) / "migrations" / branch))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, schema=schema)
    command.upgrade(config, "head")


def _literally(path: object) -> str:
    """Alembic's options are interpolated, as Python's configparser does."""
    return str(path).replace("%", "%%")
