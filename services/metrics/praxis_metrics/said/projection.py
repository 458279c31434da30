"""The projection of ``work.evidence``, ``programme.design`` and a part of ``people.directory``: what was said.

Of several copies of an event the first in the log counts; a rescission takes one back whether it comes before or after
it, and cannot itself be taken back.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.log import Record
from praxis_events.topics import DIRECTORY, EVIDENCE, PROGRAMME
from praxis_metrics import learners
from praxis_metrics.changes import Change, Source
from praxis_metrics.copying import copy
from praxis_metrics.learners import Actors
from praxis_metrics.said.noting import note
from praxis_metrics.said.taking import Rescission, Said, Taken, take, takes_back

_SAID = ("event", "type", "place", "at", "day", "data", "stands", "appended_at", "source", "first_day", "last_day")


class Events:
    """One transaction at a time writes here, under the lock of ``learners``: so a link that moves an actor either sees
    the events that name it, or is seen by them."""

    name = "metrics.events"
    topics = (EVIDENCE.name, PROGRAMME.name, DIRECTORY.name)
    rebuildable = True
    serial = False

    def __init__(self, sessions: async_sessionmaker[AsyncSession], zone: ZoneInfo) -> None:
        self._zone = zone
        self._actors = Actors(sessions)

    def decode(self, record: Record) -> Taken | None:
        return take(record, self._zone)

    async def apply(self, session: AsyncSession, items: Sequence[Taken]) -> None:
        fresh = await _first_copies(session, items)
        rescissions = [item for item in fresh if isinstance(item, Rescission)]
        events = [item for item in fresh if isinstance(item, Said)]
        if not rescissions and not events:
            return
        oldest = min(item.appended_at for item in fresh)
        keys = {who.key for each in events for who in each.people if who.key is not None}
        # Before the lock: new actors are added in a transaction of their own, which takes it too.
        actors = await self._actors.numbers(keys, oldest)
        await learners.lock(session)
        undone = await _rescind(session, rescissions)
        standing = await _add(session, events, actors)
        await note(session, [*undone, *(each.changes for each in standing)], oldest)


async def _first_copies(session: AsyncSession, items: Sequence[Taken]) -> list[Taken]:
    first: dict[UUID, Taken] = {}
    for item in items:
        first.setdefault(item.event, item)
    new = await session.execute(
        text("INSERT INTO said_seen SELECT unnest(CAST(:events AS uuid[])) ON CONFLICT DO NOTHING RETURNING event"),
        {"events": sorted(first)},
    )
    return [first[event] for event in new.scalars()]


async def _rescind(session: AsyncSession, rescissions: Sequence[Rescission]) -> list[Change]:
    """Take back what these undo, now and when it comes; returns what that changes."""
    if not rescissions:
        return []
    asked = {"events": [each.undone for each in rescissions], "by": [each.by for each in rescissions]}
    await session.execute(_REMEMBER, asked)
    found = (await session.execute(_STANDING, asked)).all()
    undone = {row.event: row for row in found if takes_back(row.by, row.type)}
    await session.execute(text("UPDATE said SET stands = false WHERE event = ANY(:events)"), {"events": list(undone)})
    return [Change(Source(row.source), row.first_day, row.last_day) for row in undone.values()]


_REMEMBER = text(
    "INSERT INTO said_rescinded (event, by) "
    "SELECT * FROM unnest(CAST(:events AS uuid[]), CAST(:by AS text[])) ON CONFLICT DO NOTHING"
)

_STANDING = text(
    """
    SELECT s.event, r.by, s.type, s.source, s.first_day, s.last_day
    FROM unnest(CAST(:events AS uuid[]), CAST(:by AS text[])) AS r(event, by) JOIN said s USING (event) WHERE s.stands
    """
)

_RESCINDED = text("SELECT event, by FROM said_rescinded WHERE event = ANY(CAST(:events AS uuid[]))")


async def _add(session: AsyncSession, events: Sequence[Said], actors: Mapping[str, int]) -> list[Said]:
    """Keep these and whom they name; returns those that stand."""
    if not events:
        return []
    types = {each.event: each.type for each in events}
    rescinded = await session.execute(_RESCINDED, {"events": list(types)})
    gone = {event for event, by in rescinded if takes_back(by, types[event])}
    await copy(session, "said", _SAID, [_row(each, each.event not in gone) for each in events])
    named = {who.person_id for each in events for who in each.people if who.person_id is not None}
    persons = await learners.of_persons(session, named)
    people = [
        (each.event, who.role, None if who.key is None else actors[who.key], persons.get(who.person_id or ""))
        for each in events
        for who in each.people
    ]
    await copy(session, "said_people", ("event", "role", "actor_id", "learner_id"), people)
    return [each for each in events if each.event not in gone]


def _row(each: Said, stands: bool) -> tuple[object, ...]:
    moment = (each.type, each.place, each.at, each.day)
    return each.event, *moment, each.data, stands, each.appended_at, *each.changes
