"""Bootstrap intervals of figures of many tasks by fewer people. They run beside (``statistics.computed``).

People are drawn, each with all their tasks (the cluster bootstrap; Davison and Hinkley, *Bootstrap Methods and their
Application*, 1997, §3.8): one person's tasks resemble each other, and drawn one by one they would feign certainty. The
percentiles of 999 draws with a fixed seed, over people in the order of their figures: the same tasks give the
same interval.
"""

from collections.abc import Callable, Sequence
from typing import Any

from praxis_metrics.kpis.kpi import Interval

LEVEL = 0.95
DRAWS = 999
SEED = 1

Sample = tuple[Sequence[int], Sequence[float]]
"""Whose each figure is, and the figure."""


def medians(samples: Sequence[Sample]) -> list[Interval | None]:
    """Of the median of each sample's figures; ``None`` for fewer than two people."""
    return [_drawn(_by_person(sample), _median) for sample in samples]


def rates(samples: Sequence[Sample]) -> list[Interval | None]:
    """Of the number of figures by their sum, as of tasks by their hours; ``None`` for fewer than two people."""
    return [_drawn(_by_person(sample), _rate) for sample in samples]


def _by_person(sample: Sample) -> list[list[float]]:
    found: dict[int, list[float]] = {}
    for person, figure in zip(*sample, strict=True):
        found.setdefault(person, []).append(figure)
    return sorted(sorted(figures) for figures in found.values())


Drawing = Callable[[Any], float]
"""The statistic of the people with these places."""


def _median(people: Sequence[Sequence[float]]) -> Drawing:
    import numpy as np

    figures, owners = np.concatenate(people), np.repeat(np.arange(len(people)), [len(own) for own in people])
    order = np.argsort(figures, kind="stable")
    figures, owners = figures[order], owners[order]

    def of(drawn: Any) -> float:
        upto = np.cumsum(np.bincount(drawn, minlength=len(people))[owners])
        middle = np.searchsorted(upto, [(upto[-1] - 1) // 2, upto[-1] // 2], side="right")
        return float(figures[middle].mean())

    return of


def _rate(people: Sequence[Sequence[float]]) -> Drawing:
    import numpy as np

    counts, sums = np.array([len(own) for own in people]), np.array([sum(own) for own in people])
    return lambda drawn: float(counts[drawn].sum() / sums[drawn].sum())


def _drawn(people: Sequence[Sequence[float]], statistic: Callable[[Sequence[Sequence[float]]], Drawing]) -> Any:
    import numpy as np
    from scipy.stats import bootstrap

    if len(people) < 2:
        return None
    found = bootstrap(
        (np.arange(len(people)),),
        statistic(people),
        vectorized=False,
        n_resamples=DRAWS,
        batch=100,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return Interval(float(found.low), float(found.high), LEVEL, "bootstrap of people")
