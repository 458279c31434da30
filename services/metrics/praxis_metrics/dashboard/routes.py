"""``GET /``: the dashboard, and a page for each KPI. All of it is what ``/kpis`` answers."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from praxis_metrics.answering import Answers
from praxis_metrics.asking import kpi_named
from praxis_metrics.calendar import Grain, period_of
from praxis_metrics.dashboard import figures
from praxis_metrics.dashboard.chart import chart
from praxis_metrics.dashboard.choosing import ShownQuery, as_data
from praxis_metrics.dashboard.headlines import HEADLINES, headline, lacks_directory
from praxis_metrics.kpis import KPIS
from praxis_metrics.programme.quarters import before, name_of
from praxis_metrics.schemas import SeriesQuery
from praxis_service.auth import Authenticator
from praxis_service.pages import Pages, signed_in
from praxis_service.parameters import refuse_unknown

STAGES = {
    "input": "what goes in",
    "process": "what people do",
    "outcome": "what comes of it",
}


class DashboardRoutes:
    def __init__(self, answers: Answers, authenticate: Authenticator) -> None:
        self._answers, self._authenticate = answers, authenticate
        self._pages = Pages("praxis_metrics")

    def router(self) -> APIRouter:
        router = APIRouter(tags=["dashboard"])
        for path, handle, summary in (
            ("/", self.dashboard, "The dashboard"),
            ("/dashboard/{kpi}", self.kpi, "One KPI as a page"),
        ):
            router.add_api_route(path, handle, methods=["GET"], summary=summary, response_class=HTMLResponse)
        return router

    async def dashboard(self, request: Request) -> Response:
        """The three headlines, the goals, and the way to every KPI. A browser without a session signs in first."""
        principal = await signed_in(self._authenticate, request)
        refuse_unknown(request)
        found = [await self._answers.series(KPIS[name], SeriesQuery()) for name in HEADLINES]
        return self._pages.answer(
            request,
            principal,
            "dashboard.html",
            words=figures,
            headlines=[headline(series) for series in found],
            has_anything=await self._answers.has_anything(),
            lacks_directory=lacks_directory(found[0]),
            goals=await self._answers.goals(),
            quarter=name_of(before(period_of(found[0].as_of.date(), Grain.QUARTER))),
            stages=STAGES,
            kpis=_by_stage(),
        )

    async def kpi(self, request: Request, kpi: str, query: Annotated[ShownQuery, Query()]) -> Response:
        """Its definition, a chart, the same as a table, and links to the same as JSON and CSV."""
        principal = await signed_in(self._authenticate, request)
        definition = kpi_named(kpi)
        shown = await self._answers.series(definition, query.of(definition))
        beside = [] if shown.comparison is None else shown.comparison.points
        return self._pages.answer(
            request,
            principal,
            "kpi.html",
            words=figures,
            kpi=definition,
            query=query,
            series=shown,
            chart=chart(shown.points, beside, shown.grain, shown.unit),
            beside=beside,
            slices={
                kind: list(those) for kind, those in groupby(await self._answers.slices(definition), lambda of: of.kind)
            },
            stage=STAGES[definition.stage],
            json=as_data(shown, "json"),
            csv=as_data(shown, "csv"),
        )


def _by_stage() -> dict[str, list[str]]:
    return {stage: [kpi.name for kpi in KPIS.values() if kpi.stage == stage] for stage in STAGES}
