"""``GET /decisions`` and ``GET /decisions/{id}``: what was decided, why, and what would change it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from praxis_events.clock import Clock
from praxis_events.contracts.recognition import Result
from praxis_incentives.consistency import DECIDER, Consistency, Followed
from praxis_incentives.decisions.reading import DecisionFilter, DecisionReader
from praxis_incentives.decisions.views import DecisionPage, DecisionView
from praxis_incentives.decisions.visibility import Viewer
from praxis_incentives.identities import subjects_of
from praxis_incentives.reporting import Reporting
from praxis_service.access.access import Access
from praxis_service.access.table import Data
from praxis_service.auth import Principal
from praxis_service.parameters import Text, refuse_unknown
from praxis_service.problem import NotFound

REPORTING: Followed = Reporting()
LARGEST_INDEX = 2**63 - 1

Limit = Annotated[int, Query(ge=1, le=200, description="Decisions a page")]
After = Annotated[int | None, Query(ge=0, le=LARGEST_INDEX, description="`next` of the page before")]
Learner = Annotated[Text | None, Query(description="A `person_id`, a `mailto:` IRI, or an identifier's key")]


class DecisionRoutes:
    def __init__(self, reader: DecisionReader, consistency: Consistency, access: Access, clock: Clock) -> None:
        self._reader, self._consistency, self._access, self._clock = reader, consistency, access, clock

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
        """Sees what was acknowledged before the request, or says with `consistent: false` that it may not.

        With `own/read`: one's own decisions, and those of everybody who reports to one now.
        """
        principal = await self._access.authenticate(request)
        refuse_unknown(request, "learner", "outcome", "policy", "limit", "after")
        wanted = DecisionFilter(learner, self._viewer(principal), outcome, policy, after, limit)
        found = await self._consistency.in_one_generation(lambda: self._read(wanted))
        if found.decisions:
            await self._note(principal, "/decisions", *(each.learner for each in found.decisions))
        return found

    async def _read(self, wanted: DecisionFilter) -> DecisionPage:
        freshness = await self._consistency.wait(*_followed(wanted.viewer))
        found, more = await self._reader.page(wanted)
        return DecisionPage(decisions=found, next=more, consistent=freshness.consistent, watermark=freshness.watermark)

    async def one(self, request: Request, decision: UUID) -> DecisionView:
        """One decision with its reasons: each criterion met or not, each item left out and why."""
        principal = await self._access.authenticate(request)
        refuse_unknown(request)
        viewer = self._viewer(principal)
        found = await self._reader.by_id(decision, viewer and viewer.alone)
        if found is None:
            found = await self._consistency.in_one_generation(lambda: self._awaited(decision, viewer))
        await self._note(principal, str(decision), found.learner)
        return found

    async def _note(self, principal: Principal, object_: str, *learners: str) -> None:
        """Not of what somebody reads about themselves."""
        viewer = self._viewer(principal)
        others = learners if viewer is None else await self._reader.others(learners, viewer)
        if others:
            await self._access.audit.note(principal.key, "record-read", object_, others)

    async def _awaited(self, decision: UUID, viewer: Viewer | None) -> DecisionView:
        """A manager always waits for a report's: who has left since is not shown any more."""
        await self._consistency.wait(*_followed(viewer))
        found = await self._reader.by_id(decision, viewer)
        if found is None:
            raise NotFound(f"There is no decision {decision}.")
        return found

    def _viewer(self, principal: Principal) -> Viewer | None:
        """``None`` for whoever may see everybody's."""
        if principal.shows is Data.ALL:
            return None
        return Viewer(subjects_of(principal), self._clock() if principal.shows is Data.SUBTREE else None)


def _followed(viewer: Viewer | None) -> tuple[Followed, ...]:
    return (DECIDER,) if viewer is None or viewer.team_at is None else (DECIDER, REPORTING)
