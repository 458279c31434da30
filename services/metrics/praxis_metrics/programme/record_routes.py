"""``/people/{person_id}/record``: one learner's own record, for themselves and whoever leads them."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.clock import Clock
from praxis_metrics.calendar import local_day
from praxis_metrics.programme.freshness import DirectoryRead
from praxis_metrics.programme.record import is_known, record
from praxis_metrics.programme.record_schemas import RecordOut
from praxis_metrics.programme.viewing import may_read, own_persons
from praxis_metrics.reporting_zone import reporting_zone
from praxis_metrics.series import Reporting, snapshot
from praxis_metrics.watermark import watermark
from praxis_service.access.access import Access
from praxis_service.access.table import Data
from praxis_service.auth import Principal
from praxis_service.database import ServiceDatabase
from praxis_service.parameters import refuse_unknown
from praxis_service.problem import Forbidden, NotFound

NO_KPI = "record"
"""A record is made of people's own rows: no cells that are due to be published hold up its watermark."""

PersonId = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00]+$", description="A `person_id`.")]


def record_router(
    database: ServiceDatabase, access: Access, reporting: Reporting, clock: Clock, directory: DirectoryRead
) -> APIRouter:
    router = APIRouter(tags=["metrics"])

    @router.get("/people/{person_id}/record")
    async def person_record(request: Request, person_id: PersonId) -> RecordOut:
        """Skills held and missing, evidence, tasks, completions, hours, enrolments, habits and goals of one person.

        With `own/read`: one's own, and those of everybody who reports to one now.
        """
        principal = await access.authenticate(request)
        refuse_unknown(request)
        if principal.shows is Data.SUBTREE:
            await directory.wait()
        found, own = await database.in_one_generation(lambda: _seen(principal, person_id))
        if person_id not in own:
            await access.audit.note(principal.key, "record-read", "/people/record", [f"person:{person_id}"])
        return found

    async def _seen(principal: Principal, person_id: str) -> tuple[RecordOut, frozenset[str]]:
        async with database.sessions.begin() as session:
            await snapshot(session)
            own = await own_persons(session, principal)
            return await _read(session, principal, own, person_id), own

    async def _read(session: AsyncSession, principal: Principal, own: frozenset[str], person_id: str) -> RecordOut:
        now = clock()
        if not await is_known(session, person_id):
            raise NotFound(f"Nobody is known as {person_id!r}.")
        if not await may_read(session, principal, own, person_id, now):
            raise Forbidden("The credential may see the records of its own person and their reports only.")
        zone = await reporting_zone(session) or reporting.zone
        body = await record(session, person_id, local_day(now, zone))
        mark = await watermark(session, NO_KPI)
        return RecordOut.model_validate({**body, "time_zone": zone.key, "watermark": mark, "as_of": now})

    return router
