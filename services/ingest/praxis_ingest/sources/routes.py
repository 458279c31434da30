"""``GET /sources``: feed health, as JSON or, for a browser, as a page."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from praxis_ingest.sources.keeping import Keeper
from praxis_ingest.sources.store import Feed
from praxis_service.access.access import Access
from praxis_service.pages import Pages, signed_in, wants_page
from praxis_service.parameters import refuse_unknown

_PAGES = Pages("praxis_ingest")
_VARY = {"Vary": "Accept"}
_RESPONSES: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}


class FaultView(BaseModel):
    """Where the fault is, and why it is one. ``*`` and ``…`` stand for what only the sender knows."""

    reason: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class RefusalView(BaseModel):
    at: datetime
    status: int
    errors: list[FaultView]


class SourceView(BaseModel):
    """``accepted`` is without ``duplicates``. ``refusals``: the last ten, newest first."""

    credential: str
    source: str
    last_event_at: datetime | None
    accepted: int
    duplicates: int
    refused: int
    last_refusal_at: datetime | None
    refusals: list[RefusalView]


class Sources(BaseModel):
    sources: list[SourceView]


class SourceRoutes:
    def __init__(self, keeper: Keeper, access: Access) -> None:
        self._keeper, self._access = keeper, access

    def router(self) -> APIRouter:
        router = APIRouter(tags=["sources"])
        router.add_api_route(
            "/sources",
            self.sources,
            methods=["GET"],
            summary="Feed health",
            response_model=Sources,
            response_model_exclude_unset=True,
            responses=_RESPONSES,
        )
        return router

    async def sources(self, request: Request, response: Response) -> Sources | Response:
        """What each source has sent under which credential: when last, how many were accepted, how many of them known
        before, how many refused and, of the last, why. The sum over all replicas; what others counted in the last
        second may be missing.

        Events are counted one by one, under their `source`; a statement is one of `/xapi/statements`, a write by SCIM
        one of `/scim/v2`. A request that is refused as a whole is one refusal, of the door if it names no source.
        Send `Accept: text/html` for a page.
        """
        principal = await signed_in(self._access.authenticate, request)
        refuse_unknown(request)
        sources = [_view(feed) for feed in await self._keeper.feeds()]
        if wants_page(request):
            return _PAGES.answer(request, principal, "sources.html", headers=_VARY, sources=sources)
        response.headers.update(_VARY)
        return Sources(sources=sources)


def _view(feed: Feed) -> SourceView:
    return SourceView(
        credential=feed.credential,
        source=feed.source,
        last_event_at=feed.last_event_at,
        accepted=feed.accepted,
        duplicates=feed.duplicates,
        refused=feed.refused,
        last_refusal_at=feed.last_refusal_at,
        refusals=[RefusalView.model_validate(each) for each in feed.refusals],
    )
