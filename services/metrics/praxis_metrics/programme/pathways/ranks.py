"""Whether groups differ in a figure of each of their people. It runs beside (``statistics.computed``).

By ranks, as such figures are skewed: Mann and Whitney (1947) for two, Kruskal and Wallis (1952) for more; times by the
log-rank test (Mantel 1966). Pairs of more than two are adjusted by Holm (1979). Effect sizes: rank-biserial correlation
(Kerby 2014), above 0 where the first group's figures are higher; epsilon squared (Tomczak and Tomczak 2014).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias

from praxis_metrics.kpis.competing import REACHED

SIGNIFICANT = 0.05
"""Below that a p-value is called a difference, as intervals are of 95 %."""


class Effect(NamedTuple):
    name: str
    value: float


class Tested(NamedTuple):
    """Of these groups, by name. ``adjusted``: the p-value among all pairs."""

    groups: tuple[str, ...]
    method: str
    statistic: float
    p_value: float
    effect: Effect | None = None
    adjusted: float | None = None


class Tests(NamedTuple):
    """``pairs``: of more than two groups; of two the whole is the pair."""

    whole: Tested
    pairs: Sequence[Tested]


Times: TypeAlias = Sequence[tuple[float, int]]
"""Days, and how they ended (``praxis_metrics.kpis.competing``)."""


def ranked(groups: Mapping[str, Sequence[float]]) -> Tests:
    """Two groups or more, none of them empty."""
    return _tested(groups, _mann_whitney, _kruskal_wallis)


def survived(groups: Mapping[str, Times]) -> Tests:
    """The same of times. Whoever departs is seen no longer."""
    return _tested(groups, _log_rank, _log_rank)


Method = Callable[[Mapping[str, Any]], Tested]


def _tested(groups: Mapping[str, Any], two: Method, more: Method) -> Tests:
    from statsmodels.stats.multitest import multipletests

    if len(groups) == 2:
        return Tests(two(groups), ())
    pairs = [two({one: groups[one], other: groups[other]}) for one, other in combinations(groups, 2)]
    adjusted = multipletests([pair.p_value for pair in pairs], method="holm")[1]
    return Tests(more(groups), [pair._replace(adjusted=float(p)) for pair, p in zip(pairs, adjusted, strict=True)])


def _mann_whitney(groups: Mapping[str, Sequence[float]]) -> Tested:
    from scipy.stats import mannwhitneyu

    one, other = groups.values()
    pairs = len(one) * len(other)
    statistic, p = (pairs / 2, 1.0) if _is_level(groups) else mannwhitneyu(one, other, alternative="two-sided")
    effect = Effect("rank-biserial correlation", float(2 * statistic / pairs - 1))
    return Tested(tuple(groups), "Mann-Whitney U", float(statistic), float(p), effect)


def _kruskal_wallis(groups: Mapping[str, Sequence[float]]) -> Tested:
    from scipy.stats import kruskal

    statistic, p = (0.0, 1.0) if _is_level(groups) else kruskal(*groups.values())
    people = sum(map(len, groups.values()))
    effect = Effect("epsilon squared", float(statistic / (people - 1)))
    return Tested(tuple(groups), "Kruskal-Wallis H", float(statistic), float(p), effect)


def _is_level(groups: Mapping[str, Sequence[float]]) -> bool:
    """Whether all figures are one: there is nothing to rank then."""
    return len({figure for figures in groups.values() for figure in figures}) == 1


def _log_rank(groups: Mapping[str, Times]) -> Tested:
    import numpy as np
    from statsmodels.duration.survfunc import survdiff

    first = min((days for each in groups.values() for days, end in each if end == REACHED), default=math.inf)
    # A group of whom nobody was still seen then says nothing, and where all get there at once there is nothing to say:
    # the library would divide by it.
    there = [each for each in groups.values() if any(days >= first for days, _ in each)]
    if len(there) < 2 or all(time == (first, REACHED) for each in there for time in each if time[0] >= first):
        return Tested(tuple(groups), "log-rank", 0.0, 1.0)
    times, ends = (np.array([time[at] for each in there for time in each], dtype=float) for at in (0, 1))
    names = np.repeat(np.arange(len(there)), [len(each) for each in there])
    with np.errstate(all="ignore"):
        statistic, p = survdiff(times, (ends == REACHED).astype(int), names)
    return Tested(tuple(groups), "log-rank", float(statistic), float(p))
