"""The outcome of a pathway for each of its people, cohort by cohort, and which cohorts may be shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import DAY, FIRST_DAY, LAST_DAY, Grain, Period
from praxis_metrics.findings import Looked
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.time_to_competency import FOLLOWED_DAYS, TIME_TO_COMPETENCY
from praxis_metrics.lattice import ALL, Place, Relation, Slice
from praxis_metrics.programme.observing import OBSERVED
from praxis_metrics.programme.observing.observed import Observation, Share, Window, observe
from praxis_metrics.programme.pathways.cohorts import Member, Pathway, Time, read_times
from praxis_metrics.suppression import hidden

WINDOW_DAYS = 90
"""A quarter: long enough to use what was learned, short enough that the next cohort can still learn from it."""


@dataclass(slots=True)
class Cohort:
    """``figures`` or ``times``: one of each member that has any, once they may be compared; else ``reasons`` why not.
    ``final_on``: the last day that they are about."""

    name: str
    members: Sequence[Member]
    final_on: date
    is_hidden: bool = False
    is_suppressed: bool = False
    figures: Sequence[float] = ()
    times: Sequence[Time] = ()
    reasons: list[str] = field(default_factory=list)

    @property
    def outcomes(self) -> int:
        return len(self.figures) or len(self.times)


def is_of_times(pathway: Pathway) -> bool:
    return pathway.outcome == TIME_TO_COMPETENCY.name


def cohorts_of(pathway: Pathway, members: Sequence[Member], looked: Looked) -> list[Cohort]:
    """In the order of their names. Those of few people are hidden, with as many others as it takes."""
    names = {member.cohort: [each for each in members if each.cohort == member.cohort] for member in members}
    seen = FOLLOWED_DAYS if is_of_times(pathway) else WINDOW_DAYS + KPIS[pathway.outcome].matures.days
    found = [Cohort(name, own, max(each.enrolled_on for each in own) + seen * DAY) for name, own in names.items()]
    few = _few({each.name: len(each.members) for each in found}, looked.threshold)
    for each in found:
        each.is_hidden = each.name in few
    return found


Found: TypeAlias = Sequence[tuple[Pathway, Sequence[Cohort]]]


async def read_outcomes(session: AsyncSession, found: Found, looked: Looked) -> None:
    """Note everybody's outcome, and take away again what must be hidden."""
    timed = [pathway.pathway for pathway, _ in found if is_of_times(pathway)]
    times = await read_times(session, timed, looked.through)
    for pathway, cohorts in found:
        if is_of_times(pathway):
            for cohort in cohorts:
                own = [times.get((pathway.pathway, member.person_id)) for member in cohort.members]
                cohort.times = sorted(each for each in own if each is not None)
    await _observe(session, found, looked)
    for _, cohorts in found:
        _suppress(cohorts, looked.threshold)


async def _observe(session: AsyncSession, found: Found, looked: Looked) -> None:
    ready: dict[str, list[Cohort]] = {}
    for pathway, cohorts in found:
        for cohort in cohorts:
            cohort.reasons = [] if is_of_times(pathway) else _obstacles(pathway, cohort, looked)
            if not is_of_times(pathway) and not cohort.reasons:
                ready.setdefault(pathway.outcome, []).append(cohort)
    for kpi, those in ready.items():
        windows = [_window(member) for cohort in those for member in cohort.members]
        observations = iter(await observe(session, OBSERVED[kpi], windows, looked.through))
        for cohort in those:
            own = [next(observations) for _ in cohort.members]
            cohort.is_suppressed = OBSERVED[kpi].shown(own, looked.threshold) is None
            cohort.figures = sorted(figure for each in own if (figure := _figure(each)) is not None)


def _obstacles(pathway: Pathway, cohort: Cohort, looked: Looked) -> list[str]:
    if pathway.outcome not in OBSERVED:
        return [f"{pathway.outcome} is not made of what single people have each by themselves"]
    if looked.through < cohort.final_on:
        return [f"not yet over: its figures can be seen once {cohort.final_on} has passed"]
    return []


def _window(member: Member) -> Window:
    """From the day after the enrolment on."""
    return Window(member.person_id, member.enrolled_on + DAY, member.enrolled_on + timedelta(days=WINDOW_DAYS))


def _figure(observation: Observation) -> float | None:
    """One person's: their ratio, or the median of their figures."""
    if isinstance(observation, Share):
        return observation.numerator / observation.denominator if observation.denominator else None
    return median(observation) if observation else None


def _suppress(cohorts: Sequence[Cohort], threshold: int) -> None:
    """Where few have an outcome, it is hidden, with those of as many other cohorts as it takes."""
    compared = [each for each in cohorts if not each.reasons]
    already = {each.name for each in compared if each.is_hidden or each.is_suppressed or not each.outcomes}
    few = _few({each.name: each.outcomes for each in compared}, threshold, already) | already
    for each in cohorts:
        if each.is_hidden or each.name in few:
            each.is_suppressed, each.figures, each.times = True, (), ()
            each.reasons = ["too few people"] if each.is_hidden else ["too few people with an outcome"]


def _few(people: Mapping[str, int], threshold: int, already: Collection[str] = ()) -> set[str]:
    """The cohorts to hide, as slices of cells are: beside published figures of the whole pathway one alone would be a
    subtraction away. ``already``: hidden whatever they count."""
    whole = Period(FIRST_DAY, LAST_DAY)
    parts = {Place(Grain.QUARTER, whole, Slice("cohort", name)): count for name, count in people.items()}
    parent = Place(Grain.QUARTER, whole, ALL)
    relation = Relation(parent, tuple(sorted(parts)))
    if not parts:
        return set()
    kept = [place for place in parts if place.slice.name in already]
    found = hidden({**parts, parent: sum(people.values())}, [relation], threshold, kept)
    return {place.slice.name for place in found}
