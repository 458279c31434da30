"""What was deleted leaves the disk: PostgreSQL keeps it in tables, statistics and write-ahead log until it is told."""

import asyncio

import asyncpg

from praxis_events.log import LogError

SNAPSHOT_SECONDS = 120.0
"""How long somebody's transaction may still see what was deleted."""

_LOOK_SECONDS = 0.05

_STATISTICS = "pg_catalog.pg_statistic"
_CLEAR_WAL = ("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT")

# A transaction that began before still sees deleted rows, and a vacuum would keep them for it.
_SEEN_BY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND greatest(age(backend_xmin), age(backend_xid)) >= age($1::xid)
"""


async def release(connection: asyncpg.Connection, *tables: str) -> list[str]:
    """Rewrite the tables without what was deleted from them, then have it leave the rest of the disk.

    Returns what the connection's user may not do; the server then does it by itself, in its own time. Dropped tables'
    files go with a checkpoint, WAL segments with the next one; with ``wal_recycle`` on they are overwritten some time
    later instead. Raises ``LogError`` when somebody's transaction stands in the way for long.
    """
    refused: list[str] = []
    for table in (*tables, _STATISTICS):  # last: the statistics from before are dead rows, too
        await _until_unseen(connection)
        if not await _rewritten(connection, table):
            refused.append(table)
    try:
        for statement in _CLEAR_WAL:
            await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        refused.append("write-ahead log")
    return refused


async def _rewritten(connection: asyncpg.Connection, table: str) -> bool:
    """A user who may not is only warned."""
    before = await connection.fetchval("SELECT pg_relation_filenode($1::regclass)", table)
    await connection.execute(f"VACUUM (FULL, ANALYZE) {table}")
    return bool(await connection.fetchval("SELECT pg_relation_filenode($1::regclass)", table) != before)


async def _until_unseen(connection: asyncpg.Connection) -> None:
    """Until nobody sees what was deleted before now."""
    now = await connection.fetchval("SELECT pg_current_xact_id()::xid")
    try:
        async with asyncio.timeout(SNAPSHOT_SECONDS):
            while await connection.fetchval(_SEEN_BY, now):  # noqa: ASYNC110 - transactions wake nobody
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        raise LogError("a transaction that began before still sees what was deleted: end it, then go on") from None
