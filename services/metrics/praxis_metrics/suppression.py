"""Which published cells are hidden: those about few people, and as many others as it takes to keep them so. Pure.

Primary: a cell about fewer than k people, but not about nobody. Complementary: where the parts of a visible cell are
all visible but one, that one is a subtraction away, so another part is hidden too; and where all visible parts of a
hidden cell give it away, one of them is. What it takes is measured in people: the hidden parts of a visible cell must
leave each of them a range of at least k values (Hundepool et al., *Statistical Disclosure Control*, 2012, §4.2-4.3).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from praxis_metrics.lattice import Place, Relation


def hidden(
    people: Mapping[Place, int],
    relations: Sequence[Relation],
    threshold: int,
    before: Collection[Place] = (),
    settled: Collection[Place] = (),
) -> set[Place]:
    """The cells to hide, of those in ``people``, which says how many each is about.

    ``settled`` ones are hidden whatever they are about now: they were when their period was final. Of those that might
    be hidden to protect others, ones that were hidden ``before`` are taken first, so that the choice stays the same.
    """
    if threshold <= 1:
        return set()
    found = {place for place, count in people.items() if 0 < count < threshold} | (set(settled) & people.keys())
    touched: defaultdict[Place, list[Relation]] = defaultdict(list)
    for relation in relations:
        for place in (relation.parent, *relation.parts, *relation.touching):
            touched[place].append(relation)
    waiting = list(dict.fromkeys(relation for place in sorted(found) for relation in touched[place]))
    while waiting:
        relation = waiting.pop()
        if more := _to_hide(relation, people, found, threshold, before):
            found.add(more)
            waiting += [each for each in touched[more] if each not in waiting]
            if relation not in waiting:
                waiting.append(relation)
    return found


def _to_hide(
    relation: Relation, people: Mapping[Place, int], found: set[Place], threshold: int, before: Collection[Place]
) -> Place | None:
    """One more cell that this relation asks for; ``None`` when it gives nothing away."""
    parts = [place for place in relation.parts if place in people]
    covered = [place for place in parts if place in found]
    parent_hidden = relation.parent in found
    if not parts or not (covered or parent_hidden or any(place in found for place in relation.touching)):
        return None
    if _is_safe([people[place] for place in covered], parent_hidden, threshold):
        return None
    open_parts = [place for place in parts if place not in found and people[place] > 0]
    if open_parts:
        return min(open_parts, key=lambda place: (place not in before, people[place], place))
    # Nothing is left to hide beside it: then the sum itself goes, unless it is about more than its parts.
    return None if parent_hidden or relation.parent not in people else _parent(relation, people, covered, threshold)


def _is_safe(counts: Sequence[int], parent_hidden: bool, threshold: int) -> bool:
    """Whether hidden parts about so many people each may be any of ``threshold`` numbers, as far as this sum tells."""
    if parent_hidden:
        return sum(counts) >= threshold
    return len(counts) > 1 and sum(counts) - (len(counts) - 1) >= threshold


def _parent(relation: Relation, people: Mapping[Place, int], covered: Sequence[Place], threshold: int) -> Place | None:
    others = people[relation.parent] - sum(people[place] for place in relation.parts if place in people)
    return None if others >= threshold else relation.parent if covered else None


def parts_hidden(parts: Iterable[int], threshold: int) -> bool:
    """Whether the parts of a visible cell, such as the contractors among its people, are to be left out."""
    return any(0 < part < threshold for part in parts)
