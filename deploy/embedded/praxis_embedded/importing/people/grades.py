"""Which of two grades is the higher one: a raise is a promotion, and no other change of grade is called one."""

import re
from collections.abc import Sequence

_NUMBERED = re.compile(r"(\D*)(\d+)")


class Grades:
    """``ranked``: grades from the lowest up, where their names do not say it."""

    def __init__(self, ranked: Sequence[str] = ()) -> None:
        self._ranks = {grade: rank for rank, grade in enumerate(ranked)}

    def rises(self, before: str | None, after: str | None) -> bool:
        """By rank; unranked ones by their number, when both are numbered alike (``L4``, ``L5``). Else it is not known
        to be a raise."""
        if before is None or after is None:
            return False
        if before in self._ranks and after in self._ranks:
            return self._ranks[before] < self._ranks[after]
        one, other = _NUMBERED.fullmatch(before), _NUMBERED.fullmatch(after)
        return one is not None and other is not None and one[1] == other[1] and int(one[2]) < int(other[2])
