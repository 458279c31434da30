"""``/cases`` and ``/proposals``: what waits for a person, and what they do about it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from praxis_events.contracts.base import Account, Name, PersonRef
from praxis_events.envelope import Event
from praxis_incentives.cases import Act
from praxis_incentives.casework.acting import Casework
from praxis_incentives.casework.views import CasePage
from praxis_incentives.consistency import Consistency
from praxis_incentives.decisions.reading import DecisionReader
from praxis_incentives.decisions.views import DecisionView
from praxis_incentives.identities import CREDENTIALS
from praxis_service.access import audit
from praxis_service.access.access import Access
from praxis_service.auth import Principal
from praxis_service.openapi import problems
from praxis_service.parameters import refuse_unknown
from praxis_service.problem import Forbidden

NOTED: dict[Act, audit.Act] = {
    "released": "review-released",
    "upheld": "review-upheld",
    "approved": "review-approved",
    "declined": "review-declined",
}

Put = Callable[[UUID, PersonRef, str, str], Awaitable[Event]]
"""Puts an act onto the log: about which decision, by whom, why, and the credential's key."""

Limit = Annotated[int, Query(ge=1, le=200, description="Cases a page")]
After = Annotated[UUID | None, Query(description="`next` of the page before")]


class WhatAndWhy(BaseModel):
    """``by``: who decides, when that is not the credential's own person; it needs the scope ``act-as``."""

    reason: Name
    by: PersonRef | None = None

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "The alias was somebody else's: I asked both."}]}
    )


class ActAnswer(BaseModel):
    """``review`` is the act's key, ``decisions`` what it has led to; empty while ``consistent`` is false."""

    review: UUID
    decisions: list[DecisionView]
    consistent: bool = Field(description="Everything acknowledged before the answer, the act too, has been judged.")


class CaseRoutes:
    def __init__(self, casework: Casework, reader: DecisionReader, consistency: Consistency, access: Access) -> None:
        self._casework, self._reader = casework, reader
        self._consistency, self._access = consistency, access

    def router(self) -> APIRouter:
        router = APIRouter(tags=["recognition"])
        router.add_api_route("/cases", self.cases, methods=["GET"], summary="Cases that are held")
        router.add_api_route("/proposals", self.proposals, methods=["GET"], summary="Proposals that wait")
        for path, act, said in (
            ("/cases/{decision}/release", self.release, "Give what is held"),
            ("/cases/{decision}/uphold", self.uphold, "Do not give it"),
            ("/proposals/{decision}/approve", self.approve, "Approve"),
            ("/proposals/{decision}/decline", self.decline, "Decline"),
        ):
            router.add_api_route(path, act, methods=["POST"], summary=said, responses=problems(409))
        router.add_api_route(
            "/decisions/{decision}/appeal",
            self.appeal,
            methods=["POST"],
            summary="Contest what was refused or revoked",
            responses=problems(409),
        )
        return router

    async def cases(
        self, request: Request, state: Literal["held"] = "held", limit: Limit = 50, after: After = None
    ) -> CasePage:
        refuse_unknown(request, "state", "limit", "after")
        return await self._page(request, state, limit, after)

    async def proposals(self, request: Request, limit: Limit = 50, after: After = None) -> CasePage:
        refuse_unknown(request, "limit", "after")
        return await self._page(request, "proposed", limit, after)

    async def release(self, request: Request, decision: UUID, body: WhatAndWhy) -> ActAnswer:
        """The case is given after all, with a reason, by somebody whom it does not benefit."""
        return await self._act(request, decision, "released", body)

    async def uphold(self, request: Request, decision: UUID, body: WhatAndWhy) -> ActAnswer:
        return await self._act(request, decision, "upheld", body)

    async def approve(self, request: Request, decision: UUID, body: WhatAndWhy) -> ActAnswer:
        return await self._act(request, decision, "approved", body)

    async def decline(self, request: Request, decision: UUID, body: WhatAndWhy) -> ActAnswer:
        return await self._act(request, decision, "declined", body)

    async def appeal(self, request: Request, decision: UUID, body: WhatAndWhy) -> ActAnswer:
        """Within 30 days, by the learner: the case is held, and a person who is not the learner decides about it."""
        return await self._done(request, decision, body, "decision-appealed", self._casework.appeal)

    async def _page(
        self, request: Request, state: Literal["held", "proposed"], limit: int, after: UUID | None
    ) -> CasePage:
        principal = await self._access.authenticate(request)
        found = await self._consistency.in_one_generation(lambda: self._read(state, limit, after))
        if found.cases:
            learners = sorted({who for each in found.cases for who in each.people})
            await self._access.audit.note(principal.key, "record-read", request.url.path, learners)
        return found

    async def _read(self, state: Literal["held", "proposed"], limit: int, after: UUID | None) -> CasePage:
        freshness = await self._consistency.wait()
        found = await self._casework.waiting(state, after, limit + 1)
        views = await self._casework.with_rings(await self._views(found[:limit]))
        return CasePage(
            cases=views, next=found[limit - 1] if len(found) > limit else None, consistent=freshness.consistent
        )

    async def _act(self, request: Request, decision: UUID, act: Act, body: WhatAndWhy) -> ActAnswer:
        async def put(decision: UUID, by: PersonRef, reason: str, principal: str) -> Event:
            return await self._casework.act(decision, act, by, reason, principal)

        return await self._done(request, decision, body, NOTED[act], put)

    async def _done(self, request: Request, decision: UUID, body: WhatAndWhy, noted: audit.Act, put: Put) -> ActAnswer:
        principal = await self._access.authenticate(request)
        refuse_unknown(request)
        await self._consistency.wait()
        event = await put(decision, _who(principal, body.by), body.reason, principal.key)
        await self._access.audit.note(principal.key, noted, str(decision))
        freshness = await self._consistency.wait()
        followed = await self._views(await self._casework.followed(decision, event))
        return ActAnswer(review=event.key, decisions=followed, consistent=freshness.consistent)

    async def _views(self, decisions: list[UUID]) -> list[DecisionView]:
        found = [await self._reader.by_id(each) for each in decisions]
        return [each for each in found if each is not None]


def _who(principal: Principal, named: PersonRef | None) -> PersonRef:
    """The credential's own person, or somebody else for whom it may speak."""
    if named is None:
        return principal.person or PersonRef(account=Account(home_page=CREDENTIALS, name=principal.key))
    if not (principal.may("act-as") or principal.is_person(named)):
        raise Forbidden("Deciding for another person needs the scope 'act-as'.")
    return named
