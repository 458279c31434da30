"""Employment as spans, against looking at each moment on its own."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from praxis_people.employment import Change, EmploymentEvent, Span, spans

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def happened(*events: tuple[int, Change] | tuple[int, Change, bool]) -> list[Span]:
    return spans(EmploymentEvent(at(day), *rest) for day, *rest in events)


def span(start: int, end: int | None, *, on_leave: bool = False, employee: bool = True) -> Span:
    return Span(at(start), None if end is None else at(end), on_leave, employee)


def test_hired_and_still_here() -> None:
    assert happened((1, Change.HIRED)) == [span(1, None)]


def test_hired_left_and_hired_again() -> None:
    found = happened((1, Change.HIRED), (5, Change.LEFT), (9, Change.HIRED))
    assert found == [span(1, 5), span(9, None)]


def test_leaving_and_returning_at_one_moment_is_continuous() -> None:
    assert happened((1, Change.HIRED), (5, Change.LEFT), (5, Change.HIRED)) == [span(1, None)]


def test_hired_and_gone_at_one_moment_is_employed_from_then_on() -> None:
    assert happened((1, Change.HIRED), (1, Change.LEFT)) == [span(1, None)]


def test_leave_cuts_employment() -> None:
    found = happened((1, Change.HIRED), (3, Change.LEAVE_STARTED), (7, Change.LEAVE_ENDED))
    assert found == [span(1, 3), span(3, 7, on_leave=True), span(7, None)]


def test_one_leave_after_another_is_one() -> None:
    found = happened(
        (1, Change.HIRED), (3, Change.LEAVE_STARTED), (7, Change.LEAVE_STARTED), (7, Change.LEAVE_ENDED),
        (9, Change.LEAVE_ENDED),
    )  # fmt: skip
    assert found == [span(1, 3), span(3, 9, on_leave=True), span(9, None)]


def test_departure_ends_leave_too() -> None:
    found = happened((1, Change.HIRED), (3, Change.LEAVE_STARTED), (5, Change.LEFT), (6, Change.HIRED))
    assert found == [span(1, 3), span(3, 5, on_leave=True), span(6, None)]


def test_what_happens_to_people_who_are_not_here_changes_nothing() -> None:
    found = happened((1, Change.LEFT), (2, Change.LEAVE_STARTED), (3, Change.LEAVE_ENDED), (4, Change.HIRED))
    assert found == [span(4, None)]


def test_a_second_hire_changes_nothing_and_keeps_leave() -> None:
    found = happened((1, Change.HIRED), (3, Change.LEAVE_STARTED), (5, Change.HIRED), (7, Change.LEAVE_ENDED))
    assert found == [span(1, 3), span(3, 7, on_leave=True), span(7, None)]


def test_a_contractor_becomes_an_employee() -> None:
    assert happened((1, Change.HIRED, False), (5, Change.HIRED)) == [span(1, 5, employee=False), span(5, None)]


def test_taken_on_as_both_at_one_moment_one_is_an_employee() -> None:
    assert happened((1, Change.HIRED), (1, Change.HIRED, False)) == [span(1, None)]


events = st.builds(
    EmploymentEvent,
    st.integers(0, 12).map(at),
    st.sampled_from(Change),
    st.booleans(),
)


def naive(history: list[EmploymentEvent], moment: datetime) -> tuple[bool, bool] | None:
    """(on leave, employee) at one moment, or ``None``, by the last of each kind of event up to it."""
    past = [e for e in history if e.effective_at <= moment]
    hires = [e for e in past if e.change is Change.HIRED]
    departures = [e.effective_at for e in past if e.change is Change.LEFT]
    begun = [e for e in hires if not departures or e.effective_at >= max(departures)]
    if not begun:
        return None
    since = min(e.effective_at for e in begun)
    latest = max(e.effective_at for e in begun)
    employee = any(e.employee for e in begun if e.effective_at == latest)
    starts = [e.effective_at for e in past if e.change is Change.LEAVE_STARTED and e.effective_at >= since]
    ends = [e.effective_at for e in past if e.change is Change.LEAVE_ENDED]
    return bool(starts) and (not ends or max(starts) >= max(ends)), employee


@given(st.lists(events, max_size=10))
def test_at_every_moment_the_spans_say_what_that_moments_past_says(history: list[EmploymentEvent]) -> None:
    found = spans(history)
    for half_days in range(-1, 28):
        moment = START + timedelta(hours=12 * half_days)
        there = [s for s in found if s.start <= moment and (s.end is None or moment < s.end)]
        assert [(s.on_leave, s.employee) for s in there] == [each for each in [naive(history, moment)] if each], moment


@given(st.lists(events, max_size=10).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_arrival_is_in_any_order_and_any_number_of_times(
    orders: tuple[list[EmploymentEvent], list[EmploymentEvent]],
) -> None:
    assert spans(orders[0]) == spans(orders[1]) == spans(orders[0] + orders[1])


@given(st.lists(events, max_size=10))
def test_spans_are_as_few_as_they_can_be_in_order_and_not_empty(history: list[EmploymentEvent]) -> None:
    found = spans(history)
    assert all(s.end is None or s.start < s.end for s in found)
    for before, after in pairwise(found):
        assert before.end is not None
        assert before.end <= after.start
        assert before.end < after.start or (before.on_leave, before.employee) != (after.on_leave, after.employee)
