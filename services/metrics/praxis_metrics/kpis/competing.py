"""Times to one end where another may come first. They run beside (``statistics.computed``)."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from praxis_metrics.kpis.kpi import Interval
from praxis_metrics.kpis.proportions import LEVEL

REACHED, DEPARTED = 1, 2
"""How a time ended; 0 where it was not seen to end."""

_ROUNDING = 1e-9

Times = Sequence[tuple[float, int]]


class Curve(NamedTuple):
    """``median`` and ``p75``: the first time by which half and three quarters have reached the end, ``None`` when they
    never were seen to. ``reached`` and ``departed``: shares by a given time, ``None`` when nobody was seen so long."""

    median: float | None = None
    p75: float | None = None
    interval: Interval | None = None
    reached: float | None = None
    departed: float | None = None


def curves(samples: Sequence[Times], by: float) -> list[Curve]:
    """Of each sample the median and its kin by Kaplan and Meier (1958), departures being the end of what was seen, and
    the shares ``by`` a time by Aalen and Johansen (1978), where departure competes. The interval is the median's, by
    Brookmeyer and Crowley (1982) on the scale log(-log), if it has two ends."""
    return [_curve(sample, by) if sample else Curve() for sample in samples]


def _curve(sample: Times, by: float) -> Curve:
    import numpy
    from statsmodels.duration.survfunc import SurvfuncRight

    times = numpy.array([time for time, _ in sample], dtype=float)
    ends = numpy.array([end for _, end in sample])
    reached, departed = _incidences(times, ends, by)
    if REACHED not in ends:
        return Curve(reached=reached, departed=departed)
    # The last step of a curve divides by nobody.
    with numpy.errstate(all="ignore"):
        survival: Any = SurvfuncRight(times, (ends == REACHED).astype(int))
        low, high = survival.quantile_ci(0.5, alpha=1 - LEVEL)
    median, p75 = _until(survival, 0.5), _until(survival, 0.25)
    has_ends = median is not None and math.isfinite(low) and math.isfinite(high)
    interval = Interval(float(low), float(high), LEVEL, "brookmeyer-crowley") if has_ends else None
    return Curve(median, p75, interval, reached, departed)


def _until(survival: Any, left: float) -> float | None:
    """The first time at which no more than ``left`` remain. The library's ``quantile`` asks for fewer, so that rounding
    would decide wherever exactly half are through."""
    steps = zip(survival.surv_times, survival.surv_prob, strict=True)
    return next((float(time) for time, share in steps if share <= left + _ROUNDING), None)


def _incidences(times: Any, ends: Any, by: float) -> tuple[float | None, float | None]:
    import numpy
    from statsmodels.duration.survfunc import CumIncidenceRight

    seen = times.max()
    if seen < by and 0 in ends[times == seen]:
        return None, None
    if not ends.any():
        return 0.0, 0.0
    with numpy.errstate(all="ignore"):
        found: Any = CumIncidenceRight(times, ends)
    steps = int(numpy.searchsorted(found.times, by, side="right"))
    shares = [float(share[steps - 1]) if steps else 0.0 for share in found.cinc]
    return shares[0], shares[1] if len(shares) > 1 else 0.0
