"""Figures by unit and role, hidden where few people are behind them, as their readers get them."""

from datetime import date

from sqlalchemy import text

from praxis_events.log import NewRecord
from praxis_metrics.calendar import Grain
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import did, fresh_id, linked, mail, said, staff, takes_back, voids
from tests.services.metrics.working import outcome, shown
from tests.services.metrics.world import World, people

MARCH = date(2026, 3, 1)


def employed(person: str, unit: str, role: str = "clerk") -> list[NewRecord]:
    data = {"person_id": person, "unit": unit, "role": role, "effective_at": "2026-01-01T00:00:00Z"}
    return [people("hired", data, id_=fresh_id()), linked(person, mail(person))]


def unit(name: str, parent: str | None = None) -> NewRecord:
    data = {"unit": name, "name": name, "effective_at": "2026-01-01T00:00:00Z"}
    return people("unit-defined", data if parent is None else {**data, "parent": parent}, id_=fresh_id())


def moved(person: str, to: str, at: str) -> NewRecord:
    return people("unit-changed", {"person_id": person, "unit": to, "effective_at": at}, id_=fresh_id())


def enrolled(person: str, cohort: str, at: str, *, id_: str | None = None) -> NewRecord:
    data = {"pathway": "sql", "cohort": cohort, "learner": mail(person), "at": at, "assigned": "chosen"}
    return said("programme.learner-enrolled", data, id_=id_)


def withdrawn(person: str, cohort: str, at: str) -> NewRecord:
    return said("programme.learner-withdrawn", {"pathway": "sql", "cohort": cohort, "learner": mail(person), "at": at})


def active(*names: str, day: int = 10) -> list[NewRecord]:
    return [did(name, "completed", "a", f"2026-03-{day:02}T09:00:00Z") for name in names]


async def test_a_unit_is_everybody_in_it_and_under_it(world: World) -> None:
    # sales holds north (ann, bob) and south (cem); ann and cem are active. ops holds dee, active there on the 10th, who
    # moves to north on the 20th. Roles: ann, bob and cem are clerks, dee is a smith.
    await world.takes([
        unit("sales"), unit("north", "sales"), unit("south", "sales"), unit("ops"),
        *employed("ann", "north"), *employed("bob", "north"), *employed("cem", "south"),
        *employed("dee", "ops", "smith"),
        moved("dee", "north", "2026-03-20T00:00:00Z"),
        *active("ann", "cem", "dee"),
    ])  # fmt: skip
    expected = {
        Slice("unit", "sales"): (2, 4), Slice("unit", "north"): (1, 3), Slice("unit", "south"): (1, 1),
        Slice("unit", "ops"): (1, 1), Slice("role", "clerk"): (2, 3), Slice("role", "smith"): (1, 1),
    }  # fmt: skip
    for of, figures in expected.items():
        point = await world.point("monthly-active-learners", MARCH, of=of)
        assert (point.value, point.denominator) == figures, of
        assert point.numerator == point.value


async def test_what_is_hidden_of_a_unit_cannot_be_subtracted(world: World) -> None:
    # Active are 3 of ops, 6 of north, 8 of south. ops is few; else it were 17 - 6 - 8. north, the smaller, goes too.
    world.threshold = 5
    names = {unit_: [f"{unit_}-{n}" for n in range(count)] for unit_, count in (("ops", 3), ("north", 6), ("south", 8))}
    staff = [record for unit_, some in names.items() for name in some for record in employed(name, unit_)]
    await world.takes(
        [*(unit(name) for name in names), *staff, *active(*(name for some in names.values() for name in some))]
    )
    shown = {}
    for name in names:
        point = await world.point("monthly-active-learners", MARCH, of=Slice("unit", name))
        shown[name] = None if point.suppressed else point.value
        assert point.suppressed == (point.value is None)
    assert shown == {"ops": None, "north": None, "south": 8}
    assert (await world.point("monthly-active-learners", MARCH)).value == 17


async def test_what_is_hidden_of_a_week_cannot_be_subtracted(world: World) -> None:
    # Weeks of the 2nd, 9th, 16th and 23rd of March: 3, 6, 7 and 9 people each; the month is all of them.
    world.threshold = 5
    weeks = {2: 3, 9: 6, 16: 7, 23: 9}
    await world.takes(
        [r for day, count in weeks.items() for r in active(*(f"{day}-{n}" for n in range(count)), day=day)]
    )
    points = (await world.series("monthly-active-learners", date(2026, 3, 2), date(2026, 3, 29), Grain.WEEK)).points
    assert [point.value for point in points] == [None, None, 7, 9]
    assert (await world.point("monthly-active-learners", MARCH)).value == 25


async def test_a_slice_that_nobody_is_in_has_no_figure(world: World) -> None:
    await world.takes([*employed("ann", "north"), *active("ann")])
    point = await world.point("monthly-active-learners", MARCH, of=Slice("unit", "nowhere"))
    assert (point.value, point.denominator, point.n) == (0, None, 0)


async def test_what_was_hidden_for_long_stays_so_when_late_data_come(world: World) -> None:
    # ops and north were hidden for days when three more of ops turn out to have been active: 6, 6 and 8 were no secret.
    # As ops was on show as hidden, 6 - 3 would be told by whoever counts the latecomers.
    world.threshold = 5
    names = {unit_: [f"{unit_}-{n}" for n in range(count)] for unit_, count in (("ops", 6), ("north", 6), ("south", 8))}
    staff = [record for unit_, some in names.items() for name in some for record in employed(name, unit_)]
    early = [name for unit_, some in names.items() for name in some[: 3 if unit_ == "ops" else None]]
    await world.takes([*staff, *active(*early)])
    async with world.database.sessions.begin() as session:
        await session.execute(text("UPDATE cells SET hidden_at = hidden_at - interval '3 days' WHERE hidden"))
    await world.takes(active(*names["ops"][3:]))
    points = [await world.point("monthly-active-learners", MARCH, of=Slice("unit", name)) for name in names]
    assert [point.value for point in points] == [None, None, 8]
    # Where nothing was settled they are shown.
    async with world.database.sessions.begin() as session:
        await session.execute(text("TRUNCATE settled_cells"))
        await session.execute(text("UPDATE cells SET hidden_at = now() WHERE hidden"))
    await world.takes(active("south-0", day=11))
    points = [await world.point("monthly-active-learners", MARCH, of=Slice("unit", name)) for name in names]
    assert [point.value for point in points] == [6, 6, 8]


async def test_what_a_months_units_hide_stays_hidden_when_another_month_is_published(world: World) -> None:
    # In March three of ops and two strangers are active: five, of whom two are too few to be told by subtraction.
    # April is somebody else's.
    world.threshold = 5
    await world.takes([*(r for n in range(3) for r in employed(f"ops-{n}", "ops")), *active("ops-0", "ops-1", "ops-2")])
    await world.takes(active("zoe", "yan"))
    assert (await world.point("monthly-active-learners", MARCH)).suppressed
    await world.takes([did(f"other-{n}", "completed", "a", "2026-04-10T09:00:00Z") for n in range(8)])
    assert (await world.point("monthly-active-learners", date(2026, 4, 1))).value == 8
    assert (await world.point("monthly-active-learners", MARCH)).suppressed


async def test_a_week_across_quarters_keeps_what_is_left_of_it(world: World) -> None:
    # The week of Monday, 30 March: active on the Monday, and on Thursday, 2 April, which is voided: one day is left.
    gone = fresh_id()
    await world.takes([
        did("ann", "completed", "a", "2026-03-30T09:00:00Z"),
        did("ann", "completed", "a", "2026-04-02T09:00:00Z", id_=gone),
    ])  # fmt: skip
    await world.takes([voids(gone)])
    assert (await world.point("active-days", date(2026, 4, 2), Grain.WEEK)).value == 1
    assert (await world.point("active-days", date(2026, 4, 2))).value == 0


async def test_a_pathway_is_everybody_from_their_enrolment_on(world: World) -> None:
    # ann and bob are enrolled on the 5th, in cohorts one and two; bob withdraws on the 7th and stays in. cem is
    # enrolled on the 20th, after he was active; dee's is taken back; zoe is unknown to the directory, and eve for now.
    gone = fresh_id()
    await world.takes([
        *(r for name in ("ann", "bob", "cem", "dee") for r in employed(name, "north")),
        *(enrolled(name, cohort, f"2026-03-{day:02}T09:00:00Z") for name, cohort, day in (
            ("ann", "one", 5), ("bob", "two", 5), ("cem", "one", 20), ("zoe", "one", 5), ("eve", "two", 5))),
        enrolled("dee", "one", "2026-03-05T09:00:00Z", id_=gone),
        withdrawn("bob", "two", "2026-03-07T09:00:00Z"),
        *active("ann", "bob", "cem", "dee", "zoe", "eve"),
        takes_back("programme", gone),
    ])  # fmt: skip
    assert await _learners(world, "pathway", "sql") == (2, 2, 3)
    assert await _learners(world, "cohort", "sql/one") == (1, 1, 2)
    assert await _learners(world, "cohort", "sql/two") == (1, 1, 1)
    # eve is hired as of January, and her name linked: she is in with all that she did.
    await world.takes(employed("eve", "north"))
    assert await _learners(world, "pathway", "sql") == (3, 3, 4)
    assert await _learners(world, "cohort", "sql/two") == (2, 2, 2)
    # Before anybody was enrolled nobody is in; in April all are, and nobody is active.
    assert (await world.point("active-days", date(2026, 2, 1), of=Slice("pathway", "sql"))).value == 0
    assert (await world.point("participation", date(2026, 3, 9), Grain.WEEK, Slice("pathway", "sql"))).value == 1


async def _learners(world: World, kind: str, name: str) -> tuple[float | None, float | None, float | None]:
    point = await world.point("monthly-active-learners", MARCH, of=Slice(kind, name))
    return point.value, point.numerator, point.denominator


async def test_what_is_hidden_of_a_cohort_cannot_be_subtracted_from_its_pathway(world: World) -> None:
    # Of the pathway's 17 active people 3 are in cohort one, 6 in two and 8 in three; 20 others are in none.
    world.threshold = 5
    cohorts = {name: [f"{name}-{n}" for n in range(count)] for name, count in (("one", 3), ("two", 6), ("three", 8))}
    names = [name for some in cohorts.values() for name in some]
    others = [f"other-{n}" for n in range(20)]
    await world.takes([
        *(record for name in (*names, *others) for record in employed(name, "north")),
        *(enrolled(name, cohort, "2026-03-02T09:00:00Z") for cohort, some in cohorts.items() for name in some),
        *active(*names, *others),
    ])  # fmt: skip
    shown = {name: await _learners(world, "cohort", f"sql/{name}") for name in cohorts}
    assert [figures[0] for figures in shown.values()] == [None, None, 8]
    assert (await _learners(world, "pathway", "sql"))[0] == 17


async def test_use_and_time_saved_are_told_by_pathway(world: World) -> None:
    # ann is enrolled before she learns SQL, and uses it on the 11th, in half an hour less; bob learns it as well.
    await world.takes([
        *staff("lead"), *employed("ann", "north"), *employed("bob", "north"),
        said("programme.activity-mapped",
             {"activity": "https://lms.example/a", "skills": [{"skill": "sql"}], "confirmed_by": mail("lead")}),
        enrolled("ann", "one", "2026-03-05T09:00:00Z"),
        *active("ann", "bob"),
        shown("ann", "t1", "2026-03-11T09:00:00Z", outcome("minutes", 90, 60)),
        shown("bob", "t2", "2026-05-20T09:00:00Z", outcome("minutes", 60, 60)),
    ])  # fmt: skip
    quarter, of = date(2026, 1, 1), Slice("pathway", "sql")
    rate = await world.point("application-rate", quarter, Grain.QUARTER, of)
    assert (rate.numerator, rate.denominator) == (1, 1)
    assert (await world.point("application-rate", quarter, Grain.QUARTER)).denominator == 2
    saved = await world.point("time-saved", quarter, Grain.QUARTER, Slice("cohort", "sql/one"))
    assert (saved.value, saved.n) == (0.5, 1)
