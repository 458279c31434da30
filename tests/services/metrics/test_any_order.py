"""Any order, any redelivery, any number of projectors: the same answers as a naive recomputation from raw events."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from praxis_events.log import EventLog, NewRecord
from praxis_metrics.calendar import Grain, periods
from praxis_metrics.series import Point
from tests.fixtures.installation import running
from tests.services.metrics.histories import logs_of_statements, logs_of_the_directory
from tests.services.metrics.oracle import COUNTING, Answer, Heard, Learner, Oracle, Told, named
from tests.services.metrics.world import World, people, statement

PUBLISHED = COUNTING

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles")]
PROJECTORS, REFRESHERS = 4, 3
FIRST_DAY, LAST_DAY = date(2026, 3, 26), date(2026, 4, 6)
MICROSECONDS = 3_600_000_000


def answer_of(point: Point, scale: int) -> Answer:
    scales = {"measured_hours": scale, "estimated_hours": scale}
    return Answer(
        round((point.value or 0) * scale),
        None if point.numerator is None else round(point.numerator * scale),
        None if point.denominator is None else round(point.denominator),
        point.n or 0,
        point.unmatched or 0,
        {
            name: amount if name == "stickiness" else round(amount * scales.get(name, 1))
            for name, amount in point.detail.items()
            if amount is not None
        },
    )


async def completed(world: World) -> dict[tuple[Learner, date, str], datetime]:
    query = text(
        "SELECT l.person_id, l.home, c.day, a.iri, c.at FROM completed c JOIN learners l USING (learner_id) "
        "JOIN activities a ON a.id = c.activity_id"
    )
    async with world.database.sessions() as session:
        rows = await session.execute(query)
        return {(named(person_id, home), day, iri): at for person_id, home, day, iri, at in rows}


async def begun(world: World) -> dict[tuple[Learner, str], tuple[date, datetime]]:
    query = text(
        "SELECT l.person_id, l.home, a.iri, b.day, b.at FROM begun b JOIN learners l USING (learner_id) "
        "JOIN activities a ON a.id = b.activity_id"
    )
    async with world.database.sessions() as session:
        rows = await session.execute(query)
        return {(named(person_id, home), iri): (day, at) for person_id, home, iri, day, at in rows}


async def append_slowly(log: EventLog, records: Sequence[NewRecord], pauses: Sequence[bool]) -> None:
    for index, record in enumerate(records):
        await log.append([record])
        if pauses[index % len(pauses)]:
            await asyncio.sleep(0.02)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    told=logs_of_statements(),
    heard=logs_of_the_directory,
    pauses=st.lists(st.booleans(), min_size=1, max_size=5),
    ahead=st.booleans(),
    zone=st.sampled_from(ZONES),
)
async def test_every_kpi_is_what_a_naive_recomputation_gives(
    world: World, told: list[Told], heard: list[Heard], pauses: list[bool], ahead: bool, zone: ZoneInfo
) -> None:
    await world.fresh(zone)
    statements = [statement(t.body, credential=t.credential, id_assigned=t.id_assigned) for t in told]
    events = [people(h.type, h.data, id_=h.id, source=h.source) for h in heard]
    async with AsyncExitStack() as stack:
        if ahead:
            await world.log.append([*events, *statements])
        await stack.enter_async_context(running(world.workers(projectors=PROJECTORS, refreshers=REFRESHERS)))
        if not ahead:
            half = len(statements) // 2
            await asyncio.gather(
                append_slowly(world.log, events, pauses),
                append_slowly(world.log, statements[:half], [False]),
            )
            await append_slowly(world.log, statements[half:], pauses[::-1])
        await world.settled()
    oracle = Oracle(told, heard, zone)
    for kpi in COUNTING:
        for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH):
            asked = periods(FIRST_DAY, LAST_DAY, grain)
            found = await world.series(kpi, FIRST_DAY, LAST_DAY, grain)
            scale = MICROSECONDS if kpi == "learning-hours" else 1
            expected = [oracle.answer(kpi, *period) for period in asked]
            assert [answer_of(point, scale) for point in found.points] == expected, (kpi, grain)
    assert await completed(world) == oracle.completed()
    assert await begun(world) == oracle.begun()
