"""Answers of the programme that are no figures of the lattice: a pilot's verdict, a pathway's comparison, and so on.

Like cells they are computed by the publisher when something changes, and stored: a question reads one row.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics import due
from praxis_metrics.calendar import DAY
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Reach

FINDING_TABLES = (
    """
    CREATE TABLE findings (
        kind text NOT NULL,
        id text NOT NULL,
        body jsonb NOT NULL,
        PRIMARY KEY (kind, id)
    )
    """,
)
"""The statements that a generation's migration runs."""


@dataclass(frozen=True, slots=True)
class Looked:
    """``through``: the last local day that has wholly been read; ``threshold``: fewer people than that are hidden."""

    through: date
    threshold: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of them. ``compute`` gives them all, as JSON by id, with whatever must be hidden left out.

    ``version`` changes whenever an answer could; ``reads``: what they are made of.
    """

    name: str
    version: int
    compute: Callable[[AsyncSession, Looked], Awaitable[Mapping[str, Mapping[str, Any]]]]
    sources: Sequence[Source]

    @property
    def reads(self) -> Mapping[Source, Reach]:
        """Of whichever day something changed, they are due."""
        return {source: Reach(after=None) for source in self.sources}


_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '/findings/' || :kind, 0))")
_DROP = text("DELETE FROM findings WHERE kind = :kind AND id <> ALL(:ids)")
_WRITE = text(
    """
    INSERT INTO findings AS f (kind, id, body)
    SELECT :kind, r.id, r.body FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id text, body jsonb)
    ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body WHERE f.body IS DISTINCT FROM excluded.body
    """
)


async def find(session: AsyncSession, finding: Finding, today: date, threshold: int) -> int:
    """Compute them if they are due; returns how many. Nothing, while somebody else does."""
    if not await session.scalar(_LOCK, {"kind": finding.name}) or not await due.take(session, finding.name):
        return 0
    found = await finding.compute(session, Looked(today - DAY, threshold))
    await session.execute(_DROP, {"kind": finding.name, "ids": list(found)})
    rows = json.dumps([{"id": each, "body": body} for each, body in found.items()])
    await session.execute(_WRITE, {"kind": finding.name, "rows": rows})
    return len(found)


async def read_finding(session: AsyncSession, finding: Finding, id_: str) -> dict[str, Any] | None:
    query = text("SELECT body FROM findings WHERE kind = :kind AND id = :id")
    body: dict[str, Any] | None = await session.scalar(query, {"kind": finding.name, "id": id_})
    return body


async def read_findings(session: AsyncSession, finding: Finding) -> dict[str, dict[str, Any]]:
    """All of this kind, by id and in its order."""
    query = text("SELECT id, body FROM findings WHERE kind = :kind ORDER BY id")
    return {row.id: row.body for row in await session.execute(query, {"kind": finding.name})}
