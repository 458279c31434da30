"""Spans in both times against a naive look at each moment, as known at each position of the log."""

from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_events.contracts.directory import Hired, LeaveEnded, LeaveStarted, Left, UnitChanged
from praxis_events.envelope import Event, event_key
from praxis_events.log import Record
from praxis_people.employment import Change, EmploymentEvent, Span, spans
from praxis_people.history import Heard, as_known, heard
from praxis_people.placement import Placement, placement_at, placements
from praxis_people.reporting import managers_at, team_of
from praxis_people.units import unit_subtree, units_at
from tests.libs.people.organisation import DAYS, FORWARD, PERSONS, UNITS, Naive, histories

JANUARY, MARCH = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)


def told(place: int, type_: str, data: str, id_: str | None = None) -> Heard:
    event = Event(id_ or str(place), "/hr", f"praxis.people.{type_}.v1", data.encode())
    topic, partition, key, value, headers = event.to_record("people.directory")
    found = heard(Record(topic, partition, place, key, value, headers, 0))
    assert found is not None
    return found


HIRED = told(
    0,
    "hired",
    '{"person_id":"ann","unit":"shop","role":"clerk","manager_id":"bob","effective_at":"2026-01-01T00:00:00Z"}',
)
LATE = told(1, "unit-changed", '{"person_id":"ann","unit":"north","effective_at":"2026-02-01T00:00:00Z"}')
CORRECTED = told(2, "unit-changed", '{"person_id":"ann","unit":"south","effective_at":"2026-02-01T00:00:00Z"}')
UNDONE = told(3, "rescinded", '{"event":{"source":"/hr","id":"2"},"reason":"it was right"}')


@pytest.mark.parametrize(("before", "unit"), [(0, None), (1, "shop"), (2, "north"), (3, "south"), (4, "north")])
def test_what_is_known_of_march_changes_as_the_log_is_read(before: int, unit: str | None) -> None:
    known = placements(as_known([UNDONE, CORRECTED, LATE, HIRED], before), "ann")
    found = placement_at(known, MARCH)
    assert (found and found.unit) == unit
    assert [each.unit for each in placements(as_known([HIRED, LATE]), "ann")] == ["shop", "north"]


def test_the_first_copy_of_an_event_counts_and_unknown_types_are_passed() -> None:
    again = Heard(HIRED.event, 9, Left(person_id="ann", voluntary=None, effective_at=JANUARY))
    assert placements(as_known([again, HIRED]), "ann")[0].manager_id == "bob"
    assert event_key("/hr", "0") == HIRED.event
    unknown = Event("x", "/hr", "praxis.people.danced.v1", b"{}").to_record("people.directory")
    assert heard(Record(unknown.topic, 0, 5, unknown.key, unknown.value, unknown.headers, 0)) is None


def test_hired_and_moved_at_one_instant_is_one_span() -> None:
    moved = UnitChanged(person_id="ann", unit="north", effective_at=JANUARY)
    found = placements([Heard(UUID(int=1), 0, moved), HIRED], "ann")
    assert found == [Placement(JANUARY, None, "north", "clerk", manager_id="bob")]


@settings(max_examples=200, deadline=None)
@given(history=histories, before=st.integers(0, 25), order=st.randoms(use_true_random=False))
def test_at_every_moment_and_position(history: list[Heard], before: int, order: Random) -> None:
    shuffled = list(history)
    order.shuffle(shuffled)
    known = as_known(shuffled, before)
    spans_of = {person: placements(known, person) for person in PERSONS}
    for found in spans_of.values():
        assert all(each.end is None or each.start < each.end for each in found)
        for one, other in pairwise(found):
            assert one.end is not None
            assert one.end < other.start or (one.end == other.start and apart(one, other))
    for moment in DAYS:
        naive = Naive(history, before, moment)
        for person, found in spans_of.items():
            place = placement_at(found, moment)
            shown = place and {name: getattr(place, name) for name in {*FORWARD, "on_leave"}}
            assert shown == naive.place(person)
        units, managers = units_at(known, moment), managers_at(known, moment)
        for top in UNITS:
            assert unit_subtree(units, top) == {unit for unit in UNITS if unit == top or naive.is_under(unit, top)}
        for manager in PERSONS:
            expected = {p for p in PERSONS if p != manager and naive.reports(p, manager)}
            assert team_of(managers, manager) == expected


def apart(one: Placement, other: Placement) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in {*FORWARD, "on_leave"})


CHANGES = {Hired: Change.HIRED, Left: Change.LEFT, LeaveStarted: Change.LEAVE_STARTED, LeaveEnded: Change.LEAVE_ENDED}


@given(history=histories)
def test_employment_is_the_same_by_either_fold(history: list[Heard]) -> None:
    known = as_known(history)
    for person in PERSONS:
        own = [e.data for e in known if isinstance(e.data, Hired | Left | LeaveStarted | LeaveEnded)]
        events = [EmploymentEvent(d.effective_at, CHANGES[type(d)]) for d in own if d.person_id == person]
        found = [Span(each.start, each.end, each.on_leave) for each in placements(known, person)]
        assert joined(found) == spans(events)


def joined(found: list[Span]) -> list[Span]:
    """Neighbours that are alike as one."""
    out: list[Span] = []
    for span in found:
        if out and out[-1].end == span.start and out[-1].on_leave == span.on_leave:
            span = Span(out.pop().start, span.end, span.on_leave)
        out.append(span)
    return out
