"""Each metric of each pilot, compared: whose observations, which differences, and why there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.findings import Looked
from praxis_metrics.kpis import KPIS
from praxis_metrics.programme.observing import OBSERVED
from praxis_metrics.programme.observing.observed import Observation, Observed, Window, observe
from praxis_metrics.programme.pilots.differences import Change, Difference, Groups, Three, differences
from praxis_metrics.programme.pilots.groups import KINDS, Pair, Pairs, narrowed
from praxis_metrics.programme.pilots.reading import Metric, Pilot
from praxis_metrics.statistics import computed

NAMES = ("treated", "comparison")


@dataclass(slots=True)
class Compared:
    """One metric. ``obstacles``: why it has no ``difference``; ``people``: how many of each group, in the fewer of the
    two periods, its figures are about."""

    metric: Metric
    pair: Pair
    windows: Three
    final_on: date
    obstacles: list[str] = field(default_factory=list)
    is_suppressed: bool = False
    difference: Difference | None = None
    people: tuple[int, int] | None = None

    @property
    def observed(self) -> Observed:
        return OBSERVED[self.metric.kpi]

    @property
    def skill(self) -> str | None:
        return self.metric.filters.get("skill")

    def wanted(self) -> list[Window]:
        """The windows of everybody: of the treated first, each person's one after the other."""
        people = [person for group in self.pair[:2] for person in sorted(group.people)]
        return [Window(person, *period) for person in people for period in self.windows]


async def compare(
    session: AsyncSession, pilots: Sequence[Pilot], pairs: Pairs, looked: Looked
) -> dict[str, list[Compared]]:
    """By pilot, in the order of its metrics. Nothing is looked at before it is over: nobody is tempted to stop when it
    looks well, and no two answers differ by one person's day."""
    found = {pilot.pilot: [await _begun(pilot, metric, pairs, looked) for metric in pilot.metrics] for pilot in pilots}
    ready = [each for some in found.values() for each in some if not each.obstacles]
    samples: list[tuple[Compared, Groups]] = []
    for (kpi, skill), those in _by_observation(ready).items():
        windows = [window for each in those for window in each.wanted()]
        observations = iter(await observe(session, OBSERVED[kpi], windows, looked.through, skill))
        for each in those:
            groups = _grouped(each, [next(observations) for _ in each.wanted()])
            if _may_show(each, groups, looked.threshold):
                samples.append((each, groups))
    for (each, _), difference in zip(samples, await _differences(samples), strict=True):
        each.difference = difference
    for each, groups in samples:
        _hide_earlier(each, groups, looked.threshold)
    return found


async def _differences(samples: Sequence[tuple[Compared, Groups]]) -> list[Difference]:
    return await computed(differences, [groups for _, groups in samples]) if samples else []


async def _begun(pilot: Pilot, metric: Metric, pairs: Pairs, looked: Looked) -> Compared:
    filters = {kind: name for kind, name in metric.filters.items() if kind in KINDS}
    groups = narrowed(pilot.treated, filters), narrowed(pilot.comparison, filters)
    obstacles = _obstacles(metric)
    # For what is never compared nobody waits.
    final_on = pilot.period.last + (timedelta() if obstacles else KPIS[metric.kpi].matures)
    found = Compared(metric, await pairs.of(*groups, pilot.period.first), pilot.windows, final_on, obstacles)
    if looked.through < final_on:
        found.obstacles.append(f"not yet over: its figures can be seen once {final_on} has passed")
    if not found.obstacles:
        few = [name for name, group in zip(NAMES, found.pair[:2], strict=True) if len(group.people) < looked.threshold]
        found.obstacles = [f"too few people in the {name} group" for name in few]
        found.is_suppressed = bool(few)
    return found


def _obstacles(metric: Metric) -> list[str]:
    if metric.kpi not in OBSERVED:
        return [f"not comparable by person: {metric.kpi} is not made of what single people have each by themselves"]
    others = metric.filters.keys() - {*KINDS, *(["skill"] if OBSERVED[metric.kpi].by_skill else [])}
    return [f"not comparable by person: {metric.kpi} cannot be filtered by {kind} here" for kind in sorted(others)]


def _by_observation(ready: Sequence[Compared]) -> Mapping[tuple[str, str | None], list[Compared]]:
    found: dict[tuple[str, str | None], list[Compared]] = {}
    for each in ready:
        found.setdefault((each.metric.kpi, each.skill), []).append(each)
    return found


def _grouped(compared: Compared, observations: Sequence[Observation]) -> Groups:
    size = len(Three._fields)
    people = [Three(*observations[at : at + size]) for at in range(0, len(observations), size)]
    treated = len(compared.pair.treated.people)
    return people[:treated], people[treated:]


def _may_show(compared: Compared, groups: Groups, threshold: int) -> bool:
    before, during = (_about(compared.observed, groups, at, threshold) for at in (1, 2))
    few = [name for at, name in enumerate(NAMES) if before[at] is None or during[at] is None]
    compared.obstacles = [f"too few people with data in the {name} group" for name in few]
    compared.is_suppressed = bool(few)
    if not few:
        one, other = (min(before[at] or 0, during[at] or 0) for at in range(len(NAMES)))
        compared.people = one, other
    return not few


def _about(of: Observed, groups: Groups, at: int, threshold: int) -> list[int | None]:
    """About how many people the figures of both groups in a window are; ``None`` where they must be hidden."""
    return [of.shown([person[at] for person in group], threshold) for group in groups]


def _hide_earlier(compared: Compared, groups: Groups, threshold: int) -> None:
    """Few people in the earliest window hide that one, and with it only the trend."""
    if compared.difference is not None and None in _about(compared.observed, groups, 0, threshold):
        one, other = compared.difference.treated, compared.difference.comparison
        compared.difference = Difference(
            one._replace(earlier=None), other._replace(earlier=None), compared.difference.effect, Change(None, None)
        )
