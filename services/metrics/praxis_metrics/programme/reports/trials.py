"""What was found of pilots and pathways (``findings``), as far as it is told in a report: no person, no free text."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.programme.reports.schemas import TrialOut

_PILOTS = text(
    """
    SELECT p.pilot AS id, f.body FROM pilots p LEFT JOIN findings f ON f.kind = 'pilots' AND f.id = p.pilot
    WHERE p.starts_on <= :last AND p.ends_on >= :first ORDER BY p.pilot
    """
)

_PATHWAYS = text(
    """
    SELECT p.pathway AS id, f.body FROM (SELECT DISTINCT pathway FROM pathways) p
    LEFT JOIN findings f ON f.kind = 'pathway-comparisons' AND f.id = p.pathway ORDER BY p.pathway
    """
)


async def pilots_of(session: AsyncSession, quarter: Period) -> list[TrialOut]:
    """Those that ran on a day of the quarter."""
    return [_trial(row.id, row.body) for row in await session.execute(_PILOTS, quarter._asdict())]


async def pathways_of(session: AsyncSession) -> list[TrialOut]:
    return [_trial(row.id, row.body) for row in await session.execute(_PATHWAYS)]


def _trial(id_: str, body: Mapping[str, Any] | None) -> TrialOut:
    found = body or {}
    verdict = found.get("verdict", found.get("result"))
    return TrialOut(id=id_, verdict=verdict, recommendation=found.get("recommendation"))
