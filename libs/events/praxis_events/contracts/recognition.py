"""``recognition.decisions``: every evaluation of a case, granted or not, with what it rested on."""

import hashlib
from typing import Annotated, Any, Literal

from pydantic import Field

from praxis_events.contracts.base import EventData, Moment, Name, contract
from praxis_events.topics import DECISIONS

LEAF_PREFIX = b"\x00"
"""Tells a leaf from a node, so that neither passes for the other (RFC 9162 §2.1.1)."""

Result = Literal["granted", "pending", "refused", "held", "revoked", "proposed"]


def leaf_hash(body: bytes) -> bytes:
    """A decision's leaf in the Merkle tree, from its bytes in the ledger: SHA-256(0x00 ‖ body)."""
    return hashlib.sha256(LEAF_PREFIX + body).digest()


class CriterionResult(EventData):
    """One criterion of the policy: what it asks for, what there is, and what would meet it when unmet."""

    criterion: Name
    met: bool
    required: float | int
    actual: float | int
    explanation: str


class ExcludedItem(EventData):
    evidence: Name
    reason: Name
    explanation: str


class KnownPosition(EventData):
    """Every record of the partition before ``next_offset`` was taken into account, and none after."""

    topic: Name
    partition: int
    next_offset: int


class DecisionData(EventData):
    """A decision as it stands in the ledger; the same bytes are derived again from what it names.

    ``evidence`` and ``trigger`` are event keys. ``grant`` is the decision that gave what this one is about: itself when
    something is newly granted, proposed or held, ``None`` when nothing is. ``earlier`` is the newest decision about
    each grant that was taken into account. ``ring``, where there is one: the endorsements that are part of a ring. In
    what is held they weigh nothing until a person has looked; in what is granted or proposed a person has let them
    count; else they never will.
    """

    decision: Name
    ledger_index: Annotated[int, Field(ge=0)]
    policy: Name
    policy_version: int
    policy_hash: Name
    learner: Annotated[str, Field(min_length=1)]
    outcome: Result
    decided_at: Moment
    evidence: list[str]
    excluded: list[ExcludedItem]
    criteria: list[CriterionResult]
    what_would_change_it: list[str]
    reward: dict[str, Any] | None
    grant: Name | None
    earlier: list[Name]
    known: list[KnownPosition]
    trigger: Name
    ring: list[str] | None = None


@contract("praxis.recognition.granted.v1", DECISIONS)
class Granted(DecisionData): ...


@contract("praxis.recognition.pending.v1", DECISIONS)
class Pending(DecisionData): ...


@contract("praxis.recognition.refused.v1", DECISIONS)
class Refused(DecisionData): ...


@contract("praxis.recognition.held.v1", DECISIONS)
class Held(DecisionData): ...


@contract("praxis.recognition.revoked.v1", DECISIONS)
class Revoked(DecisionData): ...


@contract("praxis.recognition.proposed.v1", DECISIONS)
class Proposed(DecisionData): ...
