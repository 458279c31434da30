"""``/kpis``: the catalogue of definitions, and each KPI as a series."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.responses import Response

from praxis_events.clock import Clock
from praxis_metrics.calendar import Grain, Period, latest, local_day, periods
from praxis_metrics.csv_export import MEDIA_TYPE, as_csv
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.schemas import Catalogue, KpiOut, SeriesOut, SeriesQuery
from praxis_metrics.series import Reporting, series
from praxis_service.accepting import prefers
from praxis_service.auth import Authenticator
from praxis_service.problem import BadRequest, FieldError, NotFound

BY_DEFAULT = {Grain.DAY: 30, Grain.WEEK: 13, Grain.MONTH: 12, Grain.QUARTER: 8}
"""Periods answered when ``from`` is left out."""

MOST_PERIODS = 1_200
"""In one answer: more than three years of days."""

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
        async with sessions.begin() as session:
            found = await series(session, definition, query.grain, asked, reporting, of)
        answer = SeriesOut.of(found, query.grain, clock())
        if prefers(request.headers.get("accept", ""), MEDIA_TYPE):
            return Response(as_csv(answer, definition.definition), media_type=MEDIA_TYPE, headers=_VARY)
        response.headers.update(_VARY)
        return answer

    return router


def asked_periods(query: SeriesQuery, today: date) -> list[Period]:
    """The periods that a query means. Raises ``BadRequest`` when they end before they begin, or are too many."""
    last = query.last or max(today, query.first or today)
    first = query.first or latest(last, query.grain, BY_DEFAULT[query.grain])
    if first > last:
        raise BadRequest("The series ends before it begins.", [FieldError("'from' is after 'to'", parameter="from")])
    if (last - first).days > MOST_PERIODS * _SHORTEST[query.grain]:
        detail = f"at most {MOST_PERIODS} periods in one answer"
        raise BadRequest("The series is too long.", [FieldError(detail, parameter="from")])
    return periods(first, last, query.grain)


def asked_slice(query: SeriesQuery, kpi: Kpi) -> Slice:
    """Raises ``BadRequest`` for what is not published: two slices at once, another kind, another grain."""
    if not query.slices:
        if query.grain not in kpi.grains:
            raise _unpublished(f"{kpi.name} is published by {_words(kpi.grains)}", "grain")
        return ALL
    if len(query.slices) > 1:
        raise _unpublished("slices are published one at a time", query.slices[1].kind)
    found = query.slices[0]
    if found.kind not in kpi.cuts:
        raise _unpublished(f"{kpi.name} is published by {_words(kpi.cuts) or 'no slices'}", found.kind)
    if query.grain != kpi.cut_grain:
        raise _unpublished(f"slices of {kpi.name} are published by {kpi.cut_grain}", "grain")
    return found


def _unpublished(detail: str, parameter: str) -> BadRequest:
    return BadRequest(
        "There is no such published figure; GET /kpis says which there are.", [FieldError(detail, parameter=parameter)]
    )


def _words(names: Sequence[str]) -> str:
    return ", ".join(names)


_SHORTEST = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 90}
