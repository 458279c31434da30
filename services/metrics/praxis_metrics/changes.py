"""What the published cells rest on has changed: rows of ``changes``, appended where it changes, taken by the publisher.

Each row names a source and the local days whose figures it may change, and bears the log's time of what did so: while
it stands, the cells are not whole from then on.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import LAST_DAY
from praxis_metrics.copying import copy


class Source(StrEnum):
    """What KPIs are made of. Each KPI says which of these it reads."""

    LEARNING = "learning"
    """Person-days and completions."""
    PEOPLE = "people"
    """Employment, leave, and where people stood."""
    WORK = "work"
    """Evidence, tasks, outcomes, coaching and habits."""
    PROGRAMME = "programme"
    """Skills, maps, roles, plans and all else that was designed."""
    ENROLMENTS = "enrolments"
    """Who is on which pathway, in which cohort."""


class Change(NamedTuple):
    """The days from ``first`` to ``last``, both included; to ``LAST_DAY`` where it holds from then on."""

    source: Source
    first: date
    last: date = LAST_DAY


async def note(session: AsyncSession, changes: Iterable[Change], appended_at: datetime) -> None:
    """Append these, each once. ``appended_at``: the log's time of the oldest of what made them."""
    rows = [(*change, appended_at) for change in dict.fromkeys(changes)]
    await copy(session, "changes", ("source", "first_day", "last_day", "appended_at"), rows)
