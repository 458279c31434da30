"""Which published cells are hidden: those about few people, and as many others as it takes to keep them so. Pure.

Primary: a cell about fewer than k people; one about nobody only where all slices beside it are hidden. Complementary:
where the parts of a visible cell are all visible but one, that one is a subtraction away, so another part is hidden
too; and where all visible parts of a hidden cell give it away, one of them is. What it takes is measured in people: the
hidden parts of a visible cell must leave each of them a range of at least k values (Hundepool et al., *Statistical
Disclosure Control*, 2012, §4.2-4.3).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from praxis_metrics.lattice import Place, Relation


def hidden(
    people: Mapping[Place, int],
    relations: Sequence[Relation],
    threshold: int,
    settled: Collection[Place] = (),
) -> set[Place]:
    """The cells to hide, of those in ``people``, which says how many each is about.

    ``settled`` ones are hidden whatever they are about now.
    """
    if threshold <= 1:
        return set()
    found = {place for place, count in people.items() if 0 < count < threshold} | (set(settled) & people.keys())
    return _Hiding(people, relations, threshold, found).complete()


class _Hiding:
    """Hides more and more, until no relation gives anything away; it ends, as at worst all is hidden."""

    def __init__(
        self,
        people: Mapping[Place, int],
        relations: Sequence[Relation],
        threshold: int,
        found: set[Place],
    ) -> None:
        self._people, self._threshold, self._found = people, threshold, found
        self._of: defaultdict[Place, list[Relation]] = defaultdict(list)
        self._with: defaultdict[Place, list[Relation]] = defaultdict(list)
        for relation in relations:
            self._of[relation.parent].append(relation)
            for place in (*relation.parts, *relation.touching):
                self._with[place].append(relation)

    def complete(self) -> set[Place]:
        waiting = {relation: None for place in sorted(self._found) for relation in self._around(place)}
        while waiting:
            # Inside of what is hidden first: the more it may hold, the better it protects what stands beside it.
            relation = next((each for each in waiting if each.parent in self._found), next(iter(waiting)))
            if more := self._asked_by(relation):
                self._found.add(more)
                waiting |= dict.fromkeys(self._around(more))
            else:
                del waiting[relation]
        return self._found

    def _around(self, place: Place) -> list[Relation]:
        return self._of[place] + self._with[place]

    def _asked_by(self, relation: Relation) -> Place | None:
        """One more cell that this relation asks to hide; ``None`` when it gives nothing away."""
        covered = [place for place in relation.parts if place in self._found]
        is_hidden = relation.parent in self._found
        if not is_hidden and not covered and self._found.isdisjoint(relation.touching):
            return None
        if self._is_safe(covered, is_hidden) or self._tells_nothing(relation, is_hidden):
            return None
        parts = [place for place in relation.parts if place not in self._found and self._people[place] > 0]
        if parts:
            return min(parts, key=lambda place: (self._people[place], place))
        # Where all slices are hidden, those about nobody too, each may be about nobody.
        empty = [place for place in relation.parts if place not in self._found]
        if empty and _is_cut(relation):
            return min(empty)
        # Nothing is left to hide beside it: then the sum itself goes, unless it is about enough others too.
        others = self._people[relation.parent] - sum(self._people[place] for place in relation.parts)
        return None if is_hidden or not covered or others >= self._threshold else relation.parent

    def _is_safe(self, covered: Sequence[Place], parent_hidden: bool) -> bool:
        """Whether each of the hidden parts may, as far as their sum tells, be any of ``threshold`` numbers."""
        play = sum(self._people[place] - self._least(place) for place in covered)
        return (parent_hidden or len(covered) > 1) and play + 1 >= self._threshold

    def _tells_nothing(self, relation: Relation, parent_hidden: bool) -> bool:
        """Whether the visible parts overlap so much that, as far as they tell, the others may be about nobody.

        Where parts overlap their sum is no sum: a hidden one is at least what the visible ones leave of the parent.
        """
        visible = sum(self._people[place] for place in relation.parts if place not in self._found)
        return relation.overlapping and not parent_hidden and visible >= self._people[relation.parent]

    def _least(self, place: Place) -> int:
        """How many a cell must be about, by those of its parts that are shown. Nobody is hidden only where all are."""
        if place not in self._found:
            return self._people[place]
        least = max((sum(map(self._least, relation.parts)) for relation in self._of[place]), default=0)
        return least or int(not self._is_among_hidden(place))

    def _is_among_hidden(self, place: Place) -> bool:
        """Whether all slices beside it are hidden too."""
        beside = (relation for relation in self._with[place] if place in relation.parts)
        return any(_is_cut(relation) and self._found.issuperset(relation.parts) for relation in beside)


def _is_cut(relation: Relation) -> bool:
    """Into slices, and not into shorter periods."""
    return relation.parts[0].slice != relation.parent.slice


def parts_hidden(parts: Iterable[int], threshold: int) -> bool:
    """Whether the parts of a visible cell, such as the contractors among its people, are to be left out."""
    return any(0 < part < threshold for part in parts)
