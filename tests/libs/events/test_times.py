"""Times on the wire."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from praxis_events.times import format_time, format_times, parse_time

MOMENT = datetime(2026, 3, 2, 10, 0, 59, 999_998, UTC)


def test_a_time_is_written_in_utc() -> None:
    assert format_time(MOMENT) == "2026-03-02T10:00:59.999998Z"
    assert format_time(MOMENT.astimezone(timezone(timedelta(hours=-5)))) == "2026-03-02T10:00:59.999998Z"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_times_a_microsecond_apart(count: int) -> None:
    expected = [MOMENT + timedelta(microseconds=place) for place in range(count)]
    assert [parse_time(text) for text in format_times(MOMENT, count)] == expected
    assert format_times(MOMENT.astimezone(timezone(timedelta(hours=1))), count) == format_times(MOMENT, count)


def test_times_over_many_seconds_keep_their_order() -> None:
    found = format_times(MOMENT, 2_000_010)
    assert found == sorted(found)
    assert found[-1] == format_time(MOMENT + timedelta(microseconds=2_000_009))
