"""What stands together: the items inside one window, each vouching counted once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from praxis_incentives.cases import Grant
from praxis_incentives.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Standing:
    """The items that are judged together, by the time they occurred; ``before`` are the grants that came earlier, and
    ``at`` the moment for which the person's cap is counted.
    """

    items: tuple[Evidence, ...]
    before: tuple[Grant, ...]
    at: datetime


def by_time(items: Iterable[Evidence]) -> list[Evidence]:
    """One order for the same items, however they arrived."""
    return sorted(items, key=lambda item: (item.occurred_at, item.id))


def windows(items: Iterable[Evidence], days: int) -> list[tuple[Evidence, ...]]:
    """The largest sets of items that lie within ``days`` of one another, earliest first; inclusive at both ends."""
    ordered, length = by_time(items), timedelta(days=days)
    found: list[tuple[Evidence, ...]] = []
    end = 0
    for start, first in enumerate(ordered):
        reached = end
        while end < len(ordered) and ordered[end].occurred_at - first.occurred_at <= length:
            end += 1
        if end > reached:
            found.append(tuple(ordered[start:end]))
    return found


def once(items: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Somebody's repeated word of one kind on one artefact is once; the earliest is kept."""
    kept: dict[object, Evidence] = {}
    for item in items:
        kept.setdefault((item.actor, item.artefact, item.kind), item)
    return tuple(kept.values())
