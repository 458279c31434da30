"""COPY into a table, inside a session's transaction: for facts, twice as fast as any INSERT."""

from collections.abc import Collection, Sequence
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession


async def copy(session: AsyncSession, table: str, columns: Sequence[str], rows: Collection[tuple[Any, ...]]) -> None:
    """Append ``rows``. Raises ``DBAPIError`` as SQLAlchemy does. The session has executed something before, because
    the driver's connection is in its transaction only from then on."""
    if not rows:
        return
    connection = await (await session.connection()).get_raw_connection()
    driver: Any = connection.driver_connection
    try:
        await driver.copy_records_to_table(table, records=rows, columns=columns)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DBAPIError(f"COPY {table}", None, error) from error
