"""The one zone in which a generation's days are cut.

Days that were cut in one zone are not those of another. So a changed setting waits for a rebuild, and until then every
answer uses, and names, the zone that its figures have.
"""

import logging
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

UTC_ZONE = ZoneInfo("UTC")
"""Of a generation that is not begun, and has no days."""

logger = logging.getLogger(__name__)

_DECLARE = text("INSERT INTO reporting_zone (name) VALUES (:name) ON CONFLICT DO NOTHING")


async def reporting_zone(session: AsyncSession) -> ZoneInfo | None:
    """``None`` until the generation is begun."""
    name = await session.scalar(text("SELECT name FROM reporting_zone"))
    return None if name is None else ZoneInfo(name)


async def declared_zone(sessions: async_sessionmaker[AsyncSession], wanted: ZoneInfo) -> ZoneInfo:
    """The zone that this generation was begun with; ``wanted`` where it begins now."""
    async with sessions.begin() as session:
        await session.execute(_DECLARE, {"name": wanted.key})
        zone = await reporting_zone(session) or wanted
    if zone.key != wanted.key:
        logger.warning("days stay cut in %s until a rebuild; the settings say %s", zone.key, wanted.key)
    return zone
