"""Who endorsed whom: pure, from the endorsements that stand, their people resolved.

Of several endorsements of one person's one piece of work by one other, the first in the log is meant.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from praxis_incentives.evidence import ArtefactKey

MOST_IN_RING = 4
"""People. Longer circles are as common by chance as by arrangement."""

RING_DAYS = timedelta(days=14)
PAIR_DAYS = timedelta(days=30)
"""Within which a circle is a ring; of two people who endorsed each other, within the time for which an endorser's limit
counts. In longer times too many honest people return an endorsement (``test_planted_rings``)."""


@dataclass(frozen=True, slots=True)
class Endorsement:
    """``place``: in the log. Its key in evidence is ``id``."""

    place: int
    id: str
    endorser: str
    learner: str
    skill: str
    artefact: ArtefactKey
    occurred_at: datetime


@dataclass(slots=True)
class Endorsements:
    """``given``: by endorser, in the order of the log."""

    given: dict[str, list[Endorsement]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, found: Iterable[Endorsement]) -> "Endorsements":
        all_of_them = cls()
        for each in found:
            all_of_them.add(each)
        return all_of_them

    def add(self, one: Endorsement) -> None:
        """Somebody's word about themselves is none."""
        if one.endorser != one.learner:
            insort(self.given[one.endorser], one, key=lambda each: (each.place, each.id))

    def by_endorser(self, one: Endorsement) -> tuple[datetime, ...]:
        """When its endorser had endorsed before, whomever, in the order of the log."""
        return tuple(each.occurred_at for each in self._before(one))

    def of_pair(self, one: Endorsement) -> int:
        """How often its endorser had endorsed the same person before."""
        return sum(each.learner == one.learner for each in self._before(one))

    def rings(self, one: Endorsement) -> Iterator[tuple[Endorsement, ...]]:
        """Every ring that it closes: at most ``MOST_IN_RING`` people, one skill, within ``RING_DAYS``; or two people
        within ``PAIR_DAYS``. Each begins with ``one``."""
        return self._going_on((one,)) if one.endorser != one.learner else iter(())

    def _going_on(self, path: tuple[Endorsement, ...]) -> Iterator[tuple[Endorsement, ...]]:
        first, last = path[0], path[-1]
        for each in self.given.get(last.learner, ()):
            if each.skill != first.skill or each.learner in {link.learner for link in path}:
                continue
            longer = (*path, each)
            if each.learner == first.endorser:
                if _together(longer, PAIR_DAYS if len(longer) == 2 else RING_DAYS):
                    yield longer
            elif len(longer) < MOST_IN_RING and _together(longer, RING_DAYS):
                yield from self._going_on(longer)

    def _before(self, one: Endorsement) -> list[Endorsement]:
        """The first about each piece of work of each person, without the one about this."""
        first: dict[tuple[str, ArtefactKey], Endorsement] = {}
        for each in self.given.get(one.endorser, ()):
            if (each.place, each.id) < (one.place, one.id):
                first.setdefault((each.learner, each.artefact), each)
        first.pop((one.learner, one.artefact), None)
        return list(first.values())


def _together(path: tuple[Endorsement, ...], within: timedelta) -> bool:
    moments = [each.occurred_at for each in path]
    return max(moments) - min(moments) <= within
