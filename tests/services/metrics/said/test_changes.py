"""What the publisher is told: every day whose rows change is noted, whatever changes them."""

from collections import Counter
from datetime import date
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from praxis_metrics.calendar import FIRST_DAY, LAST_DAY
from praxis_metrics.changes import Change, Source
from tests.services.metrics.build import applied, did, fresh_id, linked, mail, said, takes_back, voids
from tests.services.metrics.oracle import Heard
from tests.services.metrics.said import histories
from tests.services.metrics.said.histories import Spoken
from tests.services.metrics.said.stepping import Steps
from tests.services.metrics.said.test_any_order import BERLIN
from tests.services.metrics.world import World

AT = "2026-03-02T10:00:00Z"
DAY = date(2026, 3, 2)

Rows = Counter[tuple[Any, ...]]


async def work_by_day(steps: Steps) -> Rows:
    """What KPIs of work may read: by day, whose it is and whether it is accepted."""
    found = await steps.rows(
        "SELECT day, learner_id, attester_id, 'evidence' FROM evidence UNION ALL "
        "SELECT day, learner_id, attester_id, 'accepted' FROM accepted_evidence UNION ALL "
        "SELECT day, learner_id, accepter_id, 'task' FROM tasks_accepted"
    )
    return Counter(map(tuple, found))


async def designed_by_day(steps: Steps) -> Rows:
    """What holds from its day on, and last its source."""
    found = await steps.rows(
        "SELECT day, learner_id, cohort, 'enrolments' FROM enrolments UNION ALL "
        "SELECT day, learner_id, 'act', 'programme' FROM leader_acts"
    )
    return Counter(map(tuple, found))


def changed(before: Rows, after: Rows) -> Rows:
    return (before - after) + (after - before)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(spoken=histories.spoken, heard=histories.heard, shuffle=st.randoms(use_true_random=False))
async def test_every_day_whose_rows_change_is_noted(
    world: World, spoken: list[Spoken], heard: list[Heard], shuffle: Random
) -> None:
    await world.fresh(BERLIN)
    steps, records = Steps(world), [each.record for each in spoken]
    records += [histories.heard_record(each) for each in heard]
    shuffle.shuffle(records)
    work, designed = await work_by_day(steps), await designed_by_day(steps)
    for record in records:
        noted = await steps.take(record)
        after, then = await work_by_day(steps), await designed_by_day(steps)
        for day, *_ in changed(work, after):
            assert any(each.first <= day <= each.last for each in noted if each.source != Source.PEOPLE), (day, noted)
        for day, *_, source in changed(designed, then):
            own = [each for each in noted if each.source == source]
            assert any(each.first <= day and each.last == LAST_DAY for each in own), (day, noted)
        work, designed = after, then


async def test_each_source_notes_its_days(world: World) -> None:
    steps = Steps(world)
    task = {"system": "jira", "id": "1"}
    eligible = {"task": task, "skill": "sql", "person": mail("ann"), "from": AT, "due_at": "2026-03-06T10:00:00Z"}
    assert await steps.take(said("work.task-eligible", eligible)) == [Change(Source.WORK, DAY, date(2026, 3, 6))]
    enrolled = {"pathway": "p", "cohort": "c", "learner": mail("ann"), "at": AT, "assigned": "chosen"}
    assert await steps.take(said("programme.learner-enrolled", enrolled)) == [Change(Source.ENROLMENTS, DAY)]
    system = {"system": "lms", "kind": "learning"}
    assert await steps.take(said("programme.system-registered", system)) == [Change(Source.PROGRAMME, FIRST_DAY)]
    rated = {"person_id": "ann", "cycle": "1", "cycle_closed_at": AT, "rating": "A", "is_top": True}
    assert await steps.take(said("people.performance-rated", rated)) == [Change(Source.PEOPLE, DAY)]


async def test_a_copy_notes_nothing_and_a_rescission_the_days_of_what_it_undoes(world: World) -> None:
    steps = Steps(world)
    record = said("evidence.skill-applied", applied("ann", "bob", AT), id_="one")
    assert await steps.take(record) == [Change(Source.WORK, DAY, DAY)]
    assert await steps.take(record) == []
    assert await steps.take(takes_back("work", "one")) == []
    assert await steps.take(takes_back("evidence", "one")) == [Change(Source.WORK, DAY, DAY)]
    assert await steps.take(takes_back("evidence", "two")) == []
    assert await steps.take(said("evidence.skill-applied", applied("ann", "bob", AT), id_="two")) == []


async def test_a_link_notes_the_days_of_all_that_names_whom_it_moves(world: World) -> None:
    steps = Steps(world)
    later = applied("bob", "ann", "2026-03-20T10:00:00Z")
    other = applied("cem", "dee", "2026-05-20T10:00:00Z")
    for data in (applied("ann", "bob", AT), later, other):
        await steps.take(said("evidence.skill-applied", data))
    assert await steps.take(linked("p-ann", mail("ann"))) == [Change(Source.WORK, DAY, date(2026, 3, 20))]
    assert await steps.take(linked("p-eve", mail("eve"))) == []


async def noted(world: World) -> set[Change]:
    async with world.database.sessions.begin() as session:
        rows = await session.execute(text("DELETE FROM changes RETURNING source, first_day, last_day"))
        return {Change(Source(source), *days) for source, *days in rows}


async def test_the_refresher_notes_the_days_that_it_wrote(world: World) -> None:
    gone = fresh_id()
    await world.takes([did("ann", "completed", "a", AT, id_=gone), linked("bob", mail("bob"))], publishers=0)
    assert await noted(world) == {Change(Source.LEARNING, DAY, DAY)}
    await world.takes([voids(gone)], publishers=0)
    assert await noted(world) == {Change(Source.LEARNING, DAY, DAY)}
