"""The watermark: all that the log acknowledged before it is in the read models."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.topics import DIRECTORY, EVIDENCE, PROGRAMME, STATEMENTS
from praxis_metrics.dirty import Queue

READ = {
    "metrics.statements": (STATEMENTS,),
    "metrics.directory": (DIRECTORY,),
    "metrics.events": (EVIDENCE, PROGRAMME, DIRECTORY),
}
"""What each projection reads."""

_PENDING = ", ".join(f"(SELECT min(appended_at) FROM {queue})" for queue in Queue)  # noqa: S608 - tables of our own
_DUE = "(SELECT min(appended_at) FROM due WHERE kpi = CAST(:kpi AS text) OR CAST(:kpi AS text) IS NULL)"

WATERMARK = f"""
    SELECT CASE WHEN count(read_through) = :partitions THEN least(min(read_through), {_PENDING}, {_DUE}) END
    FROM checkpoints WHERE projection = ANY(:projections)
"""  # noqa: S608
"""SQL of one moment, with the parameters that ``watermark_of`` gives: for queries that read figures beside it."""

_WATERMARK = text(WATERMARK)


_OLDEST_DIRTY = text(f"SELECT least({_PENDING})")


async def oldest_dirty(session: AsyncSession) -> datetime | None:
    """The log's time of what waits longest to be computed again."""
    found: datetime | None = await session.scalar(_OLDEST_DIRTY)
    return found


async def watermark(session: AsyncSession, kpi: str | None = None) -> datetime | None:
    """Of one KPI's cells, or of all; ``None`` until every partition of every projection has once been read to its end.

    Applied is not enough: it stops short of the oldest dirty key that waits for a refresher, and of what is due to be
    published. Read it in the snapshot of the figures that it stands beside.
    """
    found: datetime | None = await session.scalar(_WATERMARK, watermark_of(kpi))
    return found


def watermark_of(kpi: str | None) -> dict[str, object]:
    """The parameters of ``WATERMARK``."""
    return {
        "partitions": sum(topic.partitions for topics in READ.values() for topic in topics),
        "projections": list(READ),
        "kpi": kpi,
    }
