"""Steps of the loop (design, embed, measure, iterate), and pilots, that somebody has to conclude."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.programme.governance_schemas import FollowUpOut, PilotDueOut, StepOut
from praxis_metrics.programme.people import persons

_STEPS = text(
    """
    SELECT p.*, c.concluded_on, c.met, c.note, CASE
        WHEN c.step IS NOT NULL THEN 'concluded' WHEN p.ends_on < :today THEN 'overdue'
        WHEN p.starts_on <= :today THEN 'running' ELSE 'planned' END AS state
    FROM steps p LEFT JOIN step_conclusions c USING (step)
    ORDER BY p.ends_on, p.step
    """
)

_PILOTS = text(
    """
    SELECT p.pilot, p.ends_on, p.owner_id FROM pilots p
    WHERE p.ends_on < :today AND NOT EXISTS (SELECT FROM pilot_conclusions c WHERE c.pilot = p.pilot)
    ORDER BY p.ends_on, p.pilot
    """
)

_FOLLOW_UPS = text(
    """
    SELECT c.pilot, c.decision, coalesce(c.step, c.extension) AS missing, coalesce(c.step_owner_id, c.decider_id) AS id
    FROM pilot_conclusions c
    WHERE (c.decision = 'scale' AND NOT EXISTS (SELECT FROM steps p WHERE p.step = c.step))
       OR (c.decision = 'extend' AND NOT EXISTS (SELECT FROM pilots p WHERE p.pilot = c.extension))
    ORDER BY c.pilot
    """
)


async def steps_of(session: AsyncSession, today: date) -> list[StepOut]:
    """The first to end first."""
    rows = (await session.execute(_STEPS, {"today": today})).all()
    owners = await persons(session, (row.owner_id for row in rows))
    return [
        StepOut(
            step=row.step,
            stage=row.stage,
            state=row.state,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            success=row.success,
            owner=owners.get(row.owner_id),
            concluded_on=row.concluded_on,
            met=row.met,
            note=row.note,
        )
        for row in rows
    ]


async def pilots_to_conclude(session: AsyncSession, today: date) -> list[PilotDueOut]:
    """Those that have ended and of which nobody has decided."""
    rows = (await session.execute(_PILOTS, {"today": today})).all()
    owners = await persons(session, (row.owner_id for row in rows))
    return [PilotDueOut(pilot=row.pilot, ended_on=row.ends_on, owner=owners.get(row.owner_id)) for row in rows]


async def follow_ups_missing(session: AsyncSession) -> list[FollowUpOut]:
    """What a conclusion names and nobody has planned or registered: a roll-out step, or the pilot that goes on."""
    rows = (await session.execute(_FOLLOW_UPS)).all()
    owners = await persons(session, (row.id for row in rows))
    return [
        FollowUpOut(pilot=row.pilot, decision=row.decision, missing=row.missing, owner=owners.get(row.id))
        for row in rows
    ]
