"""Learning leads: who serves in which unit until when, and where somebody is due to take over. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

REMIND = timedelta(days=30)
"""So long before a term ends, its unit is reminded; and afterwards, until somebody is appointed."""


class Term(NamedTuple):
    unit: str
    learner: int | None
    starts: datetime
    ends: datetime


def state(term: Term, now: datetime) -> Literal["to-come", "serving", "ended"]:
    if now < term.starts:
        return "to-come"
    return "serving" if now < term.ends else "ended"


def due_to_rotate(terms: Iterable[Term], now: datetime) -> Mapping[str, datetime]:
    """The units whose last term is past or ends within 30 days, with when it ends: nobody takes over yet."""
    ends: dict[str, datetime] = {}
    for term in terms:
        ends[term.unit] = max(term.ends, ends.get(term.unit, term.ends))
    return {unit: end for unit, end in sorted(ends.items()) if end <= now + REMIND}


def current(terms: Sequence[Term], now: datetime) -> list[Term]:
    """Without those that have ended, but for the last of a unit that is due to rotate; by unit, the first first."""
    due = due_to_rotate(terms, now)
    shown = [term for term in terms if now < term.ends or due.get(term.unit) == term.ends]
    return sorted(dict.fromkeys(shown), key=lambda term: (term.unit, term.starts, term.ends))
