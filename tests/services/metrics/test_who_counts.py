"""Who is in a numerator, who is in a denominator, and who is shown beside them."""

import hashlib
from datetime import date

import pytest

from praxis_events.contracts import contracts
from praxis_events.contracts.directory import IdentityLinked, IdentityUnlinked, PeopleRescinded
from praxis_events.log import NewRecord
from praxis_events.topics import DEAD_LETTERS, DIRECTORY
from praxis_metrics.calendar import Grain
from praxis_metrics.placing.employment import is_contractor
from praxis_metrics.placing.kept import KEPT
from praxis_metrics.series import Point
from praxis_people.identifiers import SHARED
from tests.fixtures.golden import examples
from tests.services.metrics.build import (
    REGISTRATION,
    did,
    fresh_id,
    hired,
    leave,
    left,
    linked,
    mail,
    rescinded,
    staff,
    unlinked,
)
from tests.services.metrics.world import World, people

KPI = "monthly-active-learners"
PUBLISHED = (KPI, "learning-hours", "active-days")
FEBRUARY, MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


async def months(world: World) -> list[Point]:
    return (await world.series(KPI, FEBRUARY, APRIL, Grain.MONTH)).points


def acts(who: str, *days: str) -> list[NewRecord]:
    return [did(who, "interacted", "a", f"2026-{day}T09:00:00Z") for day in days]


async def test_leavers_stay_in_the_months_they_worked(world: World) -> None:
    # dan works until 15 March. February: 1 of 1; March: 1 of 1; April: active, but nobody is employed: 0 of 0.
    await world.takes([
        hired("dan", "2020-01-01T00:00:00Z"), left("dan", "2026-03-15T00:00:00Z"), linked("dan", mail("dan")),
        *acts("dan", "02-10", "03-10", "04-10"),
    ])  # fmt: skip
    assert [(p.value, p.numerator, p.denominator) for p in await months(world)] == [(1, 1, 1), (1, 1, 1), (1, 0, 0)]


async def test_whoever_is_on_leave_throughout_is_in_no_denominator(world: World) -> None:
    # ann is away from 10 February to 20 April. She is counted in February and in April, not in March, though she reads
    # something there. bob is counted throughout.
    await world.takes([
        *staff("ann", "bob"),
        leave("started", "ann", "2026-02-10T00:00:00Z"), leave("ended", "ann", "2026-04-20T00:00:00Z"),
        *acts("ann", "02-05", "03-10", "04-25"),
    ])  # fmt: skip
    assert [(p.value, p.numerator, p.denominator) for p in await months(world)] == [(1, 1, 2), (1, 0, 1), (1, 1, 2)]
    assert [p.detail["not_employed"] for p in await months(world)] == [0, 1, 0]


async def test_contractors_are_shown_apart_and_counted_from_the_day_they_are_employed(world: World) -> None:
    # con is a contractor until 1 April, then an employee; ann is an employee. Both act in every month.
    await world.takes([
        *staff("ann"),
        hired("con", "2025-01-01T00:00:00Z", worker_type="Contractor"), hired("con", "2026-04-01T00:00:00Z"),
        linked("con", mail("con")), *acts("ann", "02-10", "03-10", "04-10"), *acts("con", "02-10", "03-10", "04-10"),
    ])  # fmt: skip
    found = await months(world)
    assert [(p.value, p.numerator, p.denominator) for p in found] == [(2, 1, 1), (2, 1, 1), (2, 2, 2)]
    assert [(p.detail["contractors"], p.detail["not_employed"], p.unmatched) for p in found] == [
        (1, 1, 0), (1, 1, 0), (0, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "worker_type", ["contractor", "CONTRACTOR", "external", "Contingent Worker", "contingent_worker"]
)
def test_contractors_by_worker_type(worker_type: str) -> None:
    assert is_contractor(worker_type)


@pytest.mark.parametrize("worker_type", [None, "employee", "intern", "contract manager", ""])
def test_all_others_are_employees(worker_type: str | None) -> None:
    assert not is_contractor(worker_type)


async def test_without_a_directory_counts_stand_and_rates_are_null(world: World) -> None:
    await world.takes([*acts("ann", "03-10"), linked("ann", mail("ann"))])
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator) == (1, None, None)
    empty = await world.point(KPI, APRIL)
    assert (empty.value, empty.numerator, empty.denominator, empty.detail["stickiness"]) == (0, None, None, None)


async def test_a_rescinded_hire_was_never_one(world: World) -> None:
    mistake = fresh_id()
    await world.takes([*staff("ann"), hired("bob", "2020-01-01T00:00:00Z", id_=mistake), linked("bob", mail("bob"))])
    await world.takes(acts("bob", "03-10"))
    assert (await world.point(KPI, MARCH)).denominator == 2
    await world.takes([rescinded(mistake)])
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.detail["not_employed"]) == (1, 0, 1, 1)


async def test_the_last_hire_rescinded_leaves_no_directory(world: World) -> None:
    mistake = fresh_id()
    await world.takes([rescinded(mistake), hired("bob", "2020-01-01T00:00:00Z", id_=mistake), *acts("bob", "03-10")])
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator) == (1, None, None)


async def test_a_rescinded_departure_restores_the_months_after_it(world: World) -> None:
    mistake = fresh_id()
    await world.takes([*staff("ann"), left("ann", "2026-03-01T00:00:00Z", id_=mistake), *acts("ann", "03-10")])
    assert (await world.point(KPI, MARCH)).denominator == 0
    await world.takes([rescinded(mistake)])
    point = await world.point(KPI, MARCH)
    assert (point.numerator, point.denominator) == (1, 1)


async def test_a_link_moves_history_and_undoing_it_moves_it_back(world: World) -> None:
    # ann's LMS account and her mail address act on one day; they are two learners until HR says that both are hers.
    account = {"account": {"homePage": "https://lms.example", "name": "7"}}
    joined = fresh_id()
    await world.takes([
        *staff("ann"), *acts("ann", "03-10"), did(account, "completed", "b", "2026-03-10T10:00:00Z", took="PT1H"),
    ])  # fmt: skip

    async def found() -> list[tuple[object, object, object]]:
        points = [await world.point(kpi, MARCH) for kpi in (KPI, "learning-hours", "active-days")]
        return [(point.value, point.numerator, point.unmatched) for point in points]

    apart, together = [(2, 1, 1), (1, 0, 1), (2, 1, 1)], [(1, 1, 0), (1, 1, 0), (1, 1, 0)]
    assert await found() == apart
    await world.takes([linked("ann", account, id_=joined)])
    assert await found() == together
    await world.takes([rescinded(joined)])
    assert await found() == apart
    await world.takes([linked("ann", account)])
    assert await found() == together
    await world.takes([unlinked("ann", account)])
    assert await found() == apart


async def test_a_registration_of_two_who_turn_out_to_be_one_is_theirs_alone(world: World) -> None:
    # Two learners share R, so courses are apart: 20 minutes in c, a single statement in d. Of one learner, R is one
    # group, from 09:00 to 09:40.
    account = {"account": {"homePage": "https://lms.example", "name": "7"}}
    await world.takes([
        *staff("ann"),
        did("ann", "interacted", "x", "2026-03-10T09:00:00Z", course="c", registration=REGISTRATION),
        did("ann", "interacted", "x", "2026-03-10T09:20:00Z", course="c", registration=REGISTRATION),
        did(account, "interacted", "x", "2026-03-10T09:40:00Z", course="d", registration=REGISTRATION),
    ])  # fmt: skip
    assert (await world.point("learning-hours", MARCH)).value == pytest.approx(20 / 60)
    await world.takes([linked("ann", account)])
    assert (await world.point("learning-hours", MARCH)).value == pytest.approx(40 / 60)
    await world.takes([unlinked("ann", account)])
    assert (await world.point("learning-hours", MARCH)).value == pytest.approx(20 / 60)


@pytest.mark.parametrize("sent", ["ann@example.org", "mailto:ann@example.org"])
async def test_a_hash_is_the_address_that_it_is_a_hash_of(world: World, sent: str) -> None:
    hashed = {"mbox_sha1sum": hashlib.sha1(sent.encode()).hexdigest().upper()}
    await world.takes([did(hashed, "interacted", "a", "2026-03-10T09:00:00Z")])
    await world.takes(
        [*staff("ann"), did({"mbox": "mailto:ANN@example.org"}, "interacted", "a", "2026-03-10T10:00:00Z")]
    )
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.unmatched) == (1, 1, 0)


async def test_an_address_and_its_hash_are_one_learner_even_when_nobody_claims_either(world: World) -> None:
    hashed = {"mbox_sha1sum": hashlib.sha1(b"mailto:zoe@example.org").hexdigest()}
    await world.takes([did(hashed, "interacted", "a", "2026-03-10T09:00:00Z"), *acts("zoe", "03-11")])
    point = await world.point(KPI, MARCH)
    assert (point.value, point.unmatched) == (1, 1)


async def test_an_identifier_of_two_persons_is_nobodys_until_one_gives_it_up(world: World) -> None:
    await world.takes([*staff("ann", "bob"), linked("bob", mail("ann")), *acts("ann", "03-10")])
    disputed = await world.point(KPI, MARCH)
    assert (disputed.value, disputed.numerator, disputed.unmatched) == (1, 0, 1)
    await world.takes([unlinked("ann", mail("ann"))])
    settled = await world.point(KPI, MARCH)
    assert (settled.value, settled.numerator, settled.unmatched) == (1, 1, 0)


async def test_a_shared_identifier_is_nobodys_whoever_claims_it(world: World) -> None:
    await world.takes([*staff("ann"), linked(SHARED, mail("ann")), *acts("ann", "03-10")])
    shared = await world.point(KPI, MARCH)
    assert (shared.value, shared.numerator, shared.unmatched) == (1, 0, 1)
    await world.takes([unlinked(SHARED, mail("ann"))])
    own = await world.point(KPI, MARCH)
    assert (own.value, own.numerator, own.unmatched) == (1, 1, 0)


async def test_what_metrics_do_not_use_yet_of_people_passes_by(world: World) -> None:
    used = {*KEPT, IdentityLinked, IdentityUnlinked, PeopleRescinded}
    unused = [each.type for each in contracts() if each.topic is DIRECTORY and each.model not in used]
    assert "praxis.people.review-completed.v1" in unused
    dead = [DEAD_LETTERS.name]
    before = await world.log.end_positions(dead)
    await world.takes([
        *[people(type_.split(".")[2], data, id_=fresh_id()) for type_ in unused for data in examples(type_)],
        *staff("ann", "bob"), *acts("ann", "03-10"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.numerator, point.denominator) == (1, 2)
    assert await world.log.end_positions(dead) == before
