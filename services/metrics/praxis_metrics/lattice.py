"""The lattice of published cells: whole periods, each for everybody and, at one grain, for each slice. Pure.

A *slice* is a unit (with all that is under it), a role, and so on; one at a time, never two combined. A cell stands in
relations: the months of a quarter add up to it, and so do the units of a company. Whoever reads published cells may
compute with these, so what is hidden is hidden along them (``suppression``).
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from praxis_metrics.calendar import Grain, Period

NESTED = (
    (Grain.QUARTER, Grain.MONTH), (Grain.QUARTER, Grain.WEEK), (Grain.QUARTER, Grain.DAY),
    (Grain.MONTH, Grain.WEEK), (Grain.MONTH, Grain.DAY), (Grain.WEEK, Grain.DAY),
)  # fmt: skip
"""Which grains are looked at as parts of which. Weeks lie across months: one counts as part where it lies inside."""


OVERLAPPING = frozenset({"barrier"})
"""Kinds of which one person is often in several slices at once: added up, they may be more than everybody."""


class Slice(NamedTuple):
    """``kind``: of what; ``name``: which. Everybody is ``ALL``."""

    kind: str
    name: str


ALL = Slice("all", "")


class Place(NamedTuple):
    """Where a cell is in the lattice of one KPI."""

    grain: Grain
    period: Period
    slice: Slice


class Relation(NamedTuple):
    """``parent`` is about everybody that its ``parts`` are about. ``touching``: cells of the parts' kind that lie in it
    only partly. ``overlapping``: the parts are of such a kind."""

    parent: Place
    parts: tuple[Place, ...]
    touching: tuple[Place, ...] = ()
    overlapping: bool = False


def relations(places: Iterable[Place], above: Mapping[Period, Mapping[Slice, Slice]]) -> list[Relation]:
    """All that hold among these cells. ``above``: the slice right above each in a period; else it is everybody."""
    company: defaultdict[Grain, list[Place]] = defaultdict(list)
    cuts: defaultdict[Place, list[Place]] = defaultdict(list)
    published = frozenset(places)
    for place in published:
        if place.slice == ALL:
            company[place.grain].append(place)
        else:
            cuts[_parent(place, published, above.get(place.period, {}))].append(place)
    for those in company.values():
        those.sort()
    found = [_in_time(parent, company[parts]) for whole, parts in NESTED for parent in company[whole]]
    for parent, below in cuts.items():
        kinds = sorted({place.slice.kind for place in below})
        found += [_cut(parent, [place for place in below if place.slice.kind == kind]) for kind in kinds]
    return [relation for relation in found if relation.parts and relation.parent in published]


def _cut(parent: Place, parts: Sequence[Place]) -> Relation:
    return Relation(parent, tuple(sorted(parts)), overlapping=parts[0].slice.kind in OVERLAPPING)


def _parent(place: Place, published: Collection[Place], above: Mapping[Slice, Slice]) -> Place:
    """The nearest published cell over a slice's; a ring of units, made by mistake, ends at everybody."""
    over, seen = above.get(place.slice, ALL), {place.slice}
    while over not in seen:
        parent = Place(place.grain, place.period, over)
        if parent in published:
            return parent
        seen.add(over)
        over = above.get(over, ALL)
    return Place(place.grain, place.period, ALL)


def _in_time(parent: Place, shorter: Sequence[Place]) -> Relation:
    """``shorter`` are sorted, and do not overlap."""
    first, last = parent.period
    start = bisect_left(shorter, first, key=lambda place: place.period.last)
    end = bisect_right(shorter, last, key=lambda place: place.period.first)
    overlapping = shorter[start:end]
    inside = tuple(place for place in overlapping if place.period.first >= first and place.period.last <= last)
    return Relation(parent, inside, tuple(place for place in overlapping if place not in inside))
