"""Events of the programme as short as the examples that need them, and its answers without the edge."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from praxis_events.log import NewRecord
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.programme import VOICES
from praxis_metrics.programme.audit import barriers_of
from praxis_metrics.programme.audit_schemas import BarrierOut
from praxis_metrics.programme.goal_schemas import GoalOut
from praxis_metrics.programme.goals import goals_of
from praxis_metrics.programme.quarters import asked_quarter
from praxis_metrics.programme.reports.reading import report
from praxis_metrics.programme.reports.schemas import ReportOut
from praxis_metrics.publisher import Publisher
from praxis_metrics.series import Reporting, snapshot
from tests.services.metrics.build import mail, said
from tests.services.metrics.world import LATENESS, World

OWNER = {"person_id": "owner"}
TODAY = date(2026, 4, 30)
"""The log is read up to the real now; so whatever ends by then is final in these examples."""


def reported(
    who: str | None, barrier: str, severity: int, at: str, *, survey: str | None = None, id_: str | None = None
) -> NewRecord:
    data: dict[str, Any] = {"barrier": barrier, "severity": severity, "at": at}
    if who is not None:
        data["person"] = mail(who)
    return said("programme.barrier-reported", data if survey is None else {**data, "survey": survey}, id_=id_)


def surveyed(name: str, quarter: str, invited: int) -> NewRecord:
    return said("programme.survey-sent", {"survey": name, "quarter": quarter, "invited": invited, "asks": ["Why?"]})


def assigned(quarter: str, barrier: str, due_on: str, owner: dict[str, Any] = OWNER) -> NewRecord:
    data = {"quarter": quarter, "barrier": barrier, "owner": owner, "due_on": due_on, "action": "Do something."}
    return said("programme.barrier-assigned", data)


def updated(quarter: str, barrier: str, status: str) -> NewRecord:
    return said("programme.barrier-updated", {"quarter": quarter, "barrier": barrier, "status": status})


def goal(name: str, kpi: str, baseline: float, target: float, due_on: str, *, set_on: str, **others: Any) -> NewRecord:
    data = {"goal": name, "kpi": kpi, "baseline": baseline, "target": target, "due_on": due_on, "owner": OWNER}
    return said("programme.goal-set", {**data, "interventions": [], **others}, time=f"{set_on}T09:00:00+00:00")


def felt(who: str | None, kpi: str, theme: str, sentiment: int, at: str) -> NewRecord:
    data: dict[str, Any] = {"about": {"kpi": kpi}, "theme": theme, "sentiment": sentiment, "at": at}
    return said("programme.feedback-given", data if who is None else {**data, "person": mail(who)})


def pathway(name: str) -> NewRecord:
    data = {"pathway": name, "version": 1, "name": "The way", "activities": ["https://lms.example/a"]}
    return said("programme.pathway-published", {**data, "skills": ["sql"], "outcome": "completions", "owner": OWNER})


def pilot(name: str, starts_on: str, ends_on: str) -> NewRecord:
    metrics = [
        {"kpi": kpi, "direction": "up", "threshold": 0.1}
        for kpi in ("application-rate", "participation", "completions")
    ]
    data = {"pilot": name, "objective": "Try it", "metrics": metrics, "owner": OWNER, "success": "x"}
    groups = {"treated": {"unit": "a"}, "comparison": {"unit": "b"}}
    return said("programme.pilot-registered", {**data, **groups, "starts_on": starts_on, "ends_on": ends_on})


async def told(world: World, records: Sequence[NewRecord], *kpis: Kpi) -> None:
    """Take these in and publish no more than these KPIs and what people say: all of them would take much longer."""
    await world.takes(records, publishers=0)
    publisher = Publisher(
        world.database.sessions, world.zone, world.threshold, LATENESS, lambda: datetime.now(UTC), (*kpis, *VOICES)
    )
    while await publisher.step():
        pass


async def audited(world: World, quarter: str, today: date = TODAY) -> dict[str, BarrierOut]:
    """By barrier, in the order of the answer."""
    async with world.database.sessions.begin() as session:
        await snapshot(session)
        return {each.barrier: each for each in await barriers_of(session, asked_quarter(quarter, today), today)}


async def goals(world: World, today: date = TODAY) -> dict[str, GoalOut]:
    async with world.database.sessions.begin() as session:
        await snapshot(session)
        return {each.goal: each for each in await goals_of(session, Reporting(world.zone, world.lateness), today)}


async def reported_on(world: World, quarter: str, today: date = TODAY) -> ReportOut:
    async with world.database.sessions.begin() as session:
        await snapshot(session)
        reporting = Reporting(world.zone, world.lateness)
        return await report(session, asked_quarter(quarter, today), reporting, today, datetime.now(UTC))
