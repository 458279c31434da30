"""A draft on the evidence of the last days, each learner as if nothing had been granted before."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_incentives.cases import Case
from praxis_incentives.decider import who
from praxis_incentives.decider.desk import Desk
from praxis_incentives.decider.projection import chunks
from praxis_incentives.decision import Decision, decide
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy

_NOW = text("SELECT at FROM log_time")
_LEARNERS = text(
    "SELECT DISTINCT learner FROM evidence WHERE skill = ANY(CAST(:skills AS text[])) AND occurred_at >= :since"
)


@dataclass(slots=True)
class Simulation:
    """``since`` and ``until``: between which the evidence occurred; ``None`` when there is nothing on the log.
    ``decisions``: the first ones, by learner."""

    since: datetime | None = None
    until: datetime | None = None
    outcomes: Counter[str] = field(default_factory=Counter)
    decisions: list[Decision] = field(default_factory=list)


async def simulate(session: AsyncSession, draft: Policy, days: int, most: int) -> Simulation:
    """At most ``most`` decisions are kept; all are counted."""
    now = await session.scalar(_NOW)
    if now is None:
        return Simulation()
    since = now - timedelta(days=days)
    found = Simulation(since, now)
    named = list(await session.scalars(_LEARNERS, {"skills": draft.published.skills, "since": since}))
    known = await who.identities(session, named)
    for chunk in chunks({known.resolve(each) for each in named}):
        desk = await Desk.load(session, chunk)
        for learner in chunk:
            items = _looked_at(draft, desk.evidence_of(learner), since, now)
            decision = decide(draft, Case(learner, place=len(found.decisions)), items, now)
            found.outcomes[decision.outcome] += 1
            if len(found.decisions) < most:
                found.decisions.append(decision)
    return found


def _looked_at(draft: Policy, items: Iterable[Evidence], since: datetime, until: datetime) -> Sequence[Evidence]:
    skills = draft.published.skills
    return [each for each in items if each.skill in skills and since <= each.occurred_at <= until]
