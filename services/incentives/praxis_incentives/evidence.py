"""A piece of evidence as the decision sees it: its people already resolved to who they are."""

from dataclasses import dataclass
from datetime import datetime

from praxis_events.contracts.evidence import Kind
from praxis_events.names import folded

PEER: Kind = "peer-endorsement"
MANAGER: Kind = "manager-verification"
VOUCHED: frozenset[Kind] = frozenset({"peer-endorsement", "manager-verification", "assessor-validation"})
"""Kinds that are somebody's word: without ``attested_by`` there is nothing in them."""


@dataclass(frozen=True, slots=True)
class ArtefactKey:
    """What makes two artefacts one; compared without regard to case, so that spelling makes no second artefact."""

    system: str
    id: str

    @classmethod
    def of(cls, system: str, id_: str) -> "ArtefactKey":
        return cls(folded(system), folded(id_))


@dataclass(frozen=True, slots=True)
class Endorsed:
    """What else is known of a peer's endorsement. ``same_team``: both had one manager then, or one was the other's.
    ``in_ring``: those around the two endorsed one another (``endorsements``). ``of_pair``: how often the endorser had
    endorsed this learner before; ``by_endorser``: when anybody, in the order of the log.
    """

    same_team: bool = False
    in_ring: bool = False
    of_pair: int = 0
    by_endorser: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """``id`` is the event's key. People are ``person:<id>``, or their identifier's key when no person claims it.

    ``attester`` is the human who vouches and ``submitter`` the credential that sent it, or the person it belongs to.
    ``in_learning_system``: the artefact or the task lies in a system registered as one. ``disputed``: two persons
    claim the learner's or the attester's identifier. ``not_their_manager``: the directory says that somebody else, or
    nobody, was the learner's manager when it occurred. ``endorsed``: of a peer's endorsement.
    """

    id: str
    skill: str
    kind: Kind
    learner: str
    attester: str | None
    submitter: str | None
    artefact: ArtefactKey
    occurred_at: datetime
    withdrawn: bool = False
    in_learning_system: bool = False
    disputed: bool = False
    not_their_manager: bool = False
    endorsed: Endorsed = Endorsed()

    @property
    def actor(self) -> str | None:
        """Who stands behind it: the human who vouches; for what a system reports by itself, that system."""
        return self.attester if self.attester or self.kind in VOUCHED else self.submitter

    @property
    def by_peer(self) -> bool:
        return self.kind == PEER
