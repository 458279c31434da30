"""What stood directly above what, in the course of time, and the ways up: units under units, people under managers.

Pure. A way up ends at the top, at what nothing is known of (a unit that is not defined, a manager who is not at work),
or before it would go round a ring.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from praxis_events.contracts.directory import UnitDefined
from praxis_people.history import Heard
from praxis_people.placement import Placement

FOREVER = datetime.max.replace(tzinfo=UTC)
"""The end of what lasts."""


class Line(NamedTuple):
    """``above`` is directly above from ``start`` up to, but not including, ``end``; ``None``: nothing is."""

    start: datetime
    end: datetime
    above: str | None


Lines: TypeAlias = Mapping[str, Sequence[Line]]
"""Of each unit or person its lines, oldest first; they do not overlap."""


class Way(NamedTuple):
    """From ``start`` up to, but not including, ``end``: where it begins and all that is above, nearest first."""

    start: datetime
    end: datetime
    nodes: tuple[str, ...]


def unit_lines(events: Iterable[Heard]) -> dict[str, list[Line]]:
    """Each unit's parents, from its first definition on; of two definitions at one instant the one that the log heard
    later holds. ``events``: those that stand (``praxis_people.history``)."""
    parents: defaultdict[str, dict[datetime, str | None]] = defaultdict(dict)
    for each in sorted(events, key=attrgetter("place")):
        if isinstance(each.data, UnitDefined):
            parents[each.data.unit][each.data.effective_at] = each.data.parent
    return {
        unit: [Line(start, end, found[start]) for start, end in pairwise([*sorted(found), FOREVER])]
        for unit, found in parents.items()
    }


def reporting_lines(places: Iterable[Placement]) -> list[Line]:
    """A person's managers while the person is at work."""
    return [Line(each.start, each.end or FOREVER, each.manager_id) for each in places]


def ways_up(lines: Lines, bottom: str, start: datetime, end: datetime) -> Iterator[Way]:
    """What was above ``bottom`` from ``start`` up to ``end``, cut wherever any line of it changes."""
    while start < end:
        nodes, until = _way_at(lines, bottom, start)
        yield Way(start, min(until, end), nodes)
        start = until


def _way_at(lines: Lines, bottom: str, moment: datetime) -> tuple[tuple[str, ...], datetime]:
    """The way up at a moment, and until when it stays so."""
    nodes, until = [bottom], FOREVER
    while True:
        above, holds_until = _above(lines.get(nodes[-1], ()), moment)
        until = min(until, holds_until)
        if above is None or above in nodes:
            return tuple(nodes), until
        nodes.append(above)


def _above(lines: Sequence[Line], moment: datetime) -> tuple[str | None, datetime]:
    index = bisect_right(lines, moment, key=attrgetter("start"))
    if index and moment < lines[index - 1].end:
        return lines[index - 1].above, lines[index - 1].end
    return None, lines[index].start if index < len(lines) else FOREVER
