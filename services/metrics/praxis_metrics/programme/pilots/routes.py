"""``/pilots``: what was tried, and what it has shown."""

from datetime import date

from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock
from praxis_metrics.calendar import Period
from praxis_metrics.findings import read_finding, read_findings
from praxis_metrics.programme.pilots.finding import PILOTS
from praxis_metrics.programme.pilots.schemas import PilotOut, PilotsOut, PilotSummary
from praxis_metrics.series import Reporting, as_begun, is_final, snapshot
from praxis_metrics.watermark import watermark
from praxis_people.identifiers import bounded
from praxis_service.auth import Authenticator
from praxis_service.openapi import problems
from praxis_service.parameters import refuse_unknown
from praxis_service.problem import NotFound


def pilot_router(
    sessions: async_sessionmaker[AsyncSession], authenticate: Authenticator, reporting: Reporting, clock: Clock
) -> APIRouter:
    router = APIRouter(prefix="/pilots", tags=["metrics"], dependencies=[Depends(authenticate)])

    @router.get("")
    async def pilots(request: Request) -> PilotsOut:
        """Every pilot with its state, its verdict and what was decided."""
        refuse_unknown(request)
        async with sessions.begin() as session:
            await snapshot(session)
            read, found = await watermark(session, PILOTS.name), await read_findings(session, PILOTS)
        return PilotsOut(
            watermark=read, as_of=clock(), pilots=[PilotSummary.model_validate(body) for body in found.values()]
        )

    @router.get("/{pilot:path}", responses=problems(404))
    async def pilot(pilot: str, request: Request) -> PilotOut:
        """One pilot with its groups, each metric's difference in differences, and the reasons of its verdict."""
        refuse_unknown(request)
        async with sessions.begin() as session:
            await snapshot(session)
            read, body = await watermark(session, PILOTS.name), await read_finding(session, PILOTS, bounded(pilot))
            zone = (await as_begun(session, reporting)).zone
        if body is None:
            raise NotFound(f"There is no pilot {pilot!r}; GET /pilots lists them.")
        days = Period(*(date.fromisoformat(body[name]) for name in ("starts_on", "final_on")))
        provisional = not is_final(days, zone, reporting.lateness, read)
        return PilotOut.model_validate({**body, "watermark": read, "as_of": clock(), "provisional": provisional})

    return router
