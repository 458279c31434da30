"""Sessions and learning time: each rule on its own, against a count of single minutes, and then the database's way."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import DAY as ONE_DAY
from praxis_metrics.person_days import PersonDay, write_days
from praxis_metrics.sessions import CAP, GAP, Group, replace_sessions
from tests.services.metrics.session_rules import Interval, Mark, Session, learning_time, sessions, union
from tests.services.metrics.world import World

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = Interval(NINE - timedelta(hours=9), NINE + timedelta(hours=15))


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def seen(*minutes: float) -> list[Mark]:
    return [Mark(at(each), None) for each in minutes]


def took(minute: float, minutes: float) -> Mark:
    return Mark(at(minute), timedelta(minutes=minutes))


def estimated(start: float, end: float) -> Session:
    return Session(at(start), at(end), measured=False)


def measured(start: float, end: float) -> Session:
    return Session(at(start), at(end), measured=True)


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([], set()),
        (seen(0), set()),
        (seen(0, 0), set()),
        (seen(0, 30), {estimated(0, 30)}),
        (seen(0, 30.001), set()),
        (seen(60, 0, 20, 30), {estimated(0, 60)}),
        (seen(0, 10, 50, 60), {estimated(0, 10), estimated(50, 60)}),
        (seen(*range(0, 241, 30)), {estimated(0, 240)}),
        (seen(*range(0, 271, 30)), {estimated(0, 240)}),
        ([*seen(0, 20), took(60, 45)], {measured(15, 60)}),
        ([took(60, 45), took(90, 45)], {measured(15, 60), measured(45, 90)}),
        ([took(300, 300)], {measured(60, 300)}),
        ([took(240, 240)], {measured(0, 240)}),
        ([*seen(0, 20), took(60, 0)], set()),
        ([took(60, 45), took(60, 45)], {measured(15, 60)}),
    ],
)
def test_the_sessions_of_a_group(marks: list[Mark], found: set[Session]) -> None:
    assert sessions(marks) == found


def test_the_limits_are_half_an_hour_and_four_hours() -> None:
    assert timedelta(minutes=30) == GAP
    assert timedelta(hours=4) == CAP


def test_a_union_joins_what_overlaps_or_touches() -> None:
    parts = [(0, 10), (10, 20), (15, 18), (25, 30), (24, 26)]
    assert union(Interval(at(start), at(end)) for start, end in parts) == [(at(0), at(20)), (at(24), at(30))]


def test_time_that_both_cover_is_measured() -> None:
    time = learning_time([measured(0, 60), estimated(30, 90), estimated(80, 100)], *DAY)
    assert time == (60 * 60_000_000, 40 * 60_000_000)


def test_time_is_cut_at_both_ends() -> None:
    assert learning_time([measured(0, 60), estimated(100, 200)], at(50), at(110)) == (10 * 60_000_000, 10 * 60_000_000)
    assert learning_time([measured(0, 60)], at(60), at(70)) == (0, 0)


def test_microseconds_are_not_lost() -> None:
    one = timedelta(microseconds=1)
    assert learning_time([Session(NINE, NINE + one, measured=False)], *DAY) == (0, 1)


minutes = st.integers(0, 400)
any_session = st.builds(
    lambda start, length, is_measured: Session(at(start), at(start + length), is_measured),
    minutes,
    st.integers(1, 240),
    st.booleans(),
)


@given(found=st.lists(any_session, max_size=8), start=minutes, length=st.integers(1, 300))
def test_learning_time_is_what_a_count_of_minutes_gives(found: list[Session], start: int, length: int) -> None:
    inside = [at(each) for each in range(start, start + length)]
    in_measured = [m for m in inside if any(s.start <= m < s.end for s in found if s.measured)]
    in_any = [m for m in inside if any(s.start <= m < s.end for s in found)]
    minute = 60_000_000
    expected = (len(in_measured) * minute, (len(in_any) - len(in_measured)) * minute)
    assert learning_time(found, at(start), at(start + length)) == expected


@given(st.lists(st.tuples(minutes, st.none() | st.integers(0, 600)), max_size=12).flatmap(
    lambda found: st.tuples(st.just(found), st.permutations(found))
))  # fmt: skip
def test_the_order_of_statements_does_not_matter_and_a_group_is_measured_or_estimated(
    orders: tuple[list[tuple[int, int | None]], list[tuple[int, int | None]]],
) -> None:
    def made(order: list[tuple[int, int | None]]) -> set[Session]:
        return sessions(Mark(at(m), None if length is None else timedelta(minutes=length)) for m, length in order)

    found = made(orders[0])
    assert found == made(orders[1])
    has_duration = any(length is not None for _, length in orders[0])
    assert all(s.measured == has_duration and timedelta() < s.end - s.start <= CAP for s in found)


# -- the database's computation ----------------------------------------------------------------------------------------

EVENING = datetime(2026, 3, 2, 21, tzinfo=UTC)
DAYS = [Interval(midnight, midnight + ONE_DAY) for midnight in (DAY.start, DAY.start + ONE_DAY)]
COURSES = (1, 2)
Told = tuple[int, int, int | None, bool]
told = st.tuples(st.sampled_from(COURSES), minutes, st.none() | st.integers(0, 600), st.booleans())

_LEARNER = text("INSERT INTO learners (home) VALUES ('ann') RETURNING learner_id")
_ACTOR = text("INSERT INTO actors (key, home, learner_id) VALUES ('ann', 'ann', :learner) RETURNING actor_id")
_VERB = text(
    "INSERT INTO verbs (iri, activity, terminal, completed, enrolled) "
    "VALUES (:iri, false, :terminal, false, false) RETURNING id"
)
_FACT = text(
    "INSERT INTO facts (event_time, actor_id, course_id, verb_id, duration_ms, statement_id) "
    "VALUES (:at, :actor, :course, :verb, :ms, gen_random_uuid())"
)
_SESSIONS = text("SELECT course_id, started_at, ended_at, measured FROM sessions WHERE learner_id = :learner")
_TIMES = text("SELECT day, measured, estimated FROM person_day WHERE learner_id = :learner")


async def _verb(session: AsyncSession, *, terminal: bool) -> int:
    return int((await session.execute(_VERB, {"iri": str(terminal), "terminal": terminal})).scalar_one())


async def _tell(session: AsyncSession, actor: int, verbs: dict[bool, int], history: list[Told]) -> None:
    for course, minute, length, terminal in history:
        row = {"at": EVENING + timedelta(minutes=minute), "actor": actor, "course": course, "verb": verbs[terminal]}
        await session.execute(_FACT, {**row, "ms": None if length is None else length * 60_000})


def _expected(history: list[Told], course: int) -> set[Session]:
    return sessions(
        Mark(EVENING + timedelta(minutes=m), timedelta(minutes=length) if length is not None and terminal else None)
        for at_course, m, length, terminal in history
        if at_course == course
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(parts=st.lists(st.lists(told, max_size=8), min_size=1, max_size=3))
async def test_the_database_follows_the_rules_also_when_more_is_told(world: World, parts: list[list[Told]]) -> None:
    async with world.database.sessions() as session:  # nothing is committed
        learner = (await session.execute(_LEARNER)).scalar_one()
        actor = (await session.execute(_ACTOR, {"learner": learner})).scalar_one()
        verbs = {each: await _verb(session, terminal=each) for each in (False, True)}
        history: list[Told] = []
        for part in parts:
            history += part
            await _tell(session, actor, verbs, part)
            await replace_sessions(session, [Group.of_course(learner, course) for course in COURSES])
            await write_days(session, world.zone, [PersonDay(learner, day.start.date()) for day in DAYS])
            expected = {(course, found) for course in COURSES for found in _expected(history, course)}
            rows = await session.execute(_SESSIONS, {"learner": learner})
            assert {(course, Session(*found)) for course, *found in rows} == expected
            times = {day.start.date(): learning_time((each for _, each in expected), *day) for day in DAYS}
            written = {day: tuple(time) for day, *time in await session.execute(_TIMES, {"learner": learner})}
            assert written == {day: time for day, time in times.items() if any(time)}
