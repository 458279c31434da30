"""Before the refresh: what voided and repeated statements, and registrations, make dirty.

Each step is one short transaction on rows that it takes from a queue; several refreshers may run them side by side.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics import dirty
from praxis_metrics.calendar import local_day
from praxis_metrics.dirty import DirtyGroup, Queue

_AT_THE_SAME_MOMENT = text(
    """
    SELECT s.statement_id, f.actor_id, f.course_id, f.registration_id, f.event_time
    FROM statement_seen s JOIN facts f ON f.actor_id = s.actor_id AND f.event_time = s.event_time
    WHERE s.statement_id = ANY(CAST(:ids AS uuid[]))
    """
)
"""All that the actor did then: the statement itself, and those that it repeats, maybe in another course."""


async def settle_statements(session: AsyncSession, zone: ZoneInfo, most: int) -> int:
    """Statements become groups and days. One that is not known yet makes its own dirty rows when it comes."""
    taken = await dirty.take(session, Queue.STATEMENTS, most)
    since = dirty.oldest((row.statement_id, row.appended_at) for row in taken)
    found = (await session.execute(_AT_THE_SAME_MOMENT, {"ids": list(since)})).all() if since else []
    groups: dict[DirtyGroup, datetime] = dirty.oldest(
        ((f.actor_id, f.course_id, f.registration_id, local_day(f.event_time, zone)), since[f.statement_id])
        for f in found
    )
    await dirty.add_groups(session, groups)
    await dirty.add_registrations_of(session, groups)
    return len(taken)


_LOCK = text("SELECT FROM registrations WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE")

_USED = """
    SELECT {what} FROM registration_courses c JOIN actors a USING (actor_id)
    WHERE c.registration_id = asked.id AND {which} AND EXISTS (
        SELECT FROM effective_facts f
        WHERE f.actor_id = c.actor_id AND f.course_id = c.course_id AND f.registration_id = asked.id
    )
"""

_FLIP = text(
    f"""
    UPDATE registrations r SET shared = NOT r.shared
    FROM unnest(CAST(:ids AS bigint[])) AS asked(id)
    LEFT JOIN LATERAL ({_USED.format(what="a.learner_id", which="true")} LIMIT 1) one ON true
    WHERE r.id = asked.id
      AND r.shared <> EXISTS ({_USED.format(what="", which="a.learner_id <> one.learner_id")})
    RETURNING r.id
    """  # noqa: S608
)
"""Looks for one learner and then for any other: a registration of thousands costs no more than one of two."""

_USES = text("SELECT registration_id, actor_id, course_id FROM registration_courses WHERE registration_id = ANY(:ids)")


async def settle_registrations(session: AsyncSession, most: int) -> int:
    """Note which registrations more than one learner shares; where that changed, all their groups are dirty.

    The rows are locked in a statement before the one that looks, so that it sees all that others committed.
    """
    taken = await dirty.take(session, Queue.REGISTRATIONS, most)
    since = dirty.oldest((row.registration_id, row.appended_at) for row in taken)
    if since:
        await session.execute(_LOCK, {"ids": sorted(since)})
        flipped = list((await session.execute(_FLIP, {"ids": sorted(since)})).scalars())
        uses = (await session.execute(_USES, {"ids": flipped})).all()
        await dirty.add_groups(session, {(actor, course, id_, None): since[id_] for id_, actor, course in uses})
    return len(taken)
