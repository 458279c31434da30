"""Any order, copies, rescissions before and after, links later, several projectors: the views are the naive fold."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.fixtures.installation import running
from tests.services.metrics.histories import FIRST_MOMENT
from tests.services.metrics.oracle import Heard, Learner, named
from tests.services.metrics.said import histories
from tests.services.metrics.said.fold import FOREVER, Fold, Row
from tests.services.metrics.said.histories import ACTIVITIES, Spoken
from tests.services.metrics.world import World

BERLIN = ZoneInfo("Europe/Berlin")
QUERIES = {
    "evidence": "learner_id, attester_id, sender_id, skill, kind, at, day",
    "accepted_evidence": "learner_id, attester_id, sender_id, skill, kind, at, day",
    "tasks_accepted": "learner_id, accepter_id, task_system, at, day",
    "enrolments": "learner_id, cohort, at, until_at",
    "leader_acts": "learner_id, at",
    "role_profiles": "role, skill, level",
    "ratings": "learner_id, closed_at, is_top",
}
MOMENTS = (FIRST_MOMENT, datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 4, 1, 5, tzinfo=UTC))


async def shown(world: World, query: str) -> list[Row]:
    async with world.database.sessions() as session:
        learners = {row[0]: named(*row[1:]) for row in await session.execute(text("SELECT * FROM learners"))}
        result = await session.execute(text(query))
        columns = list(result.keys())
        return [tuple(_shown(learners, *pair) for pair in zip(columns, row, strict=True)) for row in result]


def _shown(learners: dict[int, Learner], column: str, value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:  # how asyncpg reads infinity
        return FOREVER
    return learners[value] if column.endswith("_id") and value is not None else value


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(spoken=histories.spoken, heard=histories.heard, cuts=st.lists(st.integers(0, 40), max_size=3))
async def test_the_views_are_the_naive_fold(
    world: World, spoken: list[Spoken], heard: list[Heard], cuts: list[int]
) -> None:
    await world.fresh(BERLIN)
    records = [[each.record for each in spoken], [histories.heard_record(each) for each in heard]]
    async with running(world.workers(projectors=2, refreshers=1)):
        for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), 99], strict=True):
            for each in records:
                await world.log.append(each[start:end])
            await world.projected()
    fold = Fold(spoken, heard, BERLIN)
    for view, columns in QUERIES.items():
        found = await shown(world, f"SELECT {columns} FROM {view}")
        assert Counter(found) == Counter(getattr(fold, view)()), view
    for activity in ACTIVITIES:
        for at in MOMENTS:
            taught = f"SELECT skill, level FROM activity_skills WHERE activity = '{activity}' AND "
            found = await shown(world, f"{taught} from_at <= '{at}' AND until_at > '{at}'")
            assert Counter(found) == Counter(fold.taught(activity, at)), (activity, at)
