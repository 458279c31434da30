"""Decisions into the ledger, its outbox, and what later decisions have to know of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts.recognition import DecisionData, leaf_hash
from praxis_incentives import canonical_json
from praxis_incentives.evaluation import SUCCESS, Dossier

_LEDGER = text(
    "INSERT INTO ledger (ledger_index, decision, policy, learner, outcome, decided_at, body, leaf) VALUES "
    "(:ledger_index, :decision, :policy, :learner, :outcome, :decided_at, :body, :leaf)"
)
_OUTBOX = text(
    "INSERT INTO outbox (ledger_index, log_offset, traceparent) VALUES (:ledger_index, :log_offset, :traceparent)"
)
_GIVE = text(
    "INSERT INTO grants (decision, ledger_index, policy, version, learner, at, evidence, state, latest) VALUES "
    "(:decision, :ledger_index, :policy, :version, :learner, :at, CAST(:evidence AS uuid[]), :state, :decision)"
)
_CONFIRM = text(
    "UPDATE grants SET evidence = CAST(:evidence AS uuid[]), state = :state, latest = :decision WHERE decision = :grant"
)
_MOVE = text("UPDATE grants SET state = :state, latest = :decision WHERE decision = :grant")
_REVOKE = text("DELETE FROM grants WHERE decision = :grant")
_CASE = text(
    "INSERT INTO cases (policy, learner, inputs) VALUES (:policy, :learner, :inputs) "
    "ON CONFLICT (policy, learner) DO UPDATE SET inputs = excluded.inputs"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as it stands in the ledger: ``body`` is its canonical bytes. ``log_offset``: where it is on the log
    already. ``leaf``: the one that it had before it was redacted; the tree keeps it. ``traceparent``: where it was
    made; only one that is to be relayed has it."""

    data: DecisionData
    body: bytes
    log_offset: int | None = None
    leaf: bytes | None = None
    traceparent: str | None = None


def fingerprint(dossier: Dossier) -> bytes:
    """A digest of what a case is judged on. Unchanged, there is nothing to evaluate."""
    items = [
        [
            each.id,
            each.learner,
            each.attester,
            each.submitter,
            each.withdrawn,
            each.in_learning_system,
            each.disputed,
        ]
        for each in sorted(dossier.evidence, key=lambda item: item.id)
    ]
    acts = [[grant.id, each.act, each.by] for grant in dossier.grants for each in grant.reviews]
    version = dossier.current.hash if dossier.current else None
    return hashlib.sha256(canonical_json.encode([version, items, *([acts] if acts else [])])).digest()


async def next_place(session: AsyncSession) -> int:
    """The next ledger index: they are dense, from 0."""
    return int(await session.scalar(text("SELECT coalesce(max(ledger_index) + 1, 0) FROM ledger")) or 0)


async def remember(session: AsyncSession, judged: Mapping[tuple[str, str], bytes]) -> None:
    """What each case (policy and learner) was last judged on."""
    if judged:
        rows = [
            {"policy": policy, "learner": learner, "inputs": inputs} for (policy, learner), inputs in judged.items()
        ]
        await session.execute(_CASE, rows)


async def record(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Into the ledger and its outbox, and what they mean for grants, in order."""
    if not entries:
        return
    await session.execute(_LEDGER, [_ledger_row(each) for each in entries])
    await session.execute(_OUTBOX, [_outbox_row(each) for each in entries])
    if given := [_given(each.data) for each in entries if each.data.grant == each.data.decision]:
        await session.execute(_GIVE, given)
    for entry in entries:
        if entry.data.grant not in (None, entry.data.decision):
            await _revise_grant(session, entry.data)


def _given(data: DecisionData) -> dict[str, Any]:
    """A grant is called by the decision that gave it."""
    return {
        "decision": data.decision,
        "ledger_index": data.ledger_index,
        "policy": data.policy,
        "version": data.policy_version,
        "learner": data.learner,
        "at": data.decided_at,
        "evidence": data.evidence,
        "state": data.outcome,
    }


async def _revise_grant(session: AsyncSession, data: DecisionData) -> None:
    values = {"grant": data.grant, "decision": data.decision}
    if data.outcome == "revoked":
        await session.execute(_REVOKE, {"grant": data.grant})
    elif data.outcome in SUCCESS:
        await session.execute(_CONFIRM, values | {"evidence": data.evidence, "state": data.outcome})
    else:
        await session.execute(_MOVE, values | {"state": "held" if data.outcome == "held" else "declined"})


def _ledger_row(entry: Entry) -> dict[str, Any]:
    data = entry.data
    return {
        "ledger_index": data.ledger_index,
        "decision": data.decision,
        "policy": data.policy,
        "learner": data.learner,
        "outcome": data.outcome,
        "decided_at": data.decided_at,
        "body": entry.body,
        "leaf": entry.leaf or leaf_hash(entry.body),
    }


def _outbox_row(entry: Entry) -> dict[str, Any]:
    return {
        "ledger_index": entry.data.ledger_index,
        "log_offset": entry.log_offset,
        "traceparent": entry.traceparent,
    }
