"""A case: one learner under one policy, with what was granted to them before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Act = Literal["released", "upheld", "approved", "declined"]
State = Literal["granted", "proposed", "held", "declined"]
GIVEN: tuple[State, ...] = ("granted", "proposed")


@dataclass(frozen=True, slots=True)
class Review:
    """What a person did about a held or proposed grant. ``by``: who, resolved."""

    act: Act
    by: str


@dataclass(frozen=True, slots=True)
class Grant:
    """Something granted, proposed or held, that was not revoked. ``id`` and ``at`` are those of the decision that
    opened it; ``latest`` is the newest decision about it and ``evidence`` what it rests on by that one. What was
    proposed and declined stays, so that its evidence is not proposed again; so do the endorsements of a ring that was
    upheld. ``ring``: the endorsements of a ring among its evidence; what is granted or proposed stands on them because
    a person let them count. ``given`` is false of what was held before it was ever given; ``declined`` is true of what
    was declined and is held since, on appeal. ``reviews``: what people did about ``latest``, in order.
    """

    id: str
    ledger_index: int
    version: int
    at: datetime
    evidence: frozenset[str]
    state: State
    latest: str
    reviews: tuple[Review, ...] = ()
    ring: frozenset[str] = frozenset()
    given: bool = True
    declined: bool = False

    @property
    def was_given(self) -> bool:
        """So that there is something to take away; else a person decides whether it is given at all."""
        return self.given and not self.declined


@dataclass(frozen=True, slots=True)
class Appeal:
    """The learner contests ``decision``, which was made by ``version``. ``id``: the event's key."""

    id: str
    decision: str
    version: int


@dataclass(frozen=True, slots=True)
class Case:
    """``place`` is the ledger index that the decision will take; ``grants`` are in ledger order. ``under_review`` is
    the grant that is judged again; ``None``: whether there is a new one to give. ``in_use``: evidence that another
    grant of this policy rests on, whoever's it is; ``declined``: that a person decided against. ``cleared``:
    endorsements of a ring that a person let count. ``appealed``: the learner asks that a person looks. ``earlier``: the
    newest decision about each grant that bears on it.
    """

    learner: str
    place: int
    grants: tuple[Grant, ...] = ()
    under_review: Grant | None = None
    in_use: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    cleared: frozenset[str] = frozenset()
    appealed: bool = False
    earlier: tuple[str, ...] = ()
