"""Who reports to whom, from ``people.directory``: a projection beside the decider, which never depends on it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.log import Record
from praxis_events.topics import DIRECTORY
from praxis_people.history import Heard, heard
from praxis_people.reporting_lines import apply_heard


class Reporting:
    """One partition and one order: the lines are drawn anew in the checkpoint's own transaction."""

    name = "incentives.reporting"
    topics: tuple[str, ...] = (DIRECTORY.name,)
    rebuildable = True
    serial = False

    def decode(self, record: Record) -> Heard | None:
        return heard(record)

    async def apply(self, session: AsyncSession, items: Sequence[Heard]) -> None:
        await apply_heard(session, items)
