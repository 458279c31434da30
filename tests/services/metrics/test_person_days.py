"""A day's figures cost what its own facts cost, also while the planner has no statistics yet, as in a rebuild."""

from datetime import date

from sqlalchemy import text

from praxis_metrics.person_days import PersonDay, write_days
from tests.services.metrics.world import World

LEARNERS, DAYS = 2_000, 40
TODAY = date(2026, 3, 11)

_HISTORY = (
    "INSERT INTO verbs (iri, activity, terminal, completed, enrolled) VALUES ('https://v', true, false, true, false)",
    "INSERT INTO learners (home) SELECT n FROM generate_series(1, {learners}) n",
    "INSERT INTO actors (key, home, learner_id) SELECT home, home, learner_id FROM learners",
    "INSERT INTO facts (event_time, actor_id, course_id, activity_id, verb_id, statement_id) "
    "SELECT timestamptz '{today} 12:00Z' - make_interval(days => d), actor_id, 1 + actor_id % 20, 1, 1, "
    "gen_random_uuid() FROM actors, generate_series(0, {days} - 1) d",
)
_SCANNED = text("SELECT sum(seq_tup_read) FROM pg_stat_xact_user_tables WHERE relname LIKE 'facts%'")


async def test_days_are_counted_without_reading_the_facts_of_others(world: World) -> None:
    async with world.database.sessions.begin() as session:
        for statement in _HISTORY:
            await session.execute(text(statement.format(learners=LEARNERS, days=DAYS, today=TODAY)))
    async with world.database.sessions.begin() as session:
        learners = await session.scalars(text("SELECT learner_id FROM learners"))
        await write_days(session, world.zone, [PersonDay(learner, TODAY) for learner in learners])
        assert await session.scalar(_SCANNED) == 0
        written = await session.execute(text("SELECT count(*), sum(completions) FROM person_day"))
        assert tuple(written.one()) == (LEARNERS, LEARNERS)
