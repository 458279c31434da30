"""What is said of a pilot: every way to a verdict, and every doubt."""

from datetime import date

import pytest

from praxis_metrics.kpis.kpi import Interval
from praxis_metrics.programme.pilots.verdict import Judgement, Seen, Trial, Verdict, judged, overall

EARLY, LATE = date(2026, 2, 1), date(2026, 3, 5)
TRIAL = Trial(EARLY, date(2026, 3, 2), is_randomised=False)


def between(low: float, high: float) -> Interval:
    return Interval(low, high, 0.95, "bootstrap of people")


LEVEL = between(-1, 1)


@pytest.mark.parametrize(
    ("direction", "threshold", "interval", "verdict"),
    [
        ("up", 2, between(2, 4), "met"),
        ("up", 2, between(1.9, 4), "inconclusive"),
        ("up", 2, between(-4, 1.9), "not met"),
        ("up", 2, between(0, 2), "inconclusive"),
        ("down", 2, between(-4, -2), "met"),
        ("down", -2, between(-4, -2), "met"),
        ("down", 2, between(-1.9, 4), "not met"),
        ("down", 2, between(-4, -1.9), "inconclusive"),
        ("up", 0, between(0, 1), "met"),
        ("up", 0.3, between(0.1 * 3 - 1e-16, 0.3), "met"),
    ],
)
def test_an_interval_against_the_threshold(direction: str, threshold: float, interval: Interval, verdict: str) -> None:
    seen = Seen(direction, threshold, interval, LEVEL)  # type: ignore[arg-type]
    found = judged(seen, TRIAL)
    assert found.verdict == verdict
    assert found.reasons


@pytest.mark.parametrize(
    ("seen", "trial", "why"),
    [
        (Seen("up", 1, between(2, 3), between(0.1, 1)), TRIAL, "moved apart"),
        (Seen("up", 1, between(2, 3), between(-1, -0.1)), TRIAL, "moved apart"),
        (Seen("up", 1, between(2, 3), None), TRIAL, "cannot be seen"),
        (Seen("up", 1, None, LEVEL), TRIAL, "no interval"),
        (Seen("up", 1, obstacles=["too few people"]), TRIAL, "too few people"),
        (Seen("up", 1, between(2, 3), LEVEL), Trial(LATE, date(2026, 3, 2), True), "not pre-registered"),
    ],
)
def test_doubts_make_it_inconclusive(seen: Seen, trial: Trial, why: str) -> None:
    found = judged(seen, trial)
    assert found.verdict == Verdict.INCONCLUSIVE
    assert why in found.reasons[0]


def test_a_trend_of_nothing_but_rounding_is_none() -> None:
    assert judged(Seen("up", 1, between(2, 3), between(1e-16, 1e-16)), TRIAL).verdict == Verdict.MET


def test_all_reasons_are_told() -> None:
    found = judged(Seen("up", 1, obstacles=["one", "two"]), Trial(LATE, date(2026, 3, 2), is_randomised=False))
    assert [reason[:3] for reason in found.reasons] == ["not", "one", "two"]


def test_at_random_no_trend_is_needed_and_the_first_day_is_early_enough() -> None:
    trial = Trial(date(2026, 3, 2), date(2026, 3, 2), is_randomised=True)
    assert judged(Seen("up", 1, between(2, 3), None), trial).verdict == Verdict.MET


def test_as_a_whole() -> None:
    met, not_met, open_ = (Judgement(each, ()) for each in Verdict)
    assert overall([met, met, met]).verdict == Verdict.MET
    assert overall([met, met, open_]).verdict == Verdict.INCONCLUSIVE
    assert overall([met, open_, not_met]).verdict == Verdict.NOT_MET
    assert overall([met, met, open_]).reasons == ("not all metrics are decided (2 met, 1 inconclusive)",)
