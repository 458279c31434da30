"""How long people wait for something to happen again. They run beside (``statistics.computed``)."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

from praxis_metrics.kpis.kpi import Interval

LEVEL = 0.95
ROUNDING = 1e-9
METHOD = "kaplan-meier, complementary log-log"


class Median(NamedTuple):
    """``days`` is ``None`` where it is not reached; ``interval`` where one of its ends is not."""

    days: float | None
    interval: Interval | None


def median_gaps(samples: Sequence[tuple[Sequence[int], Sequence[bool]]]) -> list[Median]:
    """Of each sample of positive times, and whether each ended so or was only looked at so long, the first time by
    which no more than half still wait (Kaplan and Meier 1958; its interval: Brookmeyer and Crowley 1982)."""
    from numpy import errstate
    from statsmodels.duration.survfunc import SurvfuncRight

    found: list[Median] = []
    for times, ended in samples:
        if not any(ended):
            found.append(Median(None, None))
            continue
        curve: Any = SurvfuncRight(list(times), [int(each) for each in ended])
        # Where nobody waits any more, or everybody does, the transformed curve is infinite: that end is not reached.
        with errstate(divide="ignore", invalid="ignore"):
            low, high = (float(each) for each in curve.quantile_ci(0.5, alpha=1 - LEVEL, method="cloglog"))
        interval = Interval(low, high, LEVEL, METHOD) if isfinite(low) and isfinite(high) else None
        found.append(Median(_half_by(curve), interval))
    return found


def _half_by(curve: Any) -> float | None:
    """The library's own ``quantile`` asks for less than half, so that rounding decides where it is exactly half."""
    steps = zip(curve.surv_times, curve.surv_prob, strict=True)
    return next((float(time) for time, left in steps if left <= 0.5 + ROUNDING), None)
