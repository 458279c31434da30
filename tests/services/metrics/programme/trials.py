"""Pilots as short as the examples that need them, registered when an example says, and what is found of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from praxis_events.log import NewRecord
from praxis_metrics.findings import Looked
from praxis_metrics.programme.pathways.finding import PATHWAY_COMPARISONS
from praxis_metrics.programme.pilots.finding import PILOTS
from tests.services.metrics.build import did, hired, linked, mail, said
from tests.services.metrics.world import World

STARTS, ENDS = "2026-03-02", "2026-03-31"
"""Thirty days; the thirty before begin on 31 January, those before these on New Year's Day."""
EARLIER, BEFORE, DURING = "2026-01-05", "2026-02-02", "2026-03-03"
"""A day in each; ``on`` names those after it."""

NORTH, SOUTH = ({"unit": "north"}, {"unit": "south"})
KPIS = ("learning-hours", "active-days", "completions")


def metric(kpi: str, threshold: float, direction: str = "up", **others: Any) -> dict[str, Any]:
    return {"kpi": kpi, "direction": direction, "threshold": threshold, **others}


def pilot(name: str, *metrics: dict[str, Any], id_: str | None = None, **others: Any) -> NewRecord:
    data = {
        "pilot": name, "objective": "to use it", "metrics": list(metrics), "owner": {"person_id": "lead"},
        "starts_on": STARTS, "ends_on": ENDS, "treated": NORTH, "comparison": SOUTH, "success": "all three",
    }  # fmt: skip
    return said("programme.pilot-registered", {**data, **others}, id_=id_)


def concluded(name: str, decision: str, **others: Any) -> NewRecord:
    data = {"pilot": name, "decision": decision, "decided_by": {"person_id": "boss"}, "reason": "as it showed"}
    return said("programme.pilot-concluded", {**data, **others})


def team(unit: str, count: int, **others: Any) -> list[NewRecord]:
    """``unit``-0, ``unit``-1, …, at work there since 2020."""
    names = [f"{unit}-{number}" for number in range(count)]
    return [
        record
        for name in names
        for record in (hired(name, "2020-01-01T00:00:00Z", unit=unit, **others), linked(name, mail(name)))
    ]


def on(first: str, day: int) -> str:
    return date.fromordinal(date.fromisoformat(first).toordinal() + day).isoformat()


def learned(who: str, first: str, days: int) -> list[NewRecord]:
    """One hour, and one completion, on each of so many days from ``first`` on."""
    return [did(who, "completed", "a", f"{on(first, day)}T09:00:00Z", took="PT1H") for day in range(days)]


async def given(world: World, records: Sequence[NewRecord], registered: str = "2026-02-20") -> None:
    """The log took the pilots on that day."""
    await world.takes(records, publishers=0)
    async with world.database.sessions.begin() as session:
        query = text("UPDATE said SET appended_at = :at WHERE type = 'programme.pilot-registered'")
        await session.execute(query, {"at": datetime.fromisoformat(f"{registered}T12:00:00Z")})


async def found(world: World, through: str = "2026-06-30", threshold: int = 1) -> dict[str, dict[str, Any]]:
    """Every pilot, when all of that day has been read."""
    async with world.database.sessions.begin() as session:
        looked = Looked(date.fromisoformat(through), threshold)
        return {name: dict(body) for name, body in (await PILOTS.compute(session, looked)).items()}


def pathway(name: str, outcome: str, *activities: str, version: int = 1) -> NewRecord:
    """Teaches SQL."""
    iris = [f"https://lms.example/{each}" for each in activities or ("a",)]
    data = {"pathway": name, "version": version, "name": name, "skills": ["sql"], "owner": {"person_id": "lead"}}
    return said("programme.pathway-published", {**data, "activities": iris, "outcome": outcome})


def joined(who: str, cohort: str, at: str, *, on_: str = "data", assigned: str = "chosen") -> NewRecord:
    data = {"pathway": on_, "cohort": cohort, "learner": mail(who), "at": at, "assigned": assigned}
    return said("programme.learner-enrolled", data)


def gave_up(who: str, cohort: str, at: str, *, on_: str = "data") -> NewRecord:
    return said("programme.learner-withdrawn", {"pathway": on_, "cohort": cohort, "learner": mail(who), "at": at})


async def compared(world: World, through: str = "2026-06-30", threshold: int = 1) -> dict[str, dict[str, Any]]:
    """The comparison of every pathway, when all of that day has been read."""
    async with world.database.sessions.begin() as session:
        looked = Looked(date.fromisoformat(through), threshold)
        return {name: dict(body) for name, body in (await PATHWAY_COMPARISONS.compute(session, looked)).items()}
