"""The programme's own questions: goals, barrier audits, quarterly reports, governance, triangulation."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock
from praxis_metrics.calendar import local_day
from praxis_metrics.lattice import ALL
from praxis_metrics.programme.audit import barriers_of, findings_of, surveys_of
from praxis_metrics.programme.audit_schemas import AuditOut
from praxis_metrics.programme.barriers import BARRIERS
from praxis_metrics.programme.cells import shown
from praxis_metrics.programme.goal_schemas import GoalsOut
from praxis_metrics.programme.goals import goals_of
from praxis_metrics.programme.governance import leads_of, playbooks_of, standards_of
from praxis_metrics.programme.governance_schemas import GovernanceOut
from praxis_metrics.programme.owners import ownerless
from praxis_metrics.programme.progress import RULE as GOAL_RULE
from praxis_metrics.programme.quarters import EXAMPLE, asked_quarter, name_of
from praxis_metrics.programme.ranking import people
from praxis_metrics.programme.reports import figures
from praxis_metrics.programme.reports.reading import report
from praxis_metrics.programme.reports.schemas import ReportOut
from praxis_metrics.programme.reports.tables import tables
from praxis_metrics.programme.steps import follow_ups_missing, pilots_to_conclude, steps_of
from praxis_metrics.programme.triangulation import RULE, triangles
from praxis_metrics.programme.triangulation_schemas import TriangulationOut
from praxis_metrics.series import Reporting, as_begun, is_final, snapshot
from praxis_metrics.watermark import watermark
from praxis_service.auth import Authenticator
from praxis_service.openapi import problems
from praxis_service.pages import Pages, signed_in, wants_page
from praxis_service.parameters import refuse_unknown

_PAGES = Pages("praxis_metrics")
_VARY = {"Vary": "Accept"}
_TO_COME = problems(404)
_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}, **_TO_COME}


Quarter = Annotated[
    str,
    Path(
        description="A calendar quarter in the reporting time zone.",
        examples=[EXAMPLE],
        json_schema_extra={"pattern": "^(19[7-9][0-9]|2[0-9]{3})-Q[1-4]$"},
    ),
]


async def _no_parameters(request: Request) -> None:
    refuse_unknown(request)


class ProgrammeRoutes:
    """Each answer is of one snapshot of the database."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        authenticate: Authenticator,
        reporting: Reporting,
        clock: Clock,
    ) -> None:
        self._sessions, self._authenticate, self._reporting, self._clock = sessions, authenticate, reporting, clock

    def router(self) -> APIRouter:
        """A browser that asks for the report without a session is sent to the login; so that route asks who it is."""
        known = [Depends(self._authenticate), Depends(_no_parameters)]
        router = APIRouter(tags=["programme"])
        for path, handle, answer, responses in (
            ("/goals", self.goals, GoalsOut, {}),
            ("/audits/{quarter}", self.audit, AuditOut, _TO_COME),
            ("/triangulation/{quarter}", self.triangulation, TriangulationOut, _TO_COME),
            ("/governance", self.governance, GovernanceOut, {}),
        ):
            router.add_api_route(path, handle, response_model=answer, responses=responses, dependencies=known)
        router.add_api_route("/reports/{quarter}", self.report, response_model=ReportOut, responses=_PAGE)
        return router

    async def goals(self) -> GoalsOut:
        """Each goal with its KPI's last final value, how far that is on the way to the target, and what serves it."""
        async with self._sessions.begin() as session:
            reporting, today = await self._begin(session)
            goals, read = await goals_of(session, reporting, today), await watermark(session)
        return GoalsOut(watermark=read, as_of=self._clock(), rule=GOAL_RULE, goals=goals)

    async def audit(self, quarter: Quarter) -> AuditOut:
        """The barriers that people named in a quarter (`2026-Q1`), ranked by prevalence × severity; who has taken on
        each of them; and what it was in the quarters before and after."""
        async with self._sessions.begin() as session:
            reporting, today = await self._begin(session)
            asked = asked_quarter(quarter, today)
            cells, read = await shown(session, BARRIERS.name, asked), await watermark(session, BARRIERS.name)
            barriers, surveys = await barriers_of(session, asked, today), await surveys_of(session, asked, cells)
        return AuditOut(
            quarter=name_of(asked),
            first=asked.first,
            last=asked.last,
            time_zone=reporting.zone.key,
            watermark=read,
            as_of=self._clock(),
            provisional=not is_final(asked, reporting.zone, reporting.lateness, read),
            definition=BARRIERS.definition,
            definition_version=BARRIERS.version,
            people=people(cells),
            suppressed=ALL in cells and cells[ALL].hidden,
            surveys=surveys,
            barriers=barriers,
            findings=list(findings_of(barriers)),
        )

    async def triangulation(self, quarter: Quarter) -> TriangulationOut:
        """Each KPI's trend from the quarter before beside the themes of coded feedback about it, and whether they
        disagree."""
        async with self._sessions.begin() as session:
            reporting, today = await self._begin(session)
            asked = asked_quarter(quarter, today)
            cells, read = await shown(session, BARRIERS.name, asked), await watermark(session)
            kpis, surveys = await triangles(session, asked, reporting), await surveys_of(session, asked, cells)
        return TriangulationOut(
            quarter=name_of(asked), watermark=read, as_of=self._clock(), rule=RULE, surveys=surveys, kpis=kpis
        )

    async def report(self, quarter: Quarter, request: Request, response: Response) -> Response | ReportOut:
        """The impact report of a quarter: a draft until somebody publishes it (`praxis report publish`), then the
        published snapshot and what is said differently now. Send `Accept: text/html` for a page to read or print."""
        principal = await signed_in(self._authenticate, request)
        refuse_unknown(request)
        async with self._sessions.begin() as session:
            reporting, today = await self._begin(session)
            found = await report(session, asked_quarter(quarter, today), reporting, today, self._clock())
        if wants_page(request):
            return _PAGES.answer(
                request, principal, "report.html", headers=_VARY, report=found, rows=tables(found), words=figures
            )
        response.headers.update(_VARY)
        return found

    async def governance(self) -> GovernanceOut:
        """Standards and overrides, learning leads and whose term is due to end, playbooks, steps of the loop; and what
        nobody has concluded, followed up, or owns any more."""
        async with self._sessions.begin() as session:
            _, today = await self._begin(session)
            standards, overrides = await standards_of(session)
            return GovernanceOut(
                watermark=await watermark(session),
                as_of=self._clock(),
                standards=standards,
                overrides=overrides,
                learning_leads=await leads_of(session, self._clock()),
                playbooks=await playbooks_of(session),
                steps=await steps_of(session, today),
                pilots_to_conclude=await pilots_to_conclude(session, today),
                follow_ups_missing=await follow_ups_missing(session),
                ownerless=await ownerless(session, today),
            )

    async def _begin(self, session: AsyncSession) -> tuple[Reporting, date]:
        """The zone in which this snapshot's days are cut, and today in it."""
        await snapshot(session)
        reporting = await as_begun(session, self._reporting)
        return reporting, local_day(self._clock(), reporting.zone)
