"""What was decided in a quarter, without who decided it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.programme.reports.schemas import DecisionOut

_DECISIONS = text(
    """
    SELECT * FROM (
        SELECT day AS "on", 'pilot-concluded' AS kind, pilot AS id, decision FROM pilot_conclusions
        UNION ALL
        SELECT concluded_on, 'step-concluded', step, CASE WHEN met THEN 'met' ELSE 'not met' END FROM step_conclusions
        UNION ALL
        SELECT day, 'standard-set', standard, value #>> '{}' FROM standards
        UNION ALL
        SELECT day, 'policy-published', policy, 'version ' || version FROM policies
    ) decisions
    WHERE "on" BETWEEN :first AND :last ORDER BY "on", kind, id
    """
)


async def decisions_of(session: AsyncSession, quarter: Period) -> list[DecisionOut]:
    """The first first. A policy is told on the day from which it holds."""
    rows = await session.execute(_DECISIONS, quarter._asdict())
    return [DecisionOut(on=row.on, kind=row.kind, id=row.id, decision=row.decision) for row in rows]
