"""The reporting calendar: local days, ISO weeks, months and quarters, in every zone there is."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_metrics import calendar
from praxis_metrics.calendar import (
    DAY,
    FIRST_DAY,
    LAST_DAY,
    Grain,
    day_start,
    local_day,
    local_days,
    period_of,
    periods,
    touched_days,
)

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
days = st.dates(FIRST_DAY, LAST_DAY)
recent_moments = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
grains = st.sampled_from(Grain)


@given(
    zones, st.lists(st.tuples(st.integers(1, 3), recent_moments, st.integers(1, 200_000)), max_size=8), st.booleans()
)
def test_the_days_that_spans_touch_are_those_of_each(
    zone: ZoneInfo, found: list[tuple[int, datetime, int]], in_order: bool
) -> None:
    spans = [(owner, start, start + timedelta(seconds=seconds)) for owner, start, seconds in found]
    # A second one in the same day, whose bounds are known already.
    spans += [(owner + 10, end - timedelta(microseconds=1), end) for owner, _, end in spans]
    spans = sorted(spans, key=lambda span: span[1]) if in_order else spans
    assert list(touched_days(spans, zone)) == [
        (owner, day) for owner, start, end in spans for day in calendar.days_between(start, end, zone)
    ]


def test_a_day_in_berlin_has_23_hours_in_spring_and_25_in_autumn() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert day_start(date(2026, 3, 29), berlin) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert day_start(date(2026, 3, 30), berlin) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert day_start(date(2026, 10, 25), berlin) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert day_start(date(2026, 10, 26), berlin) == datetime(2026, 10, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", "2026-03-31T23:59:59.999999+00:00", date(2026, 3, 31)),
        ("Europe/Berlin", "2026-03-31T22:00:00+00:00", date(2026, 4, 1)),
        ("Asia/Kolkata", "2026-03-31T18:29:59+00:00", date(2026, 3, 31)),
        ("Asia/Kolkata", "2026-03-31T18:30:00+00:00", date(2026, 4, 1)),
        ("America/Los_Angeles", "2026-04-01T06:59:59+00:00", date(2026, 3, 31)),
    ],
)
def test_the_local_day_of_a_moment(zone: str, moment: str, day: date) -> None:
    assert local_day(datetime.fromisoformat(moment), ZoneInfo(zone)) == day


@given(zones, st.integers(0, 2**31), st.lists(st.integers(-3 * 86_400, 3 * 86_400)))
def test_the_local_days_of_many_are_those_of_each(zone: ZoneInfo, first: int, later: list[int]) -> None:
    moments = [datetime.fromtimestamp(first + seconds, UTC) for seconds in later]
    assert list(local_days(moments, zone)) == [local_day(moment, zone) for moment in moments]


def test_where_no_midnight_is_the_day_begins_with_its_first_moment() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")  # on 4 November 2018 23:59 was followed by 01:00
    assert day_start(date(2018, 11, 4), sao_paulo) == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_a_day_that_has_begun_goes_on_when_clocks_are_set_back_across_midnight() -> None:
    newfoundland = ZoneInfo("America/St_Johns")  # on 1 November 2009 00:00:59 was followed by 23:01 of the day before
    assert day_start(date(2009, 11, 1), newfoundland) == datetime(2009, 11, 1, 2, 30, tzinfo=UTC)
    for minutes, day in (
        (-1, date(2009, 10, 31)),
        (0, date(2009, 11, 1)),
        (1, date(2009, 11, 1)),
        (60, date(2009, 11, 1)),
    ):
        assert local_day(datetime(2009, 11, 1, 2, 30, tzinfo=UTC) + timedelta(minutes=minutes), newfoundland) == day


@pytest.mark.parametrize(
    "name",
    [
        "Africa/Cairo", "America/Goose_Bay", "America/Havana", "America/Moncton", "America/Sao_Paulo",
        "America/St_Johns", "Antarctica/Casey", "Asia/Beirut", "Atlantic/Azores", "Australia/Lord_Howe",
        "Europe/Berlin", "Pacific/Apia",
    ],
)  # fmt: skip
def test_at_every_change_of_clocks_days_begin_where_local_days_do(name: str) -> None:
    zone = ZoneInfo(name)
    for year in range(1970, 2038):
        moments = [datetime(year, 1, 1, tzinfo=UTC) + DAY * each for each in range(367)]
        for before, after in pairwise(moments):
            if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
                for quarter_hours in range(-96, 192):
                    moment = before + timedelta(minutes=15 * quarter_hours, seconds=30)
                    day = local_day(moment, zone)
                    assert day_start(day, zone) <= moment < day_start(day + DAY, zone), moment


@settings(max_examples=500)
@given(zone=zones, moment=recent_moments)
def test_a_moment_lies_in_its_local_day(zone: ZoneInfo, moment: datetime) -> None:
    day = local_day(moment, zone)
    assert day_start(day, zone) <= moment < day_start(day + DAY, zone)


@given(zone=zones, start=recent_moments, length=st.timedeltas(timedelta(microseconds=1), timedelta(days=3)))
def test_time_touches_the_days_whose_hours_it_shares(zone: ZoneInfo, start: datetime, length: timedelta) -> None:
    end = start + length
    near = [start.date() + each * DAY for each in range(-2, 6)]
    touched = [d for d in near if day_start(d, zone) < end and start < day_start(d + DAY, zone)]
    assert [
        d for d in calendar.days_between(start, end, zone) if day_start(d, zone) < day_start(d + DAY, zone)
    ] == touched


@given(day=days, grain=grains)
def test_every_day_is_in_exactly_one_period(day: date, grain: Grain) -> None:
    period = period_of(day, grain)
    assert period.first <= day <= period.last
    assert period_of(period.first, grain) == period_of(period.last, grain) == period
    assert period_of(period.last + DAY, grain).first == period.last + DAY


@pytest.mark.parametrize(
    ("grain", "day", "first", "last"),
    [
        (Grain.WEEK, date(2027, 1, 3), date(2026, 12, 28), date(2027, 1, 3)),  # a Sunday: week 53 of 2026
        (Grain.WEEK, date(2027, 1, 4), date(2027, 1, 4), date(2027, 1, 10)),
        (Grain.MONTH, date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29)),
        (Grain.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (Grain.QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
        (Grain.QUARTER, date(2026, 11, 15), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_of_a_day(grain: Grain, day: date, first: date, last: date) -> None:
    assert period_of(day, grain) == (first, last)


@given(day=days, grain=grains)
def test_weeks_are_those_of_iso_8601(day: date, grain: Grain) -> None:
    week = period_of(day, Grain.WEEK)
    assert {(week.first + DAY * each).isocalendar()[:2] for each in range(7)} == {day.isocalendar()[:2]}


@given(first=st.dates(date(1990, 1, 1), date(2050, 1, 1)), length=st.integers(0, 500), grain=grains)
def test_periods_follow_one_another_and_hold_all_days_asked_for(first: date, length: int, grain: Grain) -> None:
    last = first + DAY * length
    found = periods(first, last, grain)
    assert found[0] == period_of(first, grain)
    assert found[-1] == period_of(last, grain)
    assert all(after.first == before.last + DAY for before, after in pairwise(found))


@given(day=st.dates(date(1990, 1, 1), date(2050, 1, 1)), grain=grains, count=st.integers(1, 20))
def test_the_latest_periods(day: date, grain: Grain, count: int) -> None:
    assert len(periods(calendar.latest(day, grain, count), day, grain)) == count


@given(zone=zones, day=st.sampled_from([FIRST_DAY, LAST_DAY]), grain=grains)
def test_clamped_moments_lie_outside_all_that_can_be_asked_for(zone: ZoneInfo, day: date, grain: Grain) -> None:
    period = period_of(day, grain)
    assert local_day(calendar.clamped(datetime.min.replace(tzinfo=UTC)), zone) < period.first
    assert local_day(calendar.clamped(datetime.max.replace(tzinfo=UTC)), zone) > period.last


@given(moment=recent_moments)
def test_other_moments_are_what_they_are(moment: datetime) -> None:
    assert calendar.clamped(moment) == moment
