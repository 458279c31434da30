"""The barrier audit, worked out by hand."""

from datetime import date

import pytest
from sqlalchemy import text

from praxis_events.log import NewRecord
from praxis_metrics.programme.audit import findings_of, surveys_of
from praxis_metrics.programme.barriers import BARRIERS
from praxis_metrics.programme.cells import shown
from praxis_metrics.programme.quarters import asked_quarter
from tests.services.metrics.build import linked, mail, said, takes_back
from tests.services.metrics.careers import enrolled
from tests.services.metrics.programme.build import OWNER, TODAY, assigned, audited, reported, surveyed, told, updated
from tests.services.metrics.world import World

FEB = "2026-02-10T09:00:00Z"


async def test_prevalence_times_severity(world: World) -> None:
    # Four people named something: ann, bob, cem and one without a name. time: ann 5 (and 2 before: the highest counts),
    # bob 3: 2 of 4 × 4 = 2. access: cem 4, nameless 4: 2 of 4 × 4 = 2. manager: bob 1: 1 of 4 × 1 = 0.25.
    # time and access tie, named by as many: then by name.
    await told(world, [
        reported("ann", "time", 2, FEB), reported("ann", "time", 5, "2026-03-31T22:00:00Z"),
        reported("bob", "time", 3, FEB),
        reported("cem", "access", 4, FEB), reported(None, "access", 4, FEB), reported("bob", "manager", 1, FEB),
        reported("ann", "manager", 5, "2026-04-01T09:00:00Z"),
    ])  # fmt: skip
    found = await audited(world, "2026-Q1")
    assert [(each.barrier, each.rank, each.people, each.prevalence, each.severity) for each in found.values()] == [
        ("access", 1, 2, 0.5, 4.0),
        ("time", 2, 2, 0.5, 4.0),
        ("manager", 3, 1, 0.25, 1.0),
    ]
    assert [each.score for each in found.values()] == pytest.approx([2.0, 2.0, 0.25])
    # In the second quarter manager is the only one: rank 1, score 5.
    of_manager = found["manager"].next
    assert (of_manager.quarter, of_manager.rank, of_manager.score) == ("2026-Q2", 1, 5.0)
    assert (of_manager.rank_change, of_manager.score_change) == (-2, 4.75)
    assert found["time"].next.rank is None
    again = (await audited(world, "2026-Q2"))["manager"].previous
    assert (again.quarter, again.rank, again.score, again.rank_change, again.score_change) == (
        "2026-Q1",
        3,
        0.25,
        -2,
        4.75,
    )


async def test_declines_surveys_and_who_one_is(world: World) -> None:
    # ann left a pathway for want of time: severity 3. bob left "for a new job": no code. ann-2 is ann: one person, 5.
    # What was taken back counts nowhere. An answer to the first quarter's survey in April counts in the first.
    await told(world, [
        enrolled("ann", "sql", FEB), _withdrew("ann", " Time "), _withdrew("bob", "a new job"),
        surveyed("pulse", "2026-Q1", 10), reported("cem", "time", 1, "2026-04-02T09:00:00Z", survey="pulse"),
        reported(None, "access", 2, FEB, survey="pulse"), reported(None, "access", 2, FEB, survey="pulse"),
        reported(None, "time", 2, FEB, survey="pulse"), reported("dee", "access", 5, FEB, id_="gone"),
        takes_back("programme", "gone"), reported("ann-2", "time", 5, FEB), linked("ann", mail("ann"), mail("ann-2")),
    ])  # fmt: skip
    found = await audited(world, "2026-Q1")
    # time: ann 5, cem 1, nameless 2: 8 / 3. access: two without a name, 2 each.
    assert {each.barrier: (each.people, each.severity) for each in found.values()} == {
        "time": (3, pytest.approx(8 / 3)),
        "access": (2, 2.0),
    }
    async with world.database.sessions.begin() as session:
        quarter = asked_quarter("2026-Q1", TODAY)
        (pulse,) = await surveys_of(session, quarter, await shown(session, BARRIERS.name, quarter))
    # cem, and at least two without a name: two spoke of access.
    assert (pulse.invited, pulse.responded, pulse.response_rate) == (10, 3, 0.3)


def _withdrew(who: str, reason: str) -> NewRecord:
    data = {"pathway": "sql", "cohort": "c", "learner": mail(who), "at": FEB, "reason": reason}
    return said("programme.learner-withdrawn", data)


async def test_each_of_the_top_three_has_an_owner_or_is_a_finding(world: World) -> None:
    barriers = {"time": 5, "access": 4, "recognition": 3, "manager": 2}
    await told(world, [
        *[reported("ann", barrier, severity, FEB) for barrier, severity in barriers.items()],
        assigned("2026-Q1", "time", "2026-05-31"), updated("2026-Q1", "time", "in-progress"),
        assigned("2026-Q1", "access", "2026-05-31"), updated("2026-Q1", "access", "done"),
        assigned("2026-Q1", "relevance", "2026-06-30"), assigned("2026-Q2", "recognition", "2026-06-30"),
    ])  # fmt: skip
    found = await audited(world, "2026-Q1", date(2026, 6, 1))
    assert [(each.barrier, each.top, each.status, each.overdue) for each in found.values()] == [
        ("time", True, "in-progress", True),
        ("access", True, "done", False),
        ("recognition", True, None, False),
        ("manager", False, None, False),
        ("relevance", False, "open", False),
    ]
    assert (found["time"].owner, found["time"].due_on) == (OWNER, date(2026, 5, 31))
    findings = [(each.barrier, each.finding) for each in findings_of(list(found.values()))]
    assert findings == [("time", "overdue"), ("recognition", "no-owner")]


async def test_few_people_are_hidden_and_nothing_gives_them_away(world: World) -> None:
    # time 7, access 6, manager 2 of 15: manager is few; access, the smaller other, goes with it. No rank, no figure.
    world.threshold = 5
    await told(world, [
        reported(f"{barrier}-{n}", barrier, 3, FEB)
        for barrier, people in (("time", 7), ("access", 6), ("manager", 2)) for n in range(people)
    ])  # fmt: skip
    found = await audited(world, "2026-Q1")
    assert {each.barrier: (each.rank, each.people, each.suppressed) for each in found.values()} == {
        "time": (1, 7, False),
        "access": (None, None, True),
        "manager": (None, None, True),
    }
    assert found["manager"].severity is found["manager"].score is found["manager"].prevalence is None
    assert found["time"].prevalence == pytest.approx(7 / 15)


async def test_a_survey_for_no_year_of_the_calendar_stops_nothing(world: World) -> None:
    await told(world, [surveyed("odd", "0000-Q1", 5), reported("ann", "time", 3, FEB, survey="odd")])
    assert (await audited(world, "2026-Q1"))["time"].people == 1
    async with world.database.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM due")) == 0
