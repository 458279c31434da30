"""KPIs of careers: every cell of everybody and of each slice is what a naive look from person to person gives."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from praxis_metrics.calendar import Grain, periods
from tests.services.metrics.build import did
from tests.services.metrics.oracle import Heard
from tests.services.metrics.oracles import (
    career_histories,
    cross_skill_mobility,
    high_performer_retention,
    promotion_association,
    review_citation,
    time_to_competency,
)
from tests.services.metrics.oracles.careers import FIRST, LAST, Answer, Careers, Place
from tests.services.metrics.said.histories import Data, Spoken, heard_record
from tests.services.metrics.world import World

BERLIN = ZoneInfo("Europe/Berlin")
KPIS: dict[str, Callable[[Careers, date, date], dict[Place, Answer]]] = {
    "time-to-competency": time_to_competency.answers,
    "cross-skill-mobility": cross_skill_mobility.answers,
    "high-performer-retention": high_performer_retention.answers,
    "review-citation": review_citation.answers,
    "promotion-association": promotion_association.answers,
}
PUBLISHED = tuple(KPIS)

_CELLS = text(
    "SELECT kind, slice, value, numerator, denominator, n, unmatched, detail FROM cells "
    "WHERE kpi = :kpi AND grain = 'quarter' AND first_day = :first"
)


async def cells(world: World, kpi: str, first: date) -> dict[Place, Answer]:
    async with world.database.sessions() as session:
        rows = await session.execute(_CELLS, {"kpi": kpi, "first": first})
        return {(row.kind, row.slice): Answer(*row[2:]) for row in rows}


async def since(world: World, kpi: str) -> date | None:
    query = text("SELECT since FROM publications WHERE kpi = :kpi")
    async with world.database.sessions() as session:
        found: date | None = await session.scalar(query, {"kpi": kpi})
        return found


@pytest.mark.timeout(900)
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    active=career_histories.active, spoken=career_histories.spoken, heard=career_histories.heard, cut=st.integers(0, 60)
)
async def test_careers_are_what_a_naive_look_finds(
    world: World, active: list[tuple[Data, str]], spoken: list[Spoken], heard: list[Heard], cut: int
) -> None:
    await world.fresh(BERLIN)
    acts = [did(agent, "interacted", "a", at) for agent, at in active]
    said, happened = [each.record for each in spoken], [heard_record(each) for each in heard]
    await world.takes([*said[cut:], *happened[:cut], *acts])
    await world.takes([*said[:cut], *happened[cut:], *acts, *happened[:9]])
    in_log_order = [*spoken[cut:], *spoken[:cut]]
    careers = Careers(active, in_log_order, heard, BERLIN, datetime.now(BERLIN).date() - timedelta(days=1))
    for kpi, answers in KPIS.items():
        begin = await since(world, kpi)
        for period in periods(FIRST, LAST, Grain.QUARTER):
            found = await cells(world, kpi, period.first)
            expected = answers(careers, *period) if begin is not None and period.last >= begin else {}
            assert told(found) == told(expected), (kpi, period)


def told(answers: dict[Place, Answer]) -> dict[Place, object]:
    """Without cells of nobody; ratios but for rounding."""
    return {place: figures(it) for place, it in answers.items() if it.n or it.unmatched}


def figures(it: Answer) -> list[object]:
    detail = sorted(it.detail.items())
    named = [("value", it.value), ("numerator", it.numerator), ("denominator", it.denominator), *detail]
    return [it.n, it.unmatched, *((name, None if each is None else round(each, 9)) for name, each in named)]
