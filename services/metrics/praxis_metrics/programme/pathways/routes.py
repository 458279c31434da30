"""``/pathways/{id}/comparison``: whether the cohorts of a pathway came to different outcomes."""

from datetime import date

from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock
from praxis_metrics.calendar import Period
from praxis_metrics.findings import read_finding
from praxis_metrics.programme.pathways.finding import PATHWAY_COMPARISONS
from praxis_metrics.programme.pathways.schemas import ComparisonOut
from praxis_metrics.series import Reporting, as_begun, is_final, snapshot
from praxis_metrics.watermark import watermark
from praxis_people.identifiers import bounded
from praxis_service.auth import Authenticator
from praxis_service.openapi import problems
from praxis_service.parameters import refuse_unknown
from praxis_service.problem import NotFound


def pathway_router(
    sessions: async_sessionmaker[AsyncSession], authenticate: Authenticator, reporting: Reporting, clock: Clock
) -> APIRouter:
    router = APIRouter(prefix="/pathways", tags=["metrics"], dependencies=[Depends(authenticate)])

    @router.get("/{pathway:path}/comparison", responses=problems(404))
    async def comparison(pathway: str, request: Request) -> ComparisonOut:
        """The cohorts of a pathway beside each other, as enrolled, by its published outcome."""
        refuse_unknown(request)
        async with sessions.begin() as session:
            await snapshot(session)
            read = await watermark(session, PATHWAY_COMPARISONS.name)
            body = await read_finding(session, PATHWAY_COMPARISONS, bounded(pathway))
            zone = (await as_begun(session, reporting)).zone
        if body is None:
            raise NotFound(f"There is no pathway {pathway!r} (programme.pathway-published).")
        days = [date.fromisoformat(each["final_on"]) for each in body["cohorts"] if each["final_on"] is not None]
        provisional = read is None or (
            bool(days) and not is_final(Period(min(days), max(days)), zone, reporting.lateness, read)
        )
        return ComparisonOut.model_validate({**body, "watermark": read, "as_of": clock(), "provisional": provisional})

    return router
