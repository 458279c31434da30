"""What is observed of single people, worked out by hand; and, over random histories, as the naive oracles have it."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from praxis_metrics.programme.observing import OBSERVED
from praxis_metrics.programme.observing.observed import Observation, Share, Window, observe
from praxis_metrics.programme.pilots.groups import group
from tests.services.metrics.build import did, hired, linked, mail, staff
from tests.services.metrics.careers import reviewed
from tests.services.metrics.habits import coached, designed, done, hours
from tests.services.metrics.histories import PERSONS
from tests.services.metrics.oracle import Heard, Told
from tests.services.metrics.oracles import impact_histories
from tests.services.metrics.oracles.impact import ImpactOracle, the_oracle
from tests.services.metrics.placement_oracle import PlacementOracle
from tests.services.metrics.said.histories import Spoken, heard_record
from tests.services.metrics.working import accepted, eligible, mapped, outcome, shown, used
from tests.services.metrics.world import World, statement

BERLIN = ZoneInfo("Europe/Berlin")
SINCE = "2020-01-01T00:00:00Z"
MARCH = (date(2026, 3, 2), date(2026, 3, 31))
MATURE = date(2026, 9, 1)


async def seen(
    world: World, kpi: str, windows: Sequence[Window], through: date = MATURE, skill: str | None = None
) -> list[Observation]:
    async with world.database.sessions.begin() as session:
        return await observe(session, OBSERVED[kpi], windows, through, skill)


async def test_each_kpi_by_person(world: World) -> None:
    # 2 to 31 March, thirty days. ann and bob are at work; cem is hired for the 17th, so for half of it; dee is unknown
    # to the directory. What lies before the 2nd counts for nothing, but as a history of tasks.
    people = ["ann", "bob", "cem", "dee"]
    await world.takes([
        *staff("ann"), hired("bob", SINCE, manager="ann"), linked("bob", mail("bob")),
        hired("cem", "2026-03-17T00:00:00Z", working_days=["monday"]), linked("cem", mail("cem")),
        mapped("a", "sql"), mapped("b", "go"), designed("sprint"),
        # ann: an hour on the 1st and on each of the 3rd, 4th and 9th; bob half an hour on the 31st.
        *[did("ann", "completed", "a", f"2026-03-{day}T09:00:00Z", took="PT1H") for day in ("01", "03", "04", "09")],
        did("bob", "completed", "b", "2026-03-31T09:00:00Z", took="PT30M"),
        did("bob", "registered", "b", "2026-03-30T09:00:00Z"), did("dee", "completed", "a", "2026-03-30T09:00:00Z"),
        # ann had completed a on the 1st first; bob learned go on the 31st and uses it, as does ann sql, too early.
        used("bob", "ann", "2026-04-10T09:00:00Z", skill="go"), used("ann", "bob", "2026-03-01T10:00:00Z"),
        eligible("ann", "e1", "2026-03-05T09:00:00Z"), eligible("ann", "e2", "2026-03-05T09:00:00Z"),
        eligible("ann", "e3", "2026-03-05T09:00:00Z", skill="go"), shown("ann", "e1", "2026-04-05T09:00:00Z"),
        # bob took 60, 120 and 60 minutes in 2025: of 30 minutes, 0.5 hours less; ann's saving is told.
        *[accepted("bob", f"h{n}", "2025-11-02T09:00:00Z", worked_minutes=60 * each, by="ann")
          for n, each in enumerate((1, 2, 1))],
        accepted("bob", "t1", "2026-03-06T09:00:00Z", worked_minutes=30, rounds=3, by="ann"),
        accepted("bob", "t2", "2026-03-07T09:00:00Z", worked_minutes=90, rounds=1, by="ann"),
        shown("ann", "t3", "2026-03-08T09:00:00Z", outcome("minutes", 120, 60),
              outcome("errors", 3, 1, opportunities=1_000)),
        reviewed("ann", "2026-03-10T09:00:00Z"), reviewed("bob", "2026-02-10T09:00:00Z"),
        done("ann", "sprint", "2026-03-02T09:00:00Z"), done("cem", "sprint", "2026-03-23T09:00:00Z"),
        hours("booked", "2026-03-03T08:30:00Z", "2026-03-03T10:30:00Z", person=mail("ann")),
        coached("bob", "ann", "2026-03-05T09:00:00Z"), coached("bob", "ann", "2026-03-06T09:00:00Z"),
        coached("cem", "ann", "2026-03-05T09:00:00Z"), coached("ann", "bob", "2026-03-05T09:00:00Z"),
    ], publishers=0)  # fmt: skip
    windows = [Window(person, *MARCH) for person in people]
    nothing, half = Share(0, 0), Share(0, 0.5)
    expected: dict[str, list[Observation]] = {
        "learning-hours": [Share(3, 1), Share(0.5, 1), half, nothing],
        "active-days": [Share(3, 1), Share(1, 1), half, nothing],
        "completions": [Share(3, 1), Share(1, 1), half, nothing],
        "enrolments": [Share(0, 1), Share(1, 1), half, nothing],
        # Thirty days are one stretch of thirty and four whole weeks; cem is at work in the third, from 16 March, and
        # fourth; bob's 31st lies in none.
        "monthly-active-learners": [Share(1, 1), Share(1, 1), Share(0, 1), nothing],
        "participation": [Share(2, 4), Share(0, 4), Share(0, 2), nothing],
        "application-rate": [nothing, Share(1, 1), nothing, nothing],
        "tasks-with-new-skills": [Share(1, 3), nothing, nothing, nothing],
        "productivity": [nothing, Share(2, 2), nothing, nothing],
        "revision-cycles": [(), [1, 3], (), ()],
        "time-saved": [[1], [-0.5, 0.5], (), ()],
        "error-reduction": [[2], (), (), ()],
        "review-citation": [Share(0, 1), nothing, nothing, nothing],
        # Working days from the 2nd to the 31st: 22; cem's Mondays: the 23rd and 30th.
        "micro-habits": [Share(1, 22), Share(0, 22), Share(1, 2), nothing],
        "protected-hours": [Share(0.5, 2), nothing, nothing, nothing],
        # ann is above bob.
        "peer-coaching": [Share(2, 1), Share(0, 1), half, nothing],
    }  # fmt: skip
    assert expected.keys() == OBSERVED.keys()
    for kpi, wanted in expected.items():
        observed = await seen(world, kpi, windows)
        assert {type(each) for each in observed} <= {Share, tuple}, "people can be put in order, whoever has nothing"
        for person, found, each in zip(people, observed, wanted, strict=True):
            assert list(found) == pytest.approx(list(each)), (kpi, person)
    of_sql = await seen(world, "tasks-with-new-skills", windows[:1], skill="sql")
    assert of_sql == [Share(1, 2)]
    assert await seen(world, "application-rate", windows[1:2], date(2026, 4, 29)) == [nothing]
    assert await seen(world, "application-rate", windows[1:2], skill="sql") == [nothing]


async def test_windows_of_ones_own_and_far_apart(world: World) -> None:
    # Three windows of one person, two of which overlap: a day counts in each that it lies in, and a year between is not
    # counted at all. The habit is due on each of five working days.
    await world.takes([
        *staff("ann"), designed("sprint"),
        *[did("ann", "completed", "a", f"2026-03-0{day}T09:00:00Z") for day in (2, 3)],
        done("ann", "sprint", "2026-03-03T09:00:00Z"),
    ], publishers=0)  # fmt: skip
    windows = [
        Window("ann", date(2026, 3, 2), date(2026, 3, 2)), Window("ann", date(2026, 3, 2), date(2026, 3, 6)),
        Window("ann", date(2024, 3, 4), date(2024, 3, 8)), Window("nobody", date(2026, 3, 2), date(2026, 3, 6)),
    ]  # fmt: skip
    assert await seen(world, "active-days", windows) == [Share(1, 1), Share(2, 1), Share(0, 1), Share(0, 0)]
    assert await seen(world, "micro-habits", windows) == [Share(0, 1), Share(1, 5), Share(0, 5), Share(0, 0)]
    assert await seen(world, "micro-habits", []) == []


WINDOWS = [
    Window(person, first, first + timedelta(days=days))
    for person in PERSONS
    for first, days in ((date(2025, 11, 1), 29), (date(2026, 3, 28), 3), (date(2026, 3, 30), 29))
]


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(spoken=impact_histories.histories_of_work(), heard=impact_histories.heard, told=impact_histories.completions)
async def test_every_person_and_group_is_what_the_naive_oracle_finds(
    world: World, spoken: list[Spoken], heard: list[Heard], told: list[Told]
) -> None:
    await world.fresh(BERLIN)
    statements = [statement(each.body, credential=each.credential, id_assigned=each.id_assigned) for each in told]
    records = [*(each.record for each in spoken), *(heard_record(each) for each in heard), *statements]
    await world.takes(records, publishers=0)
    oracle, placement = the_oracle(spoken, heard, told, BERLIN), PlacementOracle(heard, BERLIN)
    for kpi in ("productivity", "revision-cycles", "time-saved", "completions", "active-days"):
        found = await seen(world, kpi, WINDOWS)
        for window, each in zip(WINDOWS, found, strict=True):
            assert list(each) == pytest.approx(list(expected_of(oracle, kpi, window))), (kpi, window)
    for day in (date(2026, 3, 28), date(2026, 4, 3)):
        for of in ({"unit": "u"}, {"unit": "v", "role": "r"}, {"role": "s"}):
            standing = placement.slices_on(day)
            wanted = {
                person for person in PERSONS
                if oracle.people.employed_on(("person", person), day)
                and all((person, *slice_) in standing for slice_ in of.items())
            }  # fmt: skip
            async with world.database.sessions.begin() as session:
                assert (await group(session, of, day)).people == wanted, (day, of)


def expected_of(oracle: ImpactOracle, kpi: str, window: Window) -> Sequence[float]:
    learner = ("person", window.person_id)
    days = [window.first + timedelta(days=n) for n in range((window.last - window.first).days + 1)]
    employed = [day for day in days if oracle.people.employed_on(learner, day)]
    if kpi in ("completions", "active-days"):
        present = sum(window.person_id in oracle.people.headcount([day]) for day in days) / len(days)
        done_ = sum(oracle.people._amount(kpi, learner, day) for day in employed)
        return (done_, present) if present else (0, 0)
    figures = sorted(row.figure for row in oracle.rows(kpi) if row.learner == learner and row.day in employed)
    if kpi == "productivity":
        return (len(figures), sum(figures)) if sum(figures) else (0, 0)
    return figures
