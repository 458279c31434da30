"""Groups compared: published cases to the last digit that they give, and what holds of any two groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from praxis_incentives.fairness.comparison import Group, compare, exact_test


@pytest.mark.parametrize(
    ("one", "other", "ratio", "verdict"),
    [
        (Group(48, 80), Group(12, 40), 0.5, "alert"),
        (Group(60, 100), Group(45, 100), 0.75, "alert"),
        (Group(300, 1000), Group(260, 1000), 0.867, "watch"),
        (Group(18, 20), Group(13, 20), 0.722, "watch"),
        (Group(3, 5), Group(1, 4), 0.417, "insufficient-data"),
        (Group(50, 100), Group(49, 100), 0.98, "none"),
        (Group(0, 9), Group(0, 3), 1.0, "none"),
    ],
)
def test_golden_cases(one: Group, other: Group, ratio: float, verdict: str) -> None:
    for found in (compare(one, other), compare(other, one)):
        assert (round(found.impact_ratio, 3), found.verdict) == (ratio, verdict)


def test_p_to_four_digits() -> None:
    assert round(compare(Group(60, 100), Group(45, 100)).p, 4) == 0.0472
    assert round(compare(Group(300, 1000), Group(260, 1000)).p, 4) == 0.0521
    assert round(compare(Group(300, 1000), Group(260, 1000)).mid_p, 4) == 0.0466


@st.composite
def groups(draw: st.DrawFn) -> Group:
    eligible = draw(st.integers(1, 60))
    return Group(draw(st.integers(0, eligible)), eligible)


@given(groups(), groups())
def test_p_is_that_of_the_hypergeometric_distribution(one: Group, other: Group) -> None:
    people, granted = one.eligible + other.eligible, one.granted + other.granted
    chance = hypergeom(people, granted, one.eligible)
    likely = [float(chance.pmf(here)) for here in range(min(granted, one.eligible) + 1)]
    seen = likely[one.granted]
    rarer = sum(each for each in likely if each < seen * (1 - 1e-9))
    as_rare = sum(each for each in likely if abs(each - seen) <= seen * 1e-9)
    p, mid = exact_test(one, other)
    assert float(p) == pytest.approx(rarer + as_rare, abs=1e-9)
    assert float(mid) == pytest.approx(rarer + as_rare / 2, abs=1e-9)


@given(groups(), groups())
def test_an_alert_never_hangs_on_one_person(one: Group, other: Group) -> None:
    found = compare(one, other)
    assert 0 <= found.impact_ratio <= 1
    assert 0 < found.p <= 1
    if found.verdict == "alert":
        assert found.impact_ratio < 0.8
        assert found.p < 0.05
        assert not found.flips


@pytest.mark.parametrize(("granted", "eligible"), [(2, 1), (-1, 3), (0, 0)])
def test_what_is_no_group(granted: int, eligible: int) -> None:
    with pytest.raises(ValueError, match="eligible"):
        Group(granted, eligible)
