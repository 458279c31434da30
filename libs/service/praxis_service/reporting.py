"""The schema ``reporting``: what is read from outside by SQL, under a name that stays when another generation is live.

A generation's view ``published`` is shown there. Readers see it with the rights of its owner, so that they need none on
the tables beneath, and what was granted on it stays. Its columns may only be added to, at the end.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from praxis_service.database import engine_for, generation_schema

_LIVE = text("SELECT live FROM generation FOR SHARE")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('reporting'))")


async def show_live(url: str, service: str) -> None:
    """Show what the live generation of ``service`` publishes, if it publishes anything."""
    engine = engine_for(url, service, pool_size=1)
    try:
        async with engine.begin() as connection:
            await show(connection, generation_schema(service, int(await connection.scalar(_LIVE) or 1)))
    finally:
        await engine.dispose()


async def show(connection: AsyncConnection, schema: str) -> None:
    """The same of the generation in ``schema``, in the transaction of whoever makes it live."""
    if await connection.scalar(text("SELECT to_regclass(:view) IS NULL"), {"view": f"{schema}.published"}):
        return
    await connection.execute(_ALONE)
    await connection.execute(text("CREATE SCHEMA IF NOT EXISTS reporting"))
    view = f'CREATE OR REPLACE VIEW reporting.published AS SELECT * FROM "{schema}".published'  # noqa: S608 - our own
    await connection.execute(text(view))
