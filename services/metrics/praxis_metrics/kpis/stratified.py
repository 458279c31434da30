"""Association of two things, within strata of others. It runs beside (``statistics.computed``)."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from praxis_metrics.kpis.kpi import Interval
from praxis_metrics.kpis.proportions import LEVEL

Table = Sequence[int]
"""One stratum: with both, with the first only, with the second only, with neither."""


class Association(NamedTuple):
    """``None`` where the strata hold nothing to compare."""

    odds_ratio: float | None = None
    risk_ratio: float | None = None
    interval: Interval | None = None


def pooled(samples: Sequence[Sequence[Table]]) -> list[Association]:
    """Of each sample of strata the odds ratio and the risk ratio by Mantel and Haenszel (1959), and the interval of the
    odds ratio by Robins, Breslow and Greenland (1986), if it has two ends."""
    return [_association(strata) if strata else Association() for strata in samples]


def _association(strata: Sequence[Table]) -> Association:
    import numpy
    from statsmodels.stats.contingency_tables import StratifiedTable

    with numpy.errstate(all="ignore"):
        table: Any = StratifiedTable([[[both, first], [second, neither]] for both, first, second, neither in strata])
        odds, risk = _finite(table.oddsratio_pooled), _finite(table.riskratio_pooled)
        low, high = map(_finite, table.oddsratio_pooled_confint(alpha=1 - LEVEL) if odds else (None, None))
    interval = None if low is None or high is None else Interval(low, high, LEVEL, "mantel-haenszel")
    return Association(odds, risk, interval)


def _finite(found: float | None) -> float | None:
    return None if found is None or not math.isfinite(found) else float(found)
