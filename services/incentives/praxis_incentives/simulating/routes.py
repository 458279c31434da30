"""``POST /policies:simulate``: a dry run, which leaves nothing behind."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.contracts.base import canonical
from praxis_events.contracts.programme import PolicyPublished
from praxis_events.contracts.recognition import CriterionResult, ExcludedItem, Result
from praxis_incentives.consistency import Consistency
from praxis_incentives.criteria import in_plain_words
from praxis_incentives.decision import Decision
from praxis_incentives.ledger import as_stated
from praxis_incentives.policies import Policy, read_policy
from praxis_incentives.simulating.simulation import simulate
from praxis_service.access.access import Access
from praxis_service.parameters import refuse_unknown


class Draft(BaseModel):
    """``policy``: the data of the event that would publish it. ``days``: how far back evidence is looked at."""

    policy: PolicyPublished
    days: Annotated[int, Field(ge=1, le=730)] = 90
    limit: Annotated[int, Field(ge=0, le=1_000, description="Cases that are listed; all are counted")] = 200

    model_config = ConfigDict(extra="forbid")


class SimulatedCase(BaseModel):
    """What would have been decided about one learner, with its reasons. ``evidence``: keys of what counts."""

    learner: str
    outcome: Result
    evidence: list[str]
    excluded: list[ExcludedItem]
    criteria: list[CriterionResult]
    what_would_change_it: list[str]
    ring: list[str]


class SimulationAnswer(BaseModel):
    """``outcomes``: learners by outcome. ``cases``: in the order of the learners' names."""

    in_plain_words: list[str]
    since: datetime | None
    until: datetime | None
    outcomes: dict[str, int]
    cases: list[SimulatedCase]
    consistent: bool


class SimulationRoutes:
    def __init__(self, sessions: async_sessionmaker[AsyncSession], consistency: Consistency, access: Access) -> None:
        self._sessions, self._consistency, self._access = sessions, consistency, access

    def router(self) -> APIRouter:
        router = APIRouter(tags=["recognition"])
        router.add_api_route("/policies:simulate", self.simulate, methods=["POST"], summary="Try a draft of a policy")
        return router

    async def simulate(self, request: Request, body: Draft) -> SimulationAnswer:
        """Decide on the evidence of the last days by a draft, as if nothing had been granted. Nothing is kept."""
        principal = await self._access.authenticate(request)
        refuse_unknown(request)
        draft = read_policy(msgspec.json.encode(canonical(body.policy)))
        found = await self._consistency.in_one_generation(lambda: self._read(draft, body))
        if found.cases:
            await self._access.audit.note(
                principal.key, "record-read", request.url.path, [each.learner for each in found.cases]
            )
        return found

    async def _read(self, draft: Policy, body: Draft) -> SimulationAnswer:
        freshness = await self._consistency.wait()
        async with self._sessions() as session:
            found = await simulate(session, draft, body.days, body.limit)
        return SimulationAnswer(
            in_plain_words=in_plain_words(draft.criteria),
            since=found.since,
            until=found.until,
            outcomes=dict(sorted(found.outcomes.items())),
            cases=[_case(each) for each in found.decisions],
            consistent=freshness.consistent,
        )


def _case(decision: Decision) -> SimulatedCase:
    criteria, excluded = as_stated(decision)
    return SimulatedCase(
        learner=decision.learner,
        outcome=decision.outcome,
        evidence=list(decision.evidence),
        excluded=excluded,
        criteria=criteria,
        what_would_change_it=list(decision.what_would_change_it),
        ring=list(decision.ring),
    )
