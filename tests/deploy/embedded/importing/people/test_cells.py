"""What a cell may hold."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from praxis_embedded.importing.people.cells import COLUMNS

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("hired_on", "2026-03-01", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("effective_at", "2026-03-01T09:00:00+02:00", datetime(2026, 3, 1, 7, tzinfo=UTC)),
        ("left_on", "2026-03-29", datetime(2026, 3, 29, 22, tzinfo=UTC)),  # the day on which the clocks go forward
        ("left_on", "2026-03-31T17:00:00Z", datetime(2026, 3, 31, 17, tzinfo=UTC)),
        ("left_on", "9999-12-31", None),
        ("voluntary", "Yes", True),
        ("voluntary", "0", False),
        ("voluntary", "unknown", None),
        ("fte", "0.8", 0.8),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("working_days", "Thursday, mon; TUE", ["monday", "tuesday", "thursday"]),
        ("mail", "ann@example.org", {"mbox": "mailto:ann@example.org"}),
        ("mail", "MAILTO:ann@example.org", {"mbox": "mailto:ann@example.org"}),
        (
            "identifiers",
            "sha1:0123; account:https://lms.example.org/?a|b|ann ;",
            [{"mbox_sha1sum": "0123"}, {"account": {"homePage": "https://lms.example.org/?a|b", "name": "ann"}}],
        ),
    ],
)
def test_it_is_read(column: str, cell: str, value: Any) -> None:
    assert COLUMNS[column](cell, BERLIN) == value


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("hired_on", "01.03.2026"),
        ("hired_on", "2026-02-30"),
        ("hired_on", "2026-03-01T09:00:00"),
        ("hired_on", "20260301"),
        ("hired_on", "0001-01-01"),
        ("left_on", "never"),
        ("voluntary", "perhaps"),
        ("fte", "80 %"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc"),
        ("working_days", "mon, holiday"),
        ("working_days", "m"),
        ("identifiers", "ann"),
        ("identifiers", "account:ann"),
    ],
)
def test_what_it_cannot_hold_is_said(column: str, cell: str) -> None:
    with pytest.raises(ValueError, match=r"^must be "):
        COLUMNS[column](cell, BERLIN)
