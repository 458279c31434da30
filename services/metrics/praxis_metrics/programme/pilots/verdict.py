"""What a pilot has shown: met, not met or inconclusive, of each metric and as a whole, with the reasons. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from praxis_metrics.kpis.kpi import Interval


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    INCONCLUSIVE = "inconclusive"


Decision = Literal["scale", "stop", "extend"]

RECOMMENDED: dict[Verdict, Decision] = {
    Verdict.MET: "scale",
    Verdict.NOT_MET: "stop",
    Verdict.INCONCLUSIVE: "extend",
}


ROUNDING = 1e-9
"""Where everybody changes alike an interval has no width, and its ends are exact but for floating point."""


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What holds for all metrics of a pilot. ``registered_on``: the local day on which the log took it."""

    registered_on: date
    starts_on: date
    is_randomised: bool

    @property
    def is_pre_registered(self) -> bool:
        return self.registered_on <= self.starts_on

    @property
    def objections(self) -> list[str]:
        if self.is_pre_registered:
            return []
        return [
            f"not pre-registered: the log took it on {self.registered_on}, after it had started on {self.starts_on}, "
            "when its metrics could be chosen by what they showed"
        ]


@dataclass(frozen=True, slots=True)
class Seen:
    """One metric: ``threshold`` is the change that counts, whatever its sign; ``obstacles``: why there are no figures.
    The intervals are of the effect, and of the difference that there was before anything was done."""

    direction: Literal["up", "down"]
    threshold: float
    interval: Interval | None = None
    trend: Interval | None = None
    obstacles: Sequence[str] = field(default=())


def judged(seen: Seen, trial: Trial) -> Judgement:
    """Inconclusive, where anything speaks against a verdict, for all these reasons."""
    objections = [*trial.objections, *(seen.obstacles or _doubts(seen, trial))]
    if objections or seen.interval is None:
        return Judgement(Verdict.INCONCLUSIVE, tuple(objections))
    least, most = _towards(seen.interval, seen.direction)
    wanted = abs(seen.threshold)
    change = f"a change of {wanted:g} {seen.direction}"
    if least >= wanted - ROUNDING:
        return Judgement(Verdict.MET, (f"the whole interval of the effect reaches {change}",))
    if most < wanted - ROUNDING:
        return Judgement(Verdict.NOT_MET, (f"the whole interval of the effect falls short of {change}",))
    return Judgement(Verdict.INCONCLUSIVE, (f"the interval of the effect spans the threshold, {change}",))


def _doubts(seen: Seen, trial: Trial) -> list[str]:
    if seen.interval is None:
        return ["no interval: too little was there to count in both periods"]
    if seen.trend is not None and (seen.trend.low > ROUNDING or seen.trend.high < -ROUNDING):
        return ["the groups moved apart before it started: what they differ by after it may be more of the same"]
    if seen.trend is None and not trial.is_randomised:
        return ["the trend before it started cannot be seen: too few people with data in the period before that"]
    return []


def _towards(interval: Interval, direction: str) -> tuple[float, float]:
    return (interval.low, interval.high) if direction == "up" else (-interval.high, -interval.low)


def overall(metrics: Sequence[Judgement]) -> Judgement:
    """Met if all are, so that three tries do not make a chance finding likelier; not met if any is not."""
    counts = {each: sum(metric.verdict == each for metric in metrics) for each in Verdict}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    if counts[Verdict.NOT_MET]:
        return Judgement(Verdict.NOT_MET, (f"a metric was not met ({told})",))
    if counts[Verdict.INCONCLUSIVE]:
        return Judgement(Verdict.INCONCLUSIVE, (f"not all metrics are decided ({told})",))
    return Judgement(Verdict.MET, (f"all metrics were met ({told})",))
