"""Quarters, standards, terms of learning leads, trends: what needs no database, worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from praxis_events.contracts.programme import terms
from praxis_metrics.calendar import Grain, period_of
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Interval
from praxis_metrics.programme.leads import Term, current, due_to_rotate, state
from praxis_metrics.programme.quarters import after, asked_quarter, before, name_of
from praxis_metrics.programme.standards import Standard, WhyNot, why_not
from praxis_metrics.programme.triangulation import Trend, disagree, trend_of
from praxis_metrics.schemas import KINDS
from praxis_metrics.series import Point
from praxis_service.problem import BadRequest, NotFound

TODAY = date(2026, 3, 15)
NOW = datetime(2026, 3, 15, tzinfo=UTC)
WINDOW = Standard("application-rate", 14, 60)


def test_filters_may_name_whatever_a_kpi_is_published_by() -> None:
    assert {cut for kpi in KPIS.values() for cut in kpi.cuts} <= terms.SLICES
    assert set(KINDS) <= terms.SLICES


def test_a_quarter_and_those_beside_it() -> None:
    quarter = asked_quarter("2026-Q1", TODAY)
    assert (quarter.first, quarter.last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert [name_of(each) for each in (before(quarter), quarter, after(quarter))] == ["2025-Q4", "2026-Q1", "2026-Q2"]


@pytest.mark.parametrize("text", ["2026-Q5", "2026-q1", "2026Q1", "1969-Q4", "3000-Q1", "２０２６-Q1", "2026-Q1 ", ""])
def test_what_is_no_quarter_is_named(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        asked_quarter(text, TODAY)
    assert refused.value.errors[0].parameter == "quarter"


def test_what_has_not_begun_is_not_there() -> None:
    with pytest.raises(NotFound, match="begins on 2026-04-01"):
        asked_quarter("2026-Q2", TODAY)


@pytest.mark.parametrize(
    ("standard", "about", "value", "reason"),
    [
        (WINDOW, "application-rate", 14, None), (WINDOW, "application-rate", 60.0, None),
        (WINDOW, "application-rate", 61, "out-of-bounds"), (WINDOW, "application-rate", "30", "out-of-bounds"),
        (WINDOW, "application-rate", True, "out-of-bounds"), (WINDOW, "completions", 30, "about-something-else"),
        (Standard("application-rate", None, None), "application-rate", 30, "no-bounds"),
        (None, "application-rate", 30, "no-such-standard"),
    ],
)  # fmt: skip
def test_an_override_holds_within_the_bounds_of_its_standard(
    standard: Standard | None, about: str, value: Any, reason: WhyNot | None
) -> None:
    assert why_not(standard, about, value) == reason


def term(unit: str, starts: int, ends: int, who: int = 1) -> Term:
    """In days from now."""
    return Term(unit, who, NOW + timedelta(days=starts), NOW + timedelta(days=ends))


def test_a_unit_is_reminded_when_its_last_term_ends_within_thirty_days_or_is_past() -> None:
    past, soon, later = term("past", -90, -1), term("soon", -60, 30), term("later", -60, 31)
    followed, follower = term("followed", -60, 5, 2), term("followed", 5, 90, 3)
    terms_ = [past, soon, later, followed, follower, term("past", -200, -90, 4)]
    assert dict(due_to_rotate(terms_, NOW)) == {"past": past.ends, "soon": soon.ends}
    # What has ended is shown only where nobody follows.
    assert current(terms_, NOW) == [followed, follower, later, past, soon]
    assert [state(each, NOW) for each in (past, soon, follower)] == ["ended", "serving", "to-come"]


def point(value: float | None, low: float | None = None, high: float | None = None) -> Point:
    interval = None if low is None or high is None else Interval(low, high, 0.95, "wilson")
    return Point(period_of(TODAY, Grain.QUARTER), value, None, None, 9, 0, False, False, interval, {})


@pytest.mark.parametrize(
    ("kpi", "earlier", "now", "trend"),
    [
        ("application-rate", point(0.2), point(0.211), "better"),
        ("application-rate", point(0.2), point(0.209), "steady"),
        ("application-rate", point(0.2), point(0.18), "worse"), ("revision-cycles", point(2.0), point(1.5), "better"),
        ("feedback-interval", point(10), point(12), "worse"), ("application-rate", point(None), point(0.2), None),
        ("application-rate", point(0.2), point(0.3, 0.19, 0.4), "steady"),
        ("application-rate", point(0.2), point(0.3, 0.21, 0.4), "better"),
        ("completions", point(0), point(0), "steady"), ("completions", point(0), point(1), "better"),
        ("return-on-investment", point(-0.5), point(-0.4), "better"),
    ],
)  # fmt: skip
def test_a_kpi_moved_by_a_twentieth_and_out_of_its_interval(
    kpi: str, earlier: Point, now: Point, trend: Trend | None
) -> None:
    assert trend_of(KPIS[kpi], earlier, now) == trend


@pytest.mark.parametrize(
    ("trend", "sentiment", "flag"),
    [
        ("better", -0.5, True), ("better", -0.4, False), ("worse", 0.5, True), ("worse", -2, False),
        ("steady", -2, False), (None, -2, None), ("better", None, None),
    ],
)  # fmt: skip
def test_trend_and_feedback_disagree_where_they_point_apart(
    trend: Trend | None, sentiment: float | None, flag: bool | None
) -> None:
    assert disagree(trend, sentiment) is flag
