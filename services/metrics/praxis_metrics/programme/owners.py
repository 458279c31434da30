"""Owners everywhere: what nobody owns any more, because who did has left."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.programme.governance_schemas import OwnerlessOut
from praxis_metrics.programme.people import persons

# Who was at work and is not today. Of what is concluded nobody needs to be in charge.
_OWNERLESS = text(
    """
    SELECT o.kind, o.id, o.owner_id, o.owner_id IS NOT NULL AS had_one
    FROM owned o LEFT JOIN learners l ON l.learner_id = o.owner_id
    WHERE (o.owner_id IS NULL OR (
        EXISTS (SELECT FROM employment e WHERE e.person_id = l.person_id AND e.first_day <= :today)
        AND NOT EXISTS (
            SELECT FROM employment e WHERE e.person_id = l.person_id AND :today BETWEEN e.first_day AND e.last_day)
    ))
    AND NOT (o.kind = 'step' AND EXISTS (SELECT FROM step_conclusions c WHERE c.step = o.id))
    AND NOT (o.kind = 'pilot' AND EXISTS (SELECT FROM pilot_conclusions c WHERE c.pilot = o.id))
    ORDER BY o.kind, o.id
    """
)


async def ownerless(session: AsyncSession, today: date) -> list[OwnerlessOut]:
    rows = (await session.execute(_OWNERLESS, {"today": today})).all()
    owners = await persons(session, (row.owner_id for row in rows))
    return [
        OwnerlessOut(
            kind=row.kind,
            id=row.id,
            owner=owners.get(row.owner_id),
            why="owner-has-left" if row.had_one else "no-owner",
        )
        for row in rows
    ]
