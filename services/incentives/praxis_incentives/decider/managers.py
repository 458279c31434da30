"""Who was whose manager, as the directory has said it so far."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_incentives.decider.facts import Fact
from praxis_incentives.identities import PERSON, person
from praxis_people.history import Heard
from praxis_people.manager_changes import COLUMNS, ManagerChange, heard_of, row_of
from praxis_people.placement import Placement, placement_at, placements

_KEEP = text(
    f"INSERT INTO manager_changes ({COLUMNS}) VALUES "  # noqa: S608 - ours
    "(:event, :place, :person_id, :change, :manager_id, :effective_at) ON CONFLICT DO NOTHING"
)
_HISTORIES = text(
    f"SELECT {COLUMNS} FROM manager_changes c WHERE person_id = ANY(CAST(:persons AS text[])) "  # noqa: S608 - ours
    "AND NOT EXISTS (SELECT FROM identity_rescinded r WHERE r.event = c.event)"
)
_PERSON = text("SELECT person_id FROM manager_changes WHERE event = :event")


@dataclass(frozen=True, slots=True)
class Managers:
    """By subject, where somebody stood."""

    spans: Mapping[str, Sequence[Placement]]

    def knows(self, subject: str) -> bool:
        """Whether the directory has ever told who their manager was."""
        return any(place.manager_id is not None for place in self.spans.get(subject, ()))

    def at(self, subject: str, moment: datetime) -> str | None:
        """Their manager then; ``None`` when there was none, or they were not at work."""
        place = placement_at(self.spans.get(subject, ()), moment)
        return person(place.manager_id) if place is not None and place.manager_id is not None else None

    def same_team(self, one: str, other: str, moment: datetime) -> bool:
        """Both had one manager, or one was the other's."""
        above, beside = self.at(one, moment), self.at(other, moment)
        return above == other or beside == one or (above is not None and above == beside)


async def keep(session: AsyncSession, facts: Sequence[Fact]) -> None:
    """Of one event the copy that came first counts."""
    rows = [row_of(each.event, each.place, each.data) for each in facts if isinstance(each.data, ManagerChange)]
    if rows:
        await session.execute(_KEEP, rows)


async def managers_of(session: AsyncSession, subjects: Collection[str]) -> Managers:
    histories: dict[str, list[Heard]] = {each.removeprefix(PERSON): [] for each in subjects if each.startswith(PERSON)}
    for row in await session.execute(_HISTORIES, {"persons": sorted(histories)}):
        histories[row.person_id].append(heard_of(row))
    return Managers({person(each): placements(history, each) for each, history in histories.items()})


async def whose_change(session: AsyncSession, event: UUID) -> str | None:
    """The person whose manager an event tells."""
    found: str | None = await session.scalar(_PERSON, {"event": event})
    return found
