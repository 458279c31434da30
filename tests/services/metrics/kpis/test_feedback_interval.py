"""Feedback interval, worked out by hand. Feedback is received in March 2026, more than 180 days ago."""

from datetime import date

from praxis_events.log import NewRecord
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, left, linked, mail, moved, said, staff, takes_back
from tests.services.metrics.world import World, people

KPI = "feedback-interval"
MARCH = date(2026, 3, 1)
SINCE = "2020-01-01T00:00:00Z"


def coached(coach: str, learner: str, *days: str, id_: str | None = None) -> list[NewRecord]:
    named = {"coach": mail(coach), "learner": mail(learner)}
    return [said("work.coaching-held", {**named, "at": f"2026-{day}T09:00:00Z"}, id_=id_) for day in days]


def reviewed(person: str, reviewer: str, day: str) -> NewRecord:
    data = {"person_id": person, "reviewer_id": reviewer, "completed_at": f"2026-{day}T09:00:00Z"}
    return people("review-completed", {**data, "cited_evidence": [], "discussed_learning": False}, id_=fresh_id())


def rated(person: str, day: str) -> NewRecord:
    data = {"person_id": person, "cycle": day, "cycle_closed_at": f"2026-{day}T09:00:00Z"}
    return people("performance-rated", {**data, "rating": "good", "is_top": False}, id_=fresh_id())


async def test_median_of_waits_also_of_those_that_do_not_end(world: World) -> None:
    # ann: 2 and 9 March, twice on that day, then a review on 19 March, and no more: waits of 7, 10, and 180 or more.
    # bob: 2 March, then 6 April, by an address that is linked later; no more after that, which is April's. cem's second
    # is rescinded: he waits 180 days or more. Waits: 7, 10, 35, and two of 180+. Still waiting after 7 days 4 of 5,
    # after 10 3 of 5, after 35 2 of 5: the median is 35. zoe is unknown.
    gone = fresh_id()
    await world.takes([
        *staff("ann", "bob", "cem", "dee"),
        *coached("dee", "ann", "03-02", "03-09", "03-09"), reviewed("ann", "dee", "03-19"),
        *coached("dee", "bob", "03-02"), *coached("dee", "bob-2", "04-06"),
        *coached("dee", "cem", "03-02"), *coached("dee", "cem", "03-04", id_=gone), takes_back("work", gone),
        *coached("dee", "zoe", "03-02"), *coached("dee-2", "dee", "03-02"),
        linked("bob", mail("bob-2")), linked("dee", mail("dee-2")),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n, point.unmatched) == (35, 3, 5, 3, 1)
    assert point.interval is None  # its upper end is not reached
    assert point.detail == {"manager_notes": 0, "gradings": 0, "notes_per_grading": None}


async def test_leavers_wait_until_they_leave(world: World) -> None:
    # ann waits 3 days, then 180 or more; cem 20, then 180 or more. bob works until the 11th: he has waited 9 days, and
    # what is told of the 20th is not his any more. eli had left before. So of five waits two end. After 3 days 4 of 5
    # still wait; bob is gone then, and after 20 days 4/5 * 2/3 = 0.53 wait: the median is not reached, though the mean
    # of those that ended is 11.5 days.
    await world.takes([
        *staff("ann", "bob", "cem", "eli", "lea"),
        left("bob", "2026-03-12T00:00:00Z"), left("eli", "2026-03-01T00:00:00Z"),
        *coached("lea", "ann", "03-02", "03-05"), *coached("lea", "bob", "03-02", "03-20"),
        *coached("lea", "cem", "03-02", "03-22"), *coached("lea", "eli", "03-02", "03-03"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator, point.n) == (None, 2, 5, 3)


async def test_notes_of_managers_against_gradings(world: World) -> None:
    # max (south) leads ann (north) until the 15th: his notes of the 2nd and 9th are a manager's, told twice; that of
    # the 20th a colleague's. ann and bob are rated. In north: waits of 7 and 11 days and one that does not end: 11 is
    # the first day on which fewer than half of them wait. 2 notes on 1 grading in north; 2 on 2 in all.
    await world.takes([
        hired("max", SINCE, unit="south"), hired("ann", SINCE, unit="north", manager="max"),
        hired("bob", SINCE, unit="south"), *(linked(name, mail(name)) for name in ("max", "ann", "bob")),
        moved("ann", "2026-03-15T00:00:00Z", manager_id=None),
        *coached("max", "ann", "03-02", "03-09", "03-09", "03-20"),
        rated("ann", "03-31"), rated("bob", "03-31"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert point.detail == {"manager_notes": 2, "gradings": 2, "notes_per_grading": 1}
    north = await world.point(KPI, MARCH, of=Slice("unit", "north"))
    assert (north.value, north.numerator, north.denominator, north.n) == (11, 2, 3, 1)
    assert north.detail == {"manager_notes": 2, "gradings": 1, "notes_per_grading": 2}
