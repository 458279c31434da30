"""On which days the rows of one fold differ from those of another. Pure."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Set
from datetime import date
from typing import Any, TypeAlias

from praxis_metrics.calendar import FIRST_DAY, LAST_DAY

Row: TypeAlias = tuple[Any, ...]
"""What holds, and at the end the first and the last day on which it does."""

_Days: TypeAlias = tuple[int, int]
"""From one day up to, but not including, another: as ordinals, which have one after the last date."""


def changed_days(before: Set[Row], after: Set[Row]) -> list[tuple[date, date]]:
    """The stretches of days, both included, oldest first and apart, on which anything holds that did not, or does not
    that did. Only days that can be asked for; up to ``LAST_DAY`` where it is from then on."""
    differing = {row[:-2] for row in before ^ after}
    was, is_ = _by_key(before, differing), _by_key(after, differing)
    found = _joined(days for key in differing for days in _differences(_joined(was[key]), _joined(is_[key])))
    dates = ((date.fromordinal(first), date.fromordinal(end - 1)) for first, end in found)
    return [
        (max(first, FIRST_DAY), min(last, LAST_DAY)) for first, last in dates if first <= LAST_DAY and last >= FIRST_DAY
    ]


def _by_key(rows: Iterable[Row], keys: Collection[Hashable]) -> defaultdict[Hashable, list[_Days]]:
    found: defaultdict[Hashable, list[_Days]] = defaultdict(list)
    for row in rows:
        key, first, last = row[:-2], row[-2], row[-1]
        if key in keys and first <= last:
            found[key].append((first.toordinal(), last.toordinal() + 1))
    return found


def _joined(days: Iterable[_Days]) -> list[_Days]:
    """Those that overlap or touch as one, oldest first."""
    found: list[_Days] = []
    for first, end in sorted(days):
        if found and first <= found[-1][1]:
            first, end = found[-1][0], max(found.pop()[1], end)
        found.append((first, end))
    return found


def _differences(some: list[_Days], others: list[_Days]) -> Iterator[_Days]:
    """Where one list holds and the other does not: each boundary that only one of them has begins or ends this."""
    boundaries = sorted({at for days in some for at in days} ^ {at for days in others for at in days})
    return zip(boundaries[::2], boundaries[1::2], strict=True)
