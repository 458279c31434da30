"""``/kpis``: the catalogue of definitions, and each KPI as a series."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from praxis_metrics.answering import Answers
from praxis_metrics.asking import kpi_named
from praxis_metrics.csv_export import MEDIA_TYPE, as_csv
from praxis_metrics.kpis import KPIS
from praxis_metrics.schemas import Catalogue, KpiOut, SeriesOut, SeriesQuery
from praxis_service.accepting import prefers
from praxis_service.auth import Authenticator

JSON = "application/json"
_VARY = {"Vary": "Accept"}


def kpi_router(answers: Answers, authenticate: Authenticator) -> APIRouter:
    router = APIRouter(prefix="/kpis", tags=["metrics"], dependencies=[Depends(authenticate)])

    @router.get("", response_model=Catalogue)
    async def catalogue() -> Catalogue:
        """Every KPI with its definition, in words and with its version, and its stage."""
        return Catalogue(kpis=[KpiOut.of(kpi) for kpi in KPIS.values()])

    @router.get("/{kpi}", response_model=SeriesOut, responses={200: {"content": {MEDIA_TYPE: {}}}})
    async def kpi_series(kpi: str, query: Annotated[SeriesQuery, Query()], request: Request) -> Response:
        """A KPI over the whole periods that hold ``from`` to ``to``; as CSV where ``format`` or Accept says so."""
        definition = kpi_named(kpi)
        answer = await answers.series(definition, query)
        accepted = "csv" if prefers(request.headers.get("accept", ""), MEDIA_TYPE) else "json"
        if (query.format or accepted) == "csv":
            return Response(as_csv(answer, definition.definition), media_type=MEDIA_TYPE, headers=_VARY)
        # Written by the model itself, and not looked at again by the framework: it has just been made here.
        return Response(answer.model_dump_json(), media_type=JSON, headers=_VARY)

    return router
