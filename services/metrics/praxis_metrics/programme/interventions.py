"""What serves a goal, by its name, and how it stands."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.programme.goal_schemas import InterventionOut

_PATHWAYS = text(
    """
    SELECT DISTINCT ON (p.pathway) p.pathway AS id, p.name, CASE WHEN EXISTS (
        SELECT FROM pathway_withdrawals w
        WHERE w.pathway = p.pathway AND coalesce(w.version, p.version) = p.version
    ) THEN 'withdrawn' ELSE 'published' END AS state
    FROM pathways p ORDER BY p.pathway, p.version DESC
    """
)

_PILOTS = text(
    """
    SELECT p.pilot AS id, p.objective AS name, CASE
        WHEN c.decision IS NOT NULL THEN 'concluded: ' || c.decision
        WHEN p.starts_on > :today THEN 'registered'
        WHEN p.ends_on >= :today THEN 'running' ELSE 'ended' END AS state
    FROM pilots p LEFT JOIN pilot_conclusions c USING (pilot)
    """
)

_POLICIES = text(
    """
    SELECT DISTINCT ON (policy) policy AS id, policy AS name,
           CASE WHEN effective_from > now() THEN 'announced' ELSE 'in effect' END AS state
    FROM policies ORDER BY policy, version DESC
    """
)

_HABITS = text("SELECT habit AS id, habit AS name, 'designed' AS state FROM habit_designs")

_QUERIES = {"pathway": _PATHWAYS, "pilot": _PILOTS, "policy": _POLICIES, "habit": _HABITS}

UNKNOWN = "unknown"
"""The state of what nobody has published."""


class Known(NamedTuple):
    objects: Mapping[tuple[str, str], InterventionOut]

    def look_up(self, named: Mapping[str, str | None]) -> InterventionOut:
        """``named``: one of pathway, pilot, policy and habit; others may be null."""
        ((kind, id_),) = [(kind, id_) for kind, id_ in named.items() if id_ is not None]
        return self.objects.get((kind, id_)) or InterventionOut(kind=kind, id=id_, name=None, state=UNKNOWN)


async def resolved(session: AsyncSession, today: date) -> Known:
    """All that may serve a goal."""
    found = {}
    for kind, query in _QUERIES.items():
        asked = {"today": today} if query is _PILOTS else {}
        for row in await session.execute(query, asked):
            found[kind, row.id] = InterventionOut(kind=kind, id=row.id, name=row.name, state=row.state)
    return Known(found)
