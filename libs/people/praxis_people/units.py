"""The organisation's tree at a moment: units under units, and people under managers. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from praxis_events.contracts.directory import UnitDefined
from praxis_people.history import Heard

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Unit:
    """``parent`` is ``None`` at the top."""

    unit: str
    name: str
    parent: str | None


def units_at(events: Iterable[Heard], moment: datetime) -> dict[str, Unit]:
    """Each unit as it was last defined with effect up to ``moment``; at one instant the definition that the log heard
    later holds. ``events``: as known at some position of the log (``history.as_known``).

    A parent may be missing: it was not defined yet.
    """
    latest: dict[str, tuple[datetime, int, Unit]] = {}
    for each in events:
        if isinstance(each.data, UnitDefined) and each.data.effective_at <= moment:
            unit = Unit(each.data.unit, each.data.name, each.data.parent)
            at = (each.data.effective_at, each.place)
            if unit.unit not in latest or latest[unit.unit][:2] < at:
                latest[unit.unit] = (*at, unit)
    return {name: unit for name, (_, _, unit) in latest.items()}


def subtree(top: Node, above: Mapping[Node, Node | None]) -> frozenset[Node]:
    """``top`` and all that is under it, by who or what is directly above each. A ring, made by mistake, is gone round
    once."""
    below: defaultdict[Node | None, list[Node]] = defaultdict(list)
    for node, parent in above.items():
        below[parent].append(node)
    found, waiting = {top}, [top]
    while waiting:
        new = [node for node in below.get(waiting.pop(), ()) if node not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def unit_subtree(units: Mapping[str, Unit], top: str) -> frozenset[str]:
    """The unit and its sub-units, whether or not the unit itself was defined."""
    return subtree(top, {name: unit.parent for name, unit in units.items()})
