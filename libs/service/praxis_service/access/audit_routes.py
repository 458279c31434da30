"""``GET /audit``: the audit log, newest first."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_events.times import parse_time
from praxis_people.forgetting.who import asked_key
from praxis_service.access import audit
from praxis_service.access.audit import Act, Audit, AuditFilter
from praxis_service.auth import Authenticator

LARGEST = 2**63 - 1


def _moment(text: str) -> datetime:
    try:
        return parse_time(text)
    except OverflowError:
        raise ValueError("lies beyond what calendars have") from None


Moment = Annotated[datetime, BeforeValidator(_moment)]
Storable = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]+$")]


class AuditQuery(BaseModel):
    """``person``: a ``person_id``, a ``mailto:`` IRI, or an identifier's key."""

    actor: Storable | None = None
    act: Act | None = None
    person: Storable | None = None
    since: Moment | None = None
    until: Moment | None = None
    before: int | None = Field(default=None, ge=0, le=LARGEST, description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)

    model_config = ConfigDict(extra="forbid")

    def as_filter(self) -> AuditFilter:
        return AuditFilter(**self.model_dump() | {"person": self.person and subject_of(self.person)})


class EntryOut(BaseModel):
    entry: int
    at: datetime
    actor: str
    act: str
    object: str | None
    person: str | None


class AuditPage(BaseModel):
    entries: list[EntryOut]
    next: int | None


def subject_of(person: str) -> str:
    """How a person's record is named in the log."""
    return person if person.startswith("person:") else asked_key(person) or f"person:{person}"


def audit_router(engine: AsyncEngine, authenticate: Authenticator, log: Audit) -> APIRouter:
    """``engine`` reaches the schema ``access``."""
    router = APIRouter(tags=["access"])

    @router.get("/audit", summary="Who did what, and who read whose record")
    async def page(request: Request, query: Annotated[AuditQuery, Query()]) -> AuditPage:
        """Newest first; an entry is there about a second after what it is about. Reading is noted too."""
        principal = await authenticate(request)
        found, more = await audit.read(engine, query.as_filter())
        await log.note(principal.key, "audit-read")
        shown = [EntryOut.model_validate(entry, from_attributes=True) for entry in found]
        return AuditPage(entries=shown, next=more)

    return router
