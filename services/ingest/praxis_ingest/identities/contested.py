"""Keys that are claimed and yet no person's: two claim them, or they are shared. Kept, as there are few among many."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_people.identifiers import SHARED

_FORGET = text("DELETE FROM identifiers_contested WHERE key = ANY(CAST(:keys AS text[]))")
_NOTE = text(
    "INSERT INTO identifiers_contested SELECT key FROM identity_claims WHERE key = ANY(CAST(:keys AS text[])) "
    "GROUP BY key HAVING min(person_id) <> max(person_id) OR min(person_id) = :shared"
)


async def judge_again(session: AsyncSession, keys: Collection[str]) -> None:
    """Of these keys the claims may have changed."""
    if keys:
        await session.execute(_FORGET, {"keys": sorted(keys)})
        await session.execute(_NOTE, {"keys": sorted(keys), "shared": SHARED})
