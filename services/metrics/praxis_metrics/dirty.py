"""Dirty keys: what has to be computed again, appended with the checkpoint and taken by refreshers.

Each row bears the log's time of what made it dirty: while it stands, the read models are not whole from then on.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.copying import copy

K = TypeVar("K")


class Queue(StrEnum):
    """The tables, in the order in which one feeds the next."""

    LEARNERS = "dirty_learners"
    STATEMENTS = "dirty_statements"
    REGISTRATIONS = "dirty_registrations"
    GROUPS = "dirty_groups"


class DirtyGroup(NamedTuple):
    """An actor's statements in a course, or under a registration, changed; and so did ``day``, when given."""

    actor_id: int
    course_id: int
    registration_id: int | None
    day: date | None
    appended_at: datetime


async def add_groups(session: AsyncSession, groups: Collection[DirtyGroup]) -> None:
    keys = oldest((group[:-1], group.appended_at) for group in groups)
    await copy(session, Queue.GROUPS, DirtyGroup._fields, [(*key, at) for key, at in keys.items()])


async def add_registrations(session: AsyncSession, registrations: Collection[tuple[int, datetime]]) -> None:
    """Whether more than one learner shares them is to be looked at again."""
    await copy(session, Queue.REGISTRATIONS, ("registration_id", "appended_at"), oldest(registrations).items())


async def add_registrations_of(session: AsyncSession, groups: Iterable[DirtyGroup]) -> None:
    found = [(group.registration_id, group.appended_at) for group in groups]
    await add_registrations(session, [(id_, at) for id_, at in found if id_ is not None])


async def add_statements(session: AsyncSession, statements: Collection[tuple[UUID, datetime]]) -> None:
    """Statements that were voided, or that another may repeat; known already or not."""
    await copy(session, Queue.STATEMENTS, ("statement_id", "appended_at"), oldest(statements).items())


async def add_learners(session: AsyncSession, learners: Collection[tuple[int, datetime]]) -> None:
    """Everything of these learners, because actors came to them or left them."""
    await copy(session, Queue.LEARNERS, ("learner_id", "appended_at"), oldest(learners).items())


async def take(session: AsyncSession, queue: Queue, most: int) -> Sequence[Row[Any]]:
    """The oldest rows that no other refresher has in hand; gone when the transaction commits."""
    # An array, because the planner may run a subquery with a limit more than once.
    query = text(
        f"DELETE FROM {queue} WHERE id = ANY(ARRAY("  # noqa: S608 - a table of our own
        f"SELECT id FROM {queue} ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED)) RETURNING *"
    )
    return (await session.execute(query, {"most": most})).all()


def oldest(rows: Iterable[tuple[K, datetime]]) -> dict[K, datetime]:
    """Each key once, with the earliest of its times."""
    found: dict[K, datetime] = {}
    for key, at in rows:
        found[key] = min(at, found.get(key, at))
    return found
