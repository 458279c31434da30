"""Two groups under one policy, compared: impact ratio, Fisher's exact test, and what one outcome would change.

An alert needs all three: a ratio below four fifths (29 CFR §1607.4 D), a difference that chance seldom makes by the
exact test, and an order that does not hang on one person. The mid-p is less cautious than the exact test, and is enough
to watch.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Literal

Verdict = Literal["alert", "watch", "none", "insufficient-data"]

FOUR_FIFTHS = Fraction(4, 5)
RARE = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Group:
    """``granted`` of the ``eligible``: those at work with at least one item of evidence for the policy's skills."""

    granted: int
    eligible: int

    def __post_init__(self) -> None:
        if not 0 <= self.granted <= self.eligible or not self.eligible:
            raise ValueError("somebody must be eligible, and only the eligible can be granted anything")

    @property
    def rate(self) -> Fraction:
        return Fraction(self.granted, self.eligible)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``impact_ratio``: the lower rate over the higher; 1 where both are 0. ``p``: of the exact test, two-sided;
    ``mid_p``: with half the weight for tables as likely as what there is. ``flips``: had one person of the lower group
    been granted it in place of one of the higher, the order would be the other.
    """

    impact_ratio: float
    p: float
    mid_p: float
    flips: bool
    verdict: Verdict


def compare(one: Group, other: Group) -> Comparison:
    """Exact, up to the last rounding to ``float``; the same for either order of the groups."""
    lower, higher = sorted((one, other), key=lambda group: (group.rate, group.eligible, group.granted))
    ratio = lower.rate / higher.rate if higher.rate else Fraction(1)
    (p, mid), flips = exact_test(lower, higher), _flips(lower, higher)
    return Comparison(float(ratio), float(p), float(mid), flips, _verdict(ratio, p, mid, flips=flips))


def exact_test(one: Group, other: Group) -> tuple[Fraction, Fraction]:
    """Fisher's exact test: of all tables with these margins, those no more likely than what there is; and the mid-p,
    for which those as likely count half (Lancaster 1961; Agresti, Categorical Data Analysis, §3.5).
    """
    granted = one.granted + other.granted
    first, last = max(0, granted - other.eligible), min(granted, one.eligible)
    ways = [comb(one.eligible, here) * comb(other.eligible, granted - here) for here in range(first, last + 1)]
    seen = ways[one.granted - first]
    rarer, as_rare = sum(each for each in ways if each < seen), sum(each for each in ways if each == seen)
    return Fraction(rarer + as_rare, sum(ways)), Fraction(2 * rarer + as_rare, 2 * sum(ways))


def _flips(lower: Group, higher: Group) -> bool:
    if lower.granted == lower.eligible or not higher.granted:
        return False
    return Fraction(lower.granted + 1, lower.eligible) > Fraction(higher.granted - 1, higher.eligible)


def _verdict(ratio: Fraction, p: Fraction, mid: Fraction, *, flips: bool) -> Verdict:
    if ratio >= FOUR_FIFTHS and mid >= RARE:
        return "none"
    if flips:
        return "insufficient-data"
    return "alert" if ratio < FOUR_FIFTHS and p < RARE else "watch"
