"""The projection of ``people.directory``: who is who, who is employed when, where people stand, and whose records a
manager may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts.directory import IdentityLinked, IdentityUnlinked
from praxis_events.log import Record
from praxis_events.times import from_ms
from praxis_events.topics import DIRECTORY
from praxis_metrics import changes, learners
from praxis_metrics.changes import Change, Source
from praxis_metrics.placing.folding import fold
from praxis_metrics.placing.kept import is_about_places
from praxis_people.directory import IdentityChange, apply_changes, apply_rescinded, change_of
from praxis_people.history import Heard, heard
from praxis_people.reporting_lines import apply_heard


@dataclass(frozen=True, slots=True)
class DirectoryEvent:
    """An event of the directory, and when the log took it."""

    heard: Heard
    appended_at: datetime


class Directory:
    """One partition and one order: identities settle, and employment and memberships are folded, in the checkpoint's
    own transaction."""

    name = "metrics.directory"
    topics = (DIRECTORY.name,)
    rebuildable = True
    serial = False

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def decode(self, record: Record) -> DirectoryEvent | None:
        found = heard(record)
        return None if found is None else DirectoryEvent(found, from_ms(record.placed_ms))

    async def apply(self, session: AsyncSession, items: Sequence[DirectoryEvent]) -> None:
        fresh = await _first_copies(session, items)
        if not fresh:
            return
        await apply_heard(session, [item.heard for item in fresh])
        await self._place(session, [item for item in fresh if is_about_places(item.heard)])
        await _identify(session, [item.heard for item in fresh], min(item.appended_at for item in fresh))

    async def _place(self, session: AsyncSession, items: Sequence[DirectoryEvent]) -> None:
        """Fold where people stand, and note the days on which it is news."""
        if items:
            days = await fold(session, [item.heard for item in items], self._zone)
            found = [Change(Source.PEOPLE, *each) for each in days]
            await changes.note(session, found, min(item.appended_at for item in items))


async def _first_copies(session: AsyncSession, items: Sequence[DirectoryEvent]) -> list[DirectoryEvent]:
    first: dict[UUID, DirectoryEvent] = {}
    for item in items:
        first.setdefault(item.heard.event, item)
    new = await session.execute(
        text(
            "INSERT INTO directory_seen (event) SELECT unnest(CAST(:events AS uuid[])) "
            "ON CONFLICT DO NOTHING RETURNING event"
        ),
        {"events": list(first)},
    )
    return [first[event] for event in new.scalars()]


async def _identify(session: AsyncSession, events: Sequence[Heard], appended_at: datetime) -> None:
    """Settle whose identifiers are. Last, because nobody adds actors meanwhile."""
    await learners.lock(session)
    keys = await apply_changes(session, [change for each in events if (change := _identity_change(each))])
    keys |= await apply_rescinded(session, [each.undone for each in events if each.undone is not None])
    if keys:
        await learners.settle(session, keys, appended_at)


def _identity_change(event: Heard) -> IdentityChange | None:
    if not isinstance(event.data, IdentityLinked | IdentityUnlinked):
        return None
    return change_of(event.event, event.place, event.data)
