"""Naive survival statistics, in fractions: times with how they ended, 0 where nobody saw it."""

from collections.abc import Sequence
from fractions import Fraction

Times = Sequence[tuple[int, int]]


def quantile(times: Times, left: Fraction) -> int | None:
    """The first time by which no more than ``left`` are without the event 1, by Kaplan and Meier."""
    for at, remaining in kaplan_meier(times):
        if remaining <= left:
            return at
    return None


def kaplan_meier(times: Times) -> list[tuple[int, Fraction]]:
    found, remaining = [], Fraction(1)
    for at in sorted({time for time, end in times if end == 1}):
        at_risk = sum(time >= at for time, _ in times)
        remaining *= 1 - Fraction(times.count((at, 1)), at_risk)
        found.append((at, remaining))
    return found


def incidence(times: Times, cause: int, by: int) -> Fraction | None:
    """The share with this end by then, by Aalen and Johansen; unknown when nobody was watched so long."""
    if not times or (max(times)[0] < by and any(time == max(times)[0] and not end for time, end in times)):
        return None
    share, remaining = Fraction(0), Fraction(1)
    for at in sorted({time for time, end in times if end and time <= by}):
        at_risk = sum(time >= at for time, _ in times)
        share += remaining * Fraction(times.count((at, cause)), at_risk)
        remaining *= 1 - Fraction(sum(time == at and end > 0 for time, end in times), at_risk)
    return share
