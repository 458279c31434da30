"""Visible leader participation, worked out by hand. It is March 2026."""

from datetime import date

import pytest

from praxis_events.log import NewRecord
from praxis_metrics.lattice import Slice
from tests.services.metrics.build import fresh_id, hired, leave, left, linked, mail, moved, said, takes_back
from tests.services.metrics.world import World, people

KPI = "visible-leader-participation"
MARCH = date(2026, 3, 1)
SINCE = "2020-01-01T00:00:00Z"
DETAIL = {"models": 0, "sponsors": 0, "allocates": 0, "discusses": 0, "celebrates": 0}


def acted(who: str, behaviour: str, at: str, *, by: str | None = "ann", id_: str | None = None) -> NewRecord:
    data = {"person": mail(who), "behaviour": behaviour, "at": at}
    return said("programme.leader-acted", data if by is None else {**data, "reported_by": mail(by)}, id_=id_)


def reviewed(person: str, reviewer: str, at: str, *, discussed: bool = True) -> NewRecord:
    data = {"person_id": person, "reviewer_id": reviewer, "completed_at": at, "cited_evidence": []}
    return people("review-completed", {**data, "discussed_learning": discussed}, id_=fresh_id())


def under(person: str, manager: str | None, unit: str = "sales") -> list[NewRecord]:
    return [hired(person, SINCE, manager=manager, unit=unit), linked(person, mail(person))]


async def test_leaders_who_were_seen_of_all_leaders(world: World) -> None:
    # top leads max and eva; max leads ann; eva leads bob; gus led cem, but left in February: no leader. max is seen to
    # model learning, twice, once by an address linked to him later. eva's act is rescinded, and what she reports of
    # herself under another address is nothing. ann has no report. zoe is unknown. So 1 of top, max and eva.
    gone = fresh_id()
    await world.takes([
        *under("top", None), *under("max", "top"), *under("eva", "top"), *under("ann", "max"), *under("bob", "eva"),
        *under("gus", None), *under("cem", "gus"), left("gus", "2026-02-20T00:00:00Z"),
        acted("max", "models", "2026-03-02T09:00:00Z"), acted("max-2", "models", "2026-03-09T09:00:00Z"),
        acted("eva", "models", "2026-03-02T09:00:00Z", id_=gone), takes_back("programme", gone),
        acted("eva", "sponsors", "2026-03-02T09:00:00Z", by="eva-2"),
        acted("ann", "models", "2026-03-02T09:00:00Z", by="max"),
        acted("gus", "models", "2026-03-02T09:00:00Z"), acted("zoe", "models", "2026-03-02T09:00:00Z"),
        linked("max", mail("max-2")), linked("eva", mail("eva-2")),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator) == (1 / 3, 1, 3)
    assert (point.n, point.unmatched, point.detail) == (3, 1, {**DETAIL, "models": pytest.approx(1 / 3), "acts": 2})
    assert point.interval is not None
    # Wilson's for 1 of 3 at 95 %: centre (1 + 1.92) / (3 + 3.84) = 0.427, half 0.366.
    assert point.interval.low == pytest.approx(0.061, abs=1e-3)


async def test_a_review_that_discussed_learning_is_one_act(world: World) -> None:
    # max's review of ann discussed learning, and ann reports the same day's talk: one act. eva's review did not.
    await world.takes([
        *under("max", None), *under("ann", "max"), *under("eva", None), *under("bob", "eva"),
        reviewed("ann", "max", "2026-03-02T09:00:00Z"), acted("max", "discusses", "2026-03-02T09:00:00Z"),
        reviewed("bob", "eva", "2026-03-02T09:00:00Z", discussed=False),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.detail) == (0.5, {**DETAIL, "discusses": 0.5, "acts": 1})


async def test_leaders_as_of_then_and_where_they_stood(world: World) -> None:
    # max (north) leads ann until the 10th, eva (south) from then on. max acts on the 9th and so counts, on the 20th he
    # is no leader; eva acts on the 9th, when she was none. fay leads gil, but is on leave throughout: no leader.
    # So 1 of 2; in north 1 of 1, in south 0 of 1.
    await world.takes([
        *under("max", None, "north"), *under("eva", None, "south"), *under("ann", "max", "north"),
        *under("fay", None, "south"), *under("gil", "fay", "south"), leave("started", "fay", "2026-02-01T00:00:00Z"),
        moved("ann", "2026-03-10T00:00:00Z", manager_id="eva"),
        acted("max", "models", "2026-03-09T09:00:00Z"), acted("max", "celebrates", "2026-03-20T09:00:00Z"),
        acted("eva", "models", "2026-03-09T09:00:00Z"), acted("fay", "models", "2026-03-09T09:00:00Z"),
    ])  # fmt: skip
    point = await world.point(KPI, MARCH)
    assert (point.value, point.numerator, point.denominator) == (0.5, 1, 2)
    assert point.detail == {**DETAIL, "models": 0.5, "acts": 1}
    north, south = [await world.point(KPI, MARCH, of=Slice("unit", name)) for name in ("north", "south")]
    assert (north.numerator, north.denominator, south.numerator, south.denominator) == (1, 1, 0, 1)
