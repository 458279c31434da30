"""``GET /decisions`` and ``GET /decisions/{id}``: what was decided, why, and what would change it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from praxis_events.contracts.recognition import Result
from praxis_incentives.consistency import DeciderConsistency
from praxis_incentives.decisions.reading import DecisionFilter, DecisionReader
from praxis_incentives.decisions.views import DecisionPage, DecisionView
from praxis_incentives.identities import subjects_of
from praxis_service.access.access import Access
from praxis_service.access.table import Data
from praxis_service.auth import Principal
from praxis_service.parameters import Text, refuse_unknown
from praxis_service.problem import NotFound

LARGEST_INDEX = 2**63 - 1

Limit = Annotated[int, Query(ge=1, le=200, description="Decisions a page")]
After = Annotated[int | None, Query(ge=0, le=LARGEST_INDEX, description="`next` of the page before")]
Learner = Annotated[Text | None, Query(description="A `person_id`, a `mailto:` IRI, or an identifier's key")]


class DecisionRoutes:
    def __init__(self, reader: DecisionReader, consistency: DeciderConsistency, access: Access) -> None:
        self._reader, self._consistency, self._access = reader, consistency, access

    def router(self) -> APIRouter:
        router = APIRouter(tags=["recognition"])
        router.add_api_route("/decisions", self.page, methods=["GET"], summary="Decisions, newest first")
        router.add_api_route("/decisions/{decision}", self.one, methods=["GET"], summary="One decision")
        return router

    async def page(
        self,
        request: Request,
        learner: Learner = None,
        outcome: Result | None = None,
        policy: Text | None = None,
        limit: Limit = 50,
        after: After = None,
    ) -> DecisionPage:
        """Sees what was acknowledged before the request, or says with `consistent: false` that it may not."""
        principal = await self._access.authenticate(request)
        refuse_unknown(request, "learner", "outcome", "policy", "limit", "after")
        wanted = DecisionFilter(learner, _own(principal), outcome, policy, after, limit)
        found = await self._consistency.in_one_generation(lambda: self._read(wanted))
        if found.decisions:
            await self._note(principal, "/decisions", *(each.learner for each in found.decisions))
        return found

    async def _read(self, wanted: DecisionFilter) -> DecisionPage:
        freshness = await self._consistency.wait()
        found, more = await self._reader.page(wanted)
        return DecisionPage(decisions=found, next=more, consistent=freshness.consistent, watermark=freshness.watermark)

    async def one(self, request: Request, decision: UUID) -> DecisionView:
        """One decision with its reasons: each criterion met or not, each item left out and why."""
        principal = await self._access.authenticate(request)
        refuse_unknown(request)
        own = _own(principal)
        found = await self._reader.by_id(decision, own)
        if found is None:
            found = await self._consistency.in_one_generation(lambda: self._awaited(decision, own))
        await self._note(principal, str(decision), found.learner)
        return found

    async def _note(self, principal: Principal, object_: str, *learners: str) -> None:
        """Not of somebody who reads about themselves."""
        if principal.shows is Data.ALL:
            await self._access.audit.note(principal.key, "record-read", object_, learners)

    async def _awaited(self, decision: UUID, own: frozenset[str] | None) -> DecisionView:
        await self._consistency.wait()
        found = await self._reader.by_id(decision, own)
        if found is None:
            raise NotFound(f"There is no decision {decision}.")
        return found


def _own(principal: Principal) -> frozenset[str] | None:
    """The names of the caller's own person, when they may see no others' decisions."""
    return None if principal.shows is Data.ALL else subjects_of(principal)
