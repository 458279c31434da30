"""Findings are computed when what they read has changed, all of them anew, and stored."""

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.changes import Source
from praxis_metrics.findings import Finding, Looked, read_finding, read_findings
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.publisher import Publisher
from tests.fixtures.installation import running
from tests.services.metrics.build import did
from tests.services.metrics.world import LATENESS, World


async def _learners(session: AsyncSession, looked: Looked) -> dict[str, dict[str, Any]]:
    rows = await session.execute(text("SELECT learner_id, count(*) AS days FROM person_day GROUP BY 1 ORDER BY 1"))
    return {f"learner {n}": {"days": row.days, "threshold": looked.threshold} for n, row in enumerate(rows)}


NOTED = text(
    "INSERT INTO changes (source, first_day, last_day, appended_at) "
    "VALUES ('learning', '2026-03-01', '2026-03-01', now())"
)

LEARNERS = Finding("learners", 1, _learners, (Source.LEARNING,))


async def test_they_follow_what_they_read_and_nothing_else(world: World) -> None:
    publisher = _publisher(world, rests=0)
    await _learned(world, "ann", "2026-03-02T09:00:00Z")
    assert await publisher.step() == 1
    async with world.database.sessions() as session:
        assert await read_findings(session, LEARNERS) == {"learner 0": {"days": 1, "threshold": world.threshold}}
    assert await publisher.step() == 0
    await _learned(world, "ann", "2026-03-03T09:00:00Z")
    await _learned(world, "bob", "2026-03-03T09:00:00Z")
    assert await publisher.step() == 2
    async with world.database.sessions.begin() as session:
        found = await read_finding(session, LEARNERS, "learner 0")
        assert found is not None
        assert found["days"] == 2
        assert await read_finding(session, LEARNERS, "learner 2") is None
        await session.execute(text("TRUNCATE person_day"))
        await session.execute(NOTED)
    assert await publisher.step() == 0
    async with world.database.sessions() as session:
        assert await read_findings(session, LEARNERS) == {}


async def test_one_rests_after_it_was_computed_and_holds_up_no_kpi(world: World) -> None:
    publisher = _publisher(world, KPIS["completions"], rests=1e9)
    await _learned(world, "ann", "2026-03-02T09:00:00Z")
    await publisher.step()
    await _learned(world, "bob", "2026-03-02T09:00:00Z")
    assert await publisher.step() > 0
    assert (await world.point("completions", date(2026, 3, 1))).value == 2
    async with world.database.sessions() as session:
        assert list(await read_findings(session, LEARNERS)) == ["learner 0"]
        # What it has not seen it does not claim to have: its watermark waits, the KPI's does not.
        assert list(await session.scalars(text("SELECT DISTINCT kpi FROM due"))) == ["learners"]
    assert await _publisher(world, rests=0).step() == 2


def _publisher(world: World, *kpis: Kpi, rests: float) -> Publisher:
    sessions, zone = world.database.sessions, world.zone
    return Publisher(sessions, zone, world.threshold, LATENESS, kpis=(LEARNERS, *kpis), finding_rests=rests)


async def _learned(world: World, who: str, at: str) -> None:
    await world.log.append([did(who, "completed", "a", at)])
    async with running(world.workers(publishers=0)):
        await world.projected()
        await world.refreshed()
