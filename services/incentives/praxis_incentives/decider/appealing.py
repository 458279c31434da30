"""Appeals into the decider's tables: those that can count, each decision's first."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts.reviews import DecisionAppealed
from praxis_incentives import appeals
from praxis_incentives.decider import who
from praxis_incentives.decider.facts import Fact
from praxis_incentives.identities import subject_of

_CONTESTED = text(
    """
    SELECT l.policy, l.learner, l.outcome, l.decided_at,
           CAST(convert_from(l.body, 'UTF8')::jsonb ->> 'policy_version' AS integer) AS version,
           NOT EXISTS (SELECT FROM ledger n WHERE n.policy = l.policy AND n.learner = l.learner
                       AND n.ledger_index > l.ledger_index) AS newest
    FROM ledger l WHERE l.decision = :decision
    """
)
_KEEP = text(
    "INSERT INTO appeals (event, decision, policy, version, learner) "
    "VALUES (:event, :decision, :policy, :version, :learner) ON CONFLICT DO NOTHING RETURNING 1"
)

NOT_THEIRS = "Only the learner contests a decision about them."


async def refusal(session: AsyncSession, decision: UUID, by: str, at: datetime) -> str | None:
    """Why an appeal by a subject at a moment cannot count; ``None`` when it can. Of a decision that is there."""
    row = (await session.execute(_CONTESTED, {"decision": decision})).one()
    known = await who.identities(session, [row.learner, by])
    if known.resolve(row.learner) != known.resolve(by):
        return NOT_THEIRS
    return appeals.refusal(row.outcome, row.decided_at, at, newest=row.newest)


async def keep(session: AsyncSession, fact: Fact, data: DecisionAppealed) -> str | None:
    """The learner's name, when the appeal counts."""
    row = (await session.execute(_CONTESTED, {"decision": data.decision})).first()
    if row is None or await refusal(session, data.decision, subject_of(data.by), fact.appended_at) is not None:
        return None
    kept = {"event": fact.event, "decision": data.decision, "policy": row.policy, "version": row.version}
    learner: str = row.learner
    return learner if await session.scalar(_KEEP, kept | {"learner": learner}) else None
