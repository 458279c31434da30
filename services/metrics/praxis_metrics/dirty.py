"""Dirty keys: what has to be computed again, appended with the checkpoint and taken by refreshers.

Each row bears the log's time of what made it dirty: while it stands, the read models are not whole from then on.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.copying import copy
from praxis_metrics.sessions import NONE

K = TypeVar("K")


class Queue(StrEnum):
    """The tables, in the order in which one feeds the next."""

    LEARNERS = "dirty_learners"
    STATEMENTS = "dirty_statements"
    REGISTRATIONS = "dirty_registrations"
    GROUPS = "dirty_groups"
    CHANGES = "changes"


DirtyGroup: TypeAlias = tuple[int, int, int | None, date | None]
"""An actor's statements in a course, or under a registration, changed; and so did the day, when given."""

_GROUP_COLUMNS = ("actor_id", "course_id", "registration_id", "day", "appended_at")


async def add_groups(session: AsyncSession, groups: Mapping[DirtyGroup, datetime]) -> None:
    await copy(session, Queue.GROUPS, _GROUP_COLUMNS, [(*group, at) for group, at in groups.items()])


async def add_registrations(session: AsyncSession, registrations: Iterable[tuple[int, datetime]]) -> None:
    """Whether more than one learner shares them is to be looked at again."""
    await copy(session, Queue.REGISTRATIONS, ("registration_id", "appended_at"), oldest(registrations).items())


async def add_registrations_of(session: AsyncSession, groups: Mapping[DirtyGroup, datetime]) -> None:
    await add_registrations(session, ((id_, at) for (_, _, id_, _), at in groups.items() if id_ is not None))


async def add_statements(session: AsyncSession, statements: Iterable[tuple[UUID, datetime]]) -> None:
    """Statements that were voided, or that another may repeat; known already or not."""
    await copy(session, Queue.STATEMENTS, ("statement_id", "appended_at"), oldest(statements).items())


async def add_learners(session: AsyncSession, learners: Iterable[tuple[int, datetime]]) -> None:
    """Everything of these learners, because actors came to them or left them."""
    await copy(session, Queue.LEARNERS, ("learner_id", "appended_at"), oldest(learners).items())


async def take(session: AsyncSession, queue: Queue, most: int) -> Sequence[Row[Any]]:
    """The oldest rows that no other refresher has in hand; gone when the transaction commits."""
    return (await session.execute(text(_taking(queue)), {"most": most})).all()


async def take_groups(session: AsyncSession, most: int) -> Sequence[Row[int, int, int, date | None, datetime]]:
    """Likewise of dirty groups: each once, as (learner, registration, course, day), one of both being ``NONE``; with
    the time of the oldest of all.

    A fact counts in its registration unless that is shared, else in its course. A row without a day asks for both, as
    that may just have changed. Whoever moves an actor, or changes what is shared, after this look makes all dirty that
    this concerns.
    """
    return (await session.execute(_TAKE_GROUPS, {"most": most})).all()


def _taking(queue: Queue) -> str:
    # An array, because the planner may run a subquery with a limit more than once.
    return (
        f"DELETE FROM {queue} WHERE id = ANY(ARRAY("  # noqa: S608 - a table of our own
        f"SELECT id FROM {queue} ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED)) RETURNING *"
    )


_TAKE_GROUPS = text(
    f"""
    WITH taken AS ({_taking(Queue.GROUPS)})
    SELECT DISTINCT a.learner_id, g.registration_id, g.course_id, t.day,
           (SELECT min(appended_at) FROM taken) AS appended_at
    FROM taken t JOIN actors a USING (actor_id) LEFT JOIN registrations r ON r.id = t.registration_id
    CROSS JOIN LATERAL (
        VALUES ({NONE}, t.course_id, r.shared IS NOT FALSE), (r.id, {NONE}, NOT r.shared)
    ) g(registration_id, course_id, counts)
    WHERE g.registration_id IS NOT NULL AND (g.counts OR t.day IS NULL)
    """  # noqa: S608
)


def oldest(rows: Iterable[tuple[K, datetime]]) -> dict[K, datetime]:
    """Each key once, with the earliest of its times."""
    found: dict[K, datetime] = {}
    for key, at in rows:
        found[key] = min(at, found.get(key, at))
    return found
