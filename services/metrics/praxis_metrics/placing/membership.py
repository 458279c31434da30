"""The slices in which a person's days at work count: units, roles and managers as of then. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from praxis_metrics.placing.days import Stay, days_of
from praxis_metrics.placing.lines import FOREVER, Lines, ways_up
from praxis_people.identifiers import bounded
from praxis_people.placement import Placement


class Kind(StrEnum):
    UNIT = "unit"
    """The unit, and every unit that it was under."""
    ROLE = "role"
    MANAGER = "manager"
    """The manager, and every manager above; a person is never in their own slice."""


class Membership(NamedTuple):
    """Local days, both included; ``date.max``, PostgreSQL's infinity, while it lasts. ``slice`` is ``bounded``."""

    person_id: str
    kind: str
    slice: str
    first_day: date
    last_day: date


def memberships(
    person_id: str, places: Sequence[Placement], units: Lines, reporting: Lines, zone: ZoneInfo
) -> set[Membership]:
    """Every slice that the person was in, on days at work only.

    ``places`` are the person's; ``units`` and ``reporting`` must hold the lines of all that may be above them, and of
    the person. A day belongs to the last placement that touches it, in every kind, and to the way up as it was at that
    placement's end or the day's, whichever came first.
    """
    stays = {
        Kind.UNIT: _in_units(places, units),
        Kind.ROLE: (Stay(each.start, each.end or FOREVER, (each.role,)) for each in places),
        Kind.MANAGER: _under_managers(person_id, places, reporting),
    }
    return {
        Membership(person_id, kind.value, bounded(days.slice), days.first, days.last)
        for kind, found in stays.items()
        for days in days_of(found, zone)
    }


def _in_units(places: Sequence[Placement], units: Lines) -> Iterator[Stay]:
    for each in places:
        for way in ways_up(units, each.unit, each.start, each.end or FOREVER):
            yield Stay(*way)


def _under_managers(person_id: str, places: Sequence[Placement], reporting: Lines) -> Iterator[Stay]:
    for each in places:
        for way in ways_up(reporting, person_id, each.start, each.end or FOREVER):
            yield Stay(way.start, way.end, way.nodes[1:])
