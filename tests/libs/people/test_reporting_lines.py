"""Reporting lines in tables, taken in any batches, against the pure answer from the whole history."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.contracts.directory import Hired, Left, ManagerChanged
from praxis_people.history import Heard, as_known
from praxis_people.reporting import managers_at, team_of
from praxis_people.reporting_lines import REPORTING_TABLES, apply_heard, reports_among, team_at
from praxis_service.database import engine_for
from tests.libs.people.organisation import DAYS, PERSONS, START, histories


@pytest.fixture(scope="module")
async def tables(postgres: EmbeddedPostgres) -> AsyncIterator[AsyncSession]:
    await postgres.ensure_database("people_reporting")
    engine = engine_for(postgres.url("people_reporting"), pool_size=1)
    async with engine.connect() as connection, AsyncSession(connection) as session:
        for statement in REPORTING_TABLES:
            await session.execute(text(statement))
        yield session
    await engine.dispose()


@pytest.fixture
async def session(tables: AsyncSession) -> AsyncSession:
    await emptied(tables)
    return tables


async def emptied(session: AsyncSession) -> None:
    names = "reporting_seen, reporting_rescinded, reporting_events, reporting_lines"
    await session.execute(text(f"TRUNCATE {names}"))


def expected(history: list[Heard], manager: str, moment: datetime) -> frozenset[str]:
    managers = managers_at(as_known(history), moment)
    return team_of(managers, manager) if manager in managers else frozenset()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories, size=st.integers(1, 6))
async def test_a_team_is_who_is_at_work_under_somebody_at_work(
    session: AsyncSession, history: list[Heard], size: int
) -> None:
    await emptied(session)
    for start in range(0, len(history), size):
        await apply_heard(session, history[start : start + size])
    for moment in DAYS[::2]:
        found = {manager: await team_at(session, [manager], moment) for manager in PERSONS}
        assert found == {manager: expected(history, manager, moment) for manager in PERSONS}
        assert found == {manager: await reports_among(session, PERSONS, [manager], moment) for manager in PERSONS}


def hired(number: int, person: str, manager: str | None, at: datetime = START) -> Heard:
    data = Hired(person_id=person, unit="shop", role="clerk", manager_id=manager, effective_at=at)
    return Heard(UUID(int=number), number, data)


async def test_a_ring_is_gone_round_once(session: AsyncSession) -> None:
    ring = {"ann": "bob", "bob": "cem", "cem": "ann", "dee": "dee", "eli": "cem"}
    await apply_heard(session, [hired(n, *each) for n, each in enumerate(ring.items())])
    assert await team_at(session, ["ann"], DAYS[-1]) == {"bob", "cem", "eli"}
    assert await team_at(session, ["dee"], DAYS[-1]) == frozenset()
    assert await team_at(session, ["ann", "cem"], DAYS[-1]) == {"bob", "eli"}
    assert await team_at(session, [], DAYS[-1]) == frozenset()
    assert await reports_among(session, ring, ["ann"], DAYS[-1]) == {"bob", "cem", "eli"}
    assert await reports_among(session, ["eli", "dee"], ["ann", "dee"], DAYS[-1]) == {"eli"}
    assert len(await team_at(session, ["ann"], DAYS[-1], 2)) == 2


async def test_a_team_begins_and_ends_with_its_time(session: AsyncSession) -> None:
    far = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    await apply_heard(
        session,
        [
            hired(1, "lead", None, datetime.min.replace(tzinfo=UTC)),
            hired(2, "ann", "lead", DAYS[2]),
            Heard(UUID(int=3), 3, ManagerChanged(person_id="ann", manager_id="bob", effective_at=DAYS[5])),
            Heard(UUID(int=4), 4, Left(person_id="lead", voluntary=True, effective_at=far)),
        ],
    )
    found = [await team_at(session, ["lead"], moment) for moment in DAYS]
    assert [bool(each) for each in found] == [DAYS[2] <= moment < DAYS[5] for moment in DAYS]
    await apply_heard(session, [hired(5, "bob", None, far)])
    assert await team_at(session, ["bob"], DAYS[6]) == frozenset()  # not at work yet
