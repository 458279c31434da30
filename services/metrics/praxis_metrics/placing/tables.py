"""The folded tables: what they hold of some persons is compared with a fold, and only differences are written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.copying import copy
from praxis_metrics.placing.changed import changed_days
from praxis_metrics.placing.employment import Employment
from praxis_metrics.placing.membership import Membership
from praxis_metrics.placing.schedule import Schedule

R = TypeVar("R", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """``columns`` with their types, in the order of the fields of ``row``. A person's rows all differ."""

    name: str
    row: type[R]
    columns: Mapping[str, str]

    async def hold(self, session: AsyncSession, persons: Collection[str], rows: set[R]) -> list[tuple[date, date]]:
        """Make ``rows`` all that it holds of these persons; returns the stretches of days on which that is new."""
        before = await self._of(session, persons)
        await self._become(session, before, rows)
        return changed_days(before, rows)

    async def _of(self, session: AsyncSession, persons: Collection[str]) -> set[R]:
        query = f"SELECT {', '.join(self.columns)} FROM {self.name} WHERE person_id = ANY(:persons)"  # noqa: S608
        found = await session.execute(text(query), {"persons": list(persons)})
        return {self.row(*each) for each in found}

    async def _become(self, session: AsyncSession, before: set[R], after: set[R]) -> None:
        if gone := before - after:
            await session.execute(
                text(self._delete()), dict(zip(self.columns, map(list, zip(*gone, strict=True)), strict=True))
            )
        await copy(session, self.name, list(self.columns), after - before)

    def _delete(self) -> str:
        arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, type_ in self.columns.items())
        names = ", ".join(self.columns)
        return (
            f"DELETE FROM {self.name} t USING unnest({arrays}) AS gone({names}) "  # noqa: S608 - names of our own
            "WHERE " + " AND ".join(f"t.{name} = gone.{name}" for name in self.columns)
        )


_DAYS = {"first_day": "date", "last_day": "date"}

EMPLOYMENT = Table(
    "employment", Employment, {"person_id": "text", "on_leave": "boolean", "employee": "boolean", **_DAYS}
)
MEMBERSHIP = Table("membership", Membership, {"person_id": "text", "kind": "text", "slice": "text", **_DAYS})
SCHEDULE = Table("schedule", Schedule, {"person_id": "text", "time_zone": "text", "working_days": "text", **_DAYS})
