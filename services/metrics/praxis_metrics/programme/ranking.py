"""Barriers ranked by prevalence times severity, from what is published of them. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.programme.barriers import BARRIER
from praxis_metrics.programme.cells import Shown

TOP = 3


class Ranked(NamedTuple):
    """All ``None`` where hidden; ``prevalence`` and ``score`` also where it is hidden how many named any barrier."""

    rank: int | None
    people: int | None
    prevalence: float | None
    severity: float | None
    score: float | None

    @property
    def top(self) -> bool:
        return self.rank is not None and self.rank <= TOP


HIDDEN = Ranked(None, None, None, None, None)


def people(cells: Mapping[Slice, Shown]) -> int | None:
    """Who named any barrier; ``None`` where that is hidden."""
    return cells[ALL].n if ALL in cells else 0


def ranked(cells: Mapping[Slice, Shown]) -> dict[str, Ranked]:
    """By barrier, the first in rank first and the hidden ones last.

    Scores of one quarter share their denominator, so the sum of severities orders as the score does.
    """
    all_people = people(cells)
    found = {of.name: cell for of, cell in cells.items() if of.kind == BARRIER}
    visible = [name for name, cell in found.items() if not cell.hidden]
    visible.sort(key=lambda name: (-(found[name].numerator or 0), -(found[name].n or 0), name))
    places = {name: _ranked(rank, found[name], all_people) for rank, name in enumerate(visible, start=1)}
    return places | {name: HIDDEN for name in sorted(found) if name not in places}


def _ranked(rank: int, cell: Shown, all_people: int | None) -> Ranked:
    if not all_people or cell.n is None or cell.numerator is None:
        return Ranked(rank, cell.n, None, cell.value, None)
    return Ranked(rank, cell.n, cell.n / all_people, cell.value, cell.numerator / all_people)
