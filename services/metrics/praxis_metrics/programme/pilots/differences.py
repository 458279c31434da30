"""Difference in differences of two groups, with its interval. It runs beside (``statistics.computed``).

What the treated changed by, less what the comparison group changed by in the same time (Angrist and Pischke, *Mostly
Harmless Econometrics*, 2009, §5.2). Intervals are of the percentiles of 999 draws with a fixed seed, of people in each
group, each with all that is theirs in every window. Of n people n - 1 are drawn: as many as there are would make
the intervals of few people too narrow (McCarthy and Snowden, *The Bootstrap and Finite Population Sampling*, 1985).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from praxis_metrics.kpis.bootstrapping import DRAWS, LEVEL, SEED
from praxis_metrics.kpis.kpi import Interval
from praxis_metrics.programme.observing.observed import Observation, Share

METHOD = "bootstrap of people"
BATCH = 100
LEAST_DRAWS = 900
"""Draws of nobody with anything to count give no figure; with many of these there is no interval."""


class Three(NamedTuple):
    """Windows of one length, one after the other: ``during`` the pilot, ``before`` it and, for the trend, earlier."""

    earlier: Any
    before: Any
    during: Any


Person: TypeAlias = Three
"""A person's ``Observation`` in each window."""


class Change(NamedTuple):
    """``None`` where a group has no figure in one of the two windows."""

    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Difference:
    """``treated`` and ``comparison``: each group's figures; ``effect``: from ``before`` to ``during``; ``trend``: from
    ``earlier`` to ``before``, when nothing had been done yet."""

    treated: Three
    comparison: Three
    effect: Change
    trend: Change


Groups = tuple[Sequence[Person], Sequence[Person]]
Figures = Callable[[Any], Any]
"""Of draws (a row each: how often each person was drawn) the figures in the three windows; NaN where there is none."""


def differences(samples: Sequence[Groups]) -> list[Difference]:
    """Of each sample: the treated and the comparison group, neither of them empty."""
    return [_difference(*groups) for groups in samples]


def _difference(treated: Sequence[Person], comparison: Sequence[Person]) -> Difference:
    import numpy as np

    rng = np.random.default_rng(SEED)
    # In the order of what was observed: the same people give the same interval, whoever is told of first.
    groups = [(_figures(sorted(people)), len(people)) for people in (treated, comparison)]
    found = [figures(np.ones((1, size)))[0] for figures, size in groups]
    drawn = [np.concatenate(list(_draws(figures, size, rng))) for figures, size in groups]
    with np.errstate(invalid="ignore"):
        steps, draws = np.diff(found[0] - found[1]), np.diff(drawn[0] - drawn[1], axis=1)
    if min(size for _, size in groups) < 2:
        draws = draws[:0]
    trend, effect = (_change(step, draws[:, at]) for at, step in enumerate(steps))
    one, other = (Three(*map(_finite, each)) for each in found)
    return Difference(one, other, effect, trend)


def _draws(figures: Figures, size: int, rng: Any) -> Any:
    import numpy as np

    for start in range(0, DRAWS, BATCH):
        many = min(BATCH, DRAWS - start)
        yield figures(rng.multinomial(max(size - 1, 1), np.full(size, 1 / size), size=many))


def _change(step: Any, draws: Any) -> Change:
    import numpy as np

    value, kept = _finite(step), draws[np.isfinite(draws)]
    if value is None or len(kept) < LEAST_DRAWS:
        return Change(value, None)
    low, high = np.quantile(kept, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Change(value, Interval(float(low), float(high), LEVEL, METHOD))


def _finite(found: Any) -> float | None:
    import numpy as np

    return float(found) if np.isfinite(found) else None


def _figures(people: Sequence[Person]) -> Figures:
    is_ratio = isinstance(people[0][0], Share)
    return _ratios(people) if is_ratio else _medians(people)


def _ratios(people: Sequence[Person]) -> Figures:
    import numpy as np

    shares = np.array(people, dtype=float)
    numerators, denominators = shares[:, :, 0], shares[:, :, 1]

    def of(drawn: Any) -> Any:
        with np.errstate(all="ignore"):
            return (drawn @ numerators) / (drawn @ denominators)

    return of


def _medians(people: Sequence[Person]) -> Figures:
    import numpy as np

    windows = [_median([person[at] for person in people]) for at in range(len(Three._fields))]
    return lambda drawn: np.stack([window(drawn) for window in windows], axis=1)


def _median(own: Sequence[Observation]) -> Callable[[Any], Any]:
    import numpy as np

    owners = np.repeat(np.arange(len(own)), [len(figures) for figures in own])
    figures = np.concatenate([np.asarray(each, dtype=float) for each in own])
    order = np.argsort(figures, kind="stable")
    figures, owners = figures[order], owners[order]

    def of(drawn: Any) -> Any:
        upto = np.cumsum(drawn[:, owners], axis=1)
        return np.array([_middle(figures, each) for each in upto])

    return of


def _middle(figures: Any, upto: Any) -> float:
    """``upto``: how many figures there are up to each, as often as their owners were drawn."""
    import numpy as np

    if not len(upto) or not upto[-1]:
        return float("nan")
    places = np.searchsorted(upto, [(upto[-1] - 1) // 2, upto[-1] // 2], side="right")
    return float(figures[places].mean())
