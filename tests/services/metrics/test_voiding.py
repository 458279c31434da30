"""Voids: whenever they come, of whatever, and what else changes with them."""

from datetime import date

import pytest

from tests.services.metrics.build import REGISTRATION, did, fresh_id, voids
from tests.services.metrics.world import World

MARCH = date(2026, 3, 1)


async def completions(world: World) -> object:
    return (await world.point("completions", MARCH)).value


async def hours(world: World) -> object:
    return (await world.point("learning-hours", MARCH)).value


@pytest.mark.parametrize("early", [True, False])
async def test_a_void_counts_before_and_after_its_target(world: World, early: bool) -> None:
    gone = fresh_id()
    both = [did("ann", "completed", "a", "2026-03-02T09:00:00Z", id_=gone), voids(gone)]
    for record in both[::-1] if early else both:
        await world.takes([record])
    assert await completions(world) == 0


async def test_voiding_a_void_does_nothing(world: World) -> None:
    gone, void = fresh_id(), fresh_id()
    await world.takes(
        [voids(void), did("ann", "completed", "a", "2026-03-02T09:00:00Z", id_=gone), voids(gone, id_=void)]
    )
    await world.takes([voids(void)])
    assert await completions(world) == 0


async def test_a_void_with_a_taken_id_is_none(world: World) -> None:
    kept, taken = fresh_id(), fresh_id()
    await world.takes([
        did("ann", "completed", "a", "2026-03-02T09:00:00Z", id_=kept),
        did("ann", "completed", "b", "2026-03-02T09:00:00Z", id_=taken),
    ])  # fmt: skip
    await world.takes([voids(kept, id_=taken)])
    assert await completions(world) == 2


async def test_the_copy_after_a_voided_one_stays_voided(world: World) -> None:
    gone = fresh_id()
    await world.takes([did("ann", "completed", "a", "2026-03-02T09:00:00Z", id_=gone), voids(gone)])
    await world.takes([did("ann", "completed", "b", "2026-03-03T09:00:00Z", id_=gone)])
    assert await completions(world) == 0


async def test_the_void_of_one_redelivery_leaves_the_other(world: World) -> None:
    # The lower id counts, in course c; once it is voided the other does, in course d. Either way half an hour.
    low, high = sorted([fresh_id(), fresh_id()])
    sent = {"c": low, "d": high}
    await world.takes([
        did("ann", "completed", "a", "2026-03-02T09:00:00Z", took="PT30M", course=course, id_=id_, id_assigned=True)
        for course, id_ in sent.items()
    ])  # fmt: skip
    # Statements in course d make the difference: estimated on their own, nothing beside a duration.
    await world.takes([did("ann", "interacted", "x", f"2026-03-02T1{at}:00Z", course="d") for at in ("1:00", "1:20")])
    assert await hours(world) == pytest.approx(50 / 60)
    await world.takes([voids(low)])
    assert await hours(world) == 0.5
    await world.takes([voids(high)])
    assert await hours(world) == pytest.approx(20 / 60)


async def test_a_redelivery_that_counts_instead_takes_the_others_time_away(world: World) -> None:
    # First comes the higher id: half an hour in course c. Then the lower, which counts: ten minutes in course d.
    low, high = sorted([fresh_id(), fresh_id()])
    at = "2026-03-02T09:00:00Z"
    await world.takes([did("ann", "completed", "a", at, took="PT30M", course="c", id_=high, id_assigned=True)])
    assert await hours(world) == 0.5
    await world.takes([did("ann", "completed", "a", at, took="PT10M", course="d", id_=low, id_assigned=True)])
    assert await hours(world) == pytest.approx(10 / 60)


async def test_a_registration_left_to_one_learner_tells_sessions_apart_again(world: World) -> None:
    # Shared, R is ignored: ann's courses are apart, 20 minutes in c. Hers alone, it is one group of 40.
    gone = fresh_id()
    await world.takes([
        did("ann", "interacted", "x", "2026-03-02T09:00:00Z", course="c", registration=REGISTRATION),
        did("ann", "interacted", "x", "2026-03-02T09:20:00Z", course="c", registration=REGISTRATION),
        did("ann", "interacted", "x", "2026-03-02T09:40:00Z", course="d", registration=REGISTRATION),
        did("bob", "interacted", "x", "2026-03-02T09:00:00Z", course="c", registration=REGISTRATION, id_=gone),
    ])  # fmt: skip
    assert await hours(world) == pytest.approx(20 / 60)
    await world.takes([voids(gone)])
    assert await hours(world) == pytest.approx(40 / 60)
