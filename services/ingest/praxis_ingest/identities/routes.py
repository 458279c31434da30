"""``GET /identities/unmatched``: identifiers that are no person's, for whoever keeps the directory."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from praxis_ingest.consistency import CaughtUp
from praxis_ingest.identities.reading import IdentityReader, State, Unresolved
from praxis_people.identifiers import shown
from praxis_service.access.access import Access
from praxis_service.database import ServiceDatabase
from praxis_service.parameters import refuse_unknown
from praxis_service.problem import BadRequest, FieldError

PATH = "/identities/unmatched"
STATES: tuple[State, ...] = ("unmatched", "quarantined", "shared")

Limit = Annotated[int, Query(ge=1, le=500, description="Identifiers a page, at most")]
After = Annotated[str | None, Query(min_length=1, max_length=2_000, description="`next` of the page before")]


class IdentifierView(BaseModel):
    """``identifier`` as xAPI writes it, to be linked by an event; null for one that is too long to be kept."""

    key: str
    identifier: dict[str, Any] | None
    state: State
    claimants: list[str]
    statements: int
    events: int
    first_seen: datetime | None
    last_seen: datetime | None


class IdentifierPage(BaseModel):
    """``consistent``: everything that the log had acknowledged when the request came is in it."""

    identifiers: list[IdentifierView]
    next: str | None
    consistent: bool


class IdentityRoutes:
    def __init__(self, database: ServiceDatabase, reader: IdentityReader, caught_up: CaughtUp, access: Access) -> None:
        self._database, self._reader, self._caught_up, self._access = database, reader, caught_up, access

    def router(self) -> APIRouter:
        router = APIRouter(tags=["identities"])
        router.add_api_route(PATH, self.page, methods=["GET"], summary="Identifiers that are no person's, and why")
        return router

    async def page(
        self, request: Request, state: State | None = None, limit: Limit = 100, after: After = None
    ) -> IdentifierPage:
        """`unmatched`: no person claims it. `quarantined`: two or more do, and it is none's until all but one give it
        up. `shared`: it is linked to `urn:praxis:shared`, and so nobody's whoever else claims it.

        Seen in statements (actor, object, instructor, team, in a sub-statement too; not as the authority, and a
        group's own identifier is nobody's) and in events. An address and its hashes are one when they are claimed.
        """
        principal = await self._access.authenticate(request)
        refuse_unknown(request, "state", "limit", "after")
        states = STATES if state is None else (state,)
        place = _decoded(after) if after else ""

        async def read() -> IdentifierPage:
            consistent = await self._caught_up.wait()
            found, more = await self._reader.page(states, place, limit)
            views = [_view(each) for each in found]
            return IdentifierPage(identifiers=views, next=_encoded(more) if more else None, consistent=consistent)

        answer = await self._database.in_one_generation(read)
        await self._access.audit.note(principal.key, "record-read", PATH)
        return answer


def _view(found: Unresolved) -> IdentifierView:
    return IdentifierView(
        key=found.key,
        identifier=shown(found.key),
        state=found.state,
        claimants=list(found.claimants),
        statements=found.statements,
        events=found.events,
        first_seen=found.first_seen,
        last_seen=found.last_seen,
    )


def _encoded(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _decoded(word: str) -> str:
    try:
        key = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        key = "\0"
    if "\0" in key:
        raise BadRequest("Bad query parameter 'after'.", [FieldError("is no `next` of a page", parameter="after")])
    return key
