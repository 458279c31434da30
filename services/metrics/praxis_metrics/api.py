"""``/kpis``: the catalogue of definitions, and each KPI as a series."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.responses import Response

from praxis_events.clock import Clock
from praxis_metrics.asking import asked_periods, asked_slice, compared
from praxis_metrics.calendar import local_day
from praxis_metrics.csv_export import MEDIA_TYPE, as_csv
from praxis_metrics.kpis import KPIS
from praxis_metrics.schemas import Catalogue, ComparisonOut, KpiOut, SeriesOut, SeriesQuery
from praxis_metrics.series import Reporting, series, snapshot
from praxis_service.accepting import prefers
from praxis_service.auth import Authenticator
from praxis_service.problem import NotFound

_VARY = {"Vary": "Accept"}


def kpi_router(
    sessions: async_sessionmaker[AsyncSession], authenticate: Authenticator, reporting: Reporting, clock: Clock
) -> APIRouter:
    router = APIRouter(prefix="/kpis", tags=["metrics"], dependencies=[Depends(authenticate)])

    @router.get("", response_model=Catalogue)
    async def catalogue() -> Catalogue:
        """Every KPI with its definition, in words and with its version, and its stage."""
        return Catalogue(kpis=[KpiOut.of(kpi) for kpi in KPIS.values()])

    @router.get("/{kpi}", response_model=SeriesOut, responses={200: {"content": {MEDIA_TYPE: {}}}})
    async def kpi_series(
        kpi: str, query: Annotated[SeriesQuery, Query()], request: Request, response: Response
    ) -> Response | SeriesOut:
        """A KPI over the whole periods that hold ``from`` to ``to``; as CSV where Accept prefers it."""
        definition = KPIS.get(kpi)
        if definition is None:
            raise NotFound(f"There is no KPI {kpi!r}; GET /kpis lists them.")
        asked, of = asked_periods(query, local_day(clock(), reporting.zone)), asked_slice(query, definition)
        beside = compared(query, definition, asked, of)
        async with sessions.begin() as session:
            await snapshot(session)
            found = await series(session, definition, query.grain, asked, reporting, of)
            other = beside and await series(session, definition, query.grain, beside[0], reporting, beside[1])
        comparison = None if other is None else ComparisonOut.of(query.compare or "", other)
        answer = SeriesOut.of(found, query.grain, clock(), comparison)
        if prefers(request.headers.get("accept", ""), MEDIA_TYPE):
            return Response(as_csv(answer, definition.definition), media_type=MEDIA_TYPE, headers=_VARY)
        response.headers.update(_VARY)
        return answer

    return router
