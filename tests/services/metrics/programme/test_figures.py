"""Figures as the report's page writes them."""

from datetime import UTC, datetime

import pytest

from praxis_metrics.programme.reports.figures import moment, number, share


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "none"), (0, "0"), (0.25, "0.25"), (1 / 3, "0.3333"), (12.3456, "12.35"), (1234.5, "1,234"),
        (5.0, "5"), (-0.125, "-0.125"), (True, "True"), ("met", "met"), (["a", "b"], "a, b"),
    ],
)  # fmt: skip
def test_a_number_has_four_digits_that_matter(value: object, written: str) -> None:
    assert number(value) == written


def test_shares_and_times() -> None:
    assert (share(0.456), share(None)) == ("46%", "none")
    assert (moment(datetime(2026, 4, 1, 9, 5, 30, tzinfo=UTC)), moment(None)) == ("2026-04-01 09:05 UTC", "never")
