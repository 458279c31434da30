from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from praxis_embedded.importing.learning.cells import ISO, UNIX, duration, moment, number

BERLIN = ZoneInfo("Europe/Berlin")
US = "%m/%d/%Y %I:%M %p"


@pytest.mark.parametrize(
    ("cell", "formats", "expected"),
    [
        ("2026-03-02T14:05:00+01:00", [ISO], datetime(2026, 3, 2, 13, 5, tzinfo=UTC)),
        ("2026-03-02T14:05:00Z", [ISO], datetime(2026, 3, 2, 14, 5, tzinfo=UTC)),
        ("2026-03-02 14:05", [ISO], datetime(2026, 3, 2, 13, 5, tzinfo=UTC)),
        ("2026-03-02", [ISO], datetime(2026, 3, 2, 11, tzinfo=UTC)),
        ("7/2/2026 2:05 PM", [US], datetime(2026, 7, 2, 12, 5, tzinfo=UTC)),
        ("7/2/2026", [US, "%m/%d/%Y"], datetime(2026, 7, 2, 10, tzinfo=UTC)),
        ("1772456700", [UNIX], datetime(2026, 3, 2, 13, 5, tzinfo=UTC)),
        ("2026-10-25 02:30", [ISO], datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_its_format_and_zone(cell: str, formats: list[str], expected: datetime) -> None:
    assert moment(cell, formats, BERLIN) == expected


@pytest.mark.parametrize(
    ("cell", "formats", "said"),
    [
        ("yesterday", [ISO], "as in 2026-03-02T14:05:00"),
        ("2026-03-02", [US], "as in 03/02/2026 02:05 PM"),
        ("99999999999999", [UNIX], "as in 1772460300"),
        ("2026-03-29 02:30", [ISO], "there was not in Europe/Berlin"),
        ("0001-01-01 00:00", [ISO], "that calendars have"),
    ],
)
def test_a_time_that_cannot_be_says_how_it_should_look(cell: str, formats: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moment(cell, formats, BERLIN)


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        ("1,5", "hours", "PT1H30M"),
        ("90", "minutes", "PT1H30M"),
        ("5400", "seconds", "PT1H30M"),
        ("1:30", "clock", "PT1H30M"),
        ("100:00:07.5", "clock", "PT100H7.5S"),
        ("PT90M", "iso", "PT90M"),
        ("0,00", "hours", None),
    ],
)
def test_a_duration_is_read_in_its_unit(cell: str, unit: str, expected: str | None) -> None:
    assert duration(cell, unit, ",") == expected


@pytest.mark.parametrize(("cell", "unit"), [("1:75", "clock"), ("two", "hours"), ("-1", "minutes"), ("nan", "hours")])
def test_what_is_no_duration_is_refused(cell: str, unit: str) -> None:
    with pytest.raises(ValueError, match="must"):
        duration(cell, unit, ",")


def test_a_number_may_be_in_percent() -> None:
    assert [float(number(cell, ".")) for cell in ("85", "85.5 %", "-3%")] == [85, 85.5, -3]
    with pytest.raises(ValueError, match=r"as in 8\.5"):
        number("inf", ".")
