"""Who reports to whom, as tables: hires, departures and changes of manager folded into spans of each person.

Arrival is in any order, and any event may be rescinded, also before it arrives; what stands is folded by
``placement``. Each service keeps these tables in its own generation.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_people.history import Heard
from praxis_people.manager_changes import COLUMNS, ManagerChange, heard_of, row_of
from praxis_people.placement import placements

REPORTING_TABLES = (
    "CREATE TABLE reporting_seen (event uuid PRIMARY KEY)",
    "CREATE TABLE reporting_rescinded (event uuid PRIMARY KEY)",
    """
    CREATE TABLE reporting_events (
        event uuid PRIMARY KEY,
        place bigint NOT NULL,
        person_id text NOT NULL,
        change text NOT NULL,
        manager_id text,
        effective_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ON reporting_events (person_id)",
    """
    CREATE TABLE reporting_lines (
        person_id text NOT NULL,
        manager_id text,
        starts timestamptz NOT NULL,
        ends timestamptz,
        PRIMARY KEY (person_id, starts)
    )
    """,
    "CREATE INDEX ON reporting_lines (manager_id)",
)
"""The statements that a generation's migration runs. A line is of somebody at work; one that goes on has no end."""

_SEEN = text("INSERT INTO reporting_seen SELECT unnest(CAST(:events AS uuid[])) ON CONFLICT DO NOTHING RETURNING event")
_RESCIND = text("INSERT INTO reporting_rescinded SELECT unnest(CAST(:events AS uuid[])) ON CONFLICT DO NOTHING")
_CONCERNED = text("SELECT DISTINCT person_id FROM reporting_events WHERE event = ANY(CAST(:events AS uuid[]))")
_KEEP = text(
    f"INSERT INTO reporting_events ({COLUMNS}) "  # noqa: S608 - ours
    "VALUES (:event, :place, :person_id, :change, :manager_id, :effective_at)"
)
_HISTORIES = text(
    f"SELECT {COLUMNS} FROM reporting_events e "  # noqa: S608 - ours
    "WHERE person_id = ANY(CAST(:persons AS text[])) "
    "AND NOT EXISTS (SELECT FROM reporting_rescinded r WHERE r.event = e.event)"
)
_FORGET = text("DELETE FROM reporting_lines WHERE person_id = ANY(CAST(:persons AS text[]))")
_DRAW = text(
    "INSERT INTO reporting_lines (person_id, manager_id, starts, ends) VALUES (:person_id, :manager_id, :starts, :ends)"
)

_PRESENT = "{0}.starts <= :moment AND ({0}.ends IS NULL OR {0}.ends > :moment)"
_TEAM = text(
    # UNION keeps each person once: a ring, made by mistake, is gone round once.
    "WITH RECURSIVE team (person_id) AS ("  # noqa: S608
    "SELECT own.person_id FROM reporting_lines own "
    f"WHERE own.person_id = ANY(CAST(:managers AS text[])) AND {_PRESENT.format('own')} "
    "UNION SELECT line.person_id FROM team JOIN reporting_lines line ON line.manager_id = team.person_id "
    f"AND {_PRESENT.format('line')}) "
    "SELECT person_id FROM team WHERE person_id <> ALL(CAST(:managers AS text[])) LIMIT :most"
)
_REPORTS = text(
    "WITH RECURSIVE above (person_id, manager_id) AS ("  # noqa: S608
    "SELECT line.person_id, line.manager_id FROM reporting_lines line "
    f"WHERE line.person_id = ANY(CAST(:persons AS text[])) AND {_PRESENT.format('line')} "
    "UNION SELECT above.person_id, line.manager_id FROM above "
    f"JOIN reporting_lines line ON line.person_id = above.manager_id AND {_PRESENT.format('line')}) "
    "SELECT DISTINCT above.person_id FROM above "
    f"JOIN reporting_lines own ON own.person_id = above.manager_id AND {_PRESENT.format('own')} "
    "WHERE own.person_id = ANY(CAST(:managers AS text[])) AND above.person_id <> ALL(CAST(:managers AS text[]))"
)


async def apply_heard(session: AsyncSession, items: Sequence[Heard]) -> None:
    """Take events of the directory, whatever they say. Of one event the copy that came first counts."""
    first: dict[UUID, Heard] = {}
    for item in items:
        first.setdefault(item.event, item)
    fresh = [first[event] for event in await session.scalars(_SEEN, {"events": sorted(first)})]
    rows = [row_of(item.event, item.place, item.data) for item in fresh if isinstance(item.data, ManagerChange)]
    if rows:
        await session.execute(_KEEP, rows)
    concerned = {row["person_id"] for row in rows}
    undone = sorted({item.undone for item in fresh if item.undone is not None})
    if undone:
        await session.execute(_RESCIND, {"events": undone})
        concerned |= set(await session.scalars(_CONCERNED, {"events": undone}))
    if concerned:
        await _draw(session, sorted(concerned))


async def team_at(
    session: AsyncSession, managers: Collection[str], moment: datetime, most: int | None = None
) -> frozenset[str]:
    """Everybody at work who reports to one of ``managers`` at a moment, directly or through others at work, without
    the managers themselves. Nobody reports to somebody who is not at work. No more than ``most`` are looked for.
    """
    asked = {"managers": sorted(managers), "moment": moment, "most": most}
    return frozenset(await session.scalars(_TEAM, asked))


async def reports_among(
    session: AsyncSession, persons: Collection[str], managers: Collection[str], moment: datetime
) -> frozenset[str]:
    """Those of ``persons`` who are in the team of ``managers``: by going up from each, however large the team is."""
    asked = {"persons": sorted(persons), "managers": sorted(managers), "moment": moment}
    return frozenset(await session.scalars(_REPORTS, asked))


async def _draw(session: AsyncSession, persons: Sequence[str]) -> None:
    """Fold the lines of these persons anew."""
    histories: dict[str, list[Heard]] = {person: [] for person in persons}
    for row in await session.execute(_HISTORIES, {"persons": persons}):
        histories[row.person_id].append(heard_of(row))
    await session.execute(_FORGET, {"persons": persons})
    lines = [line for person, history in histories.items() for line in _lines(history, person)]
    if lines:
        await session.execute(_DRAW, lines)


def _lines(history: Iterable[Heard], person: str) -> list[dict[str, Any]]:
    return [
        {"person_id": person, "manager_id": span.manager_id, "starts": span.start, "ends": span.end}
        for span in placements(history, person)
    ]
