"""Decisions into the ledger, its outbox, and what later decisions have to know of them."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts.recognition import KnownPosition
from praxis_incentives import canonical_json
from praxis_incentives.cases import Grant
from praxis_incentives.decision import Decision
from praxis_incentives.evaluation import SUCCESS, Dossier, given, revised
from praxis_incentives.ledger import leaf_hash, ledger_body

_LEDGER = text(
    "INSERT INTO ledger (ledger_index, decision, policy, learner, outcome, decided_at, body, leaf) VALUES "
    "(:ledger_index, :decision, :policy, :learner, :outcome, :decided_at, :body, :leaf)"
)
_OUTBOX = text("INSERT INTO outbox (ledger_index) VALUES (:ledger_index)")
_GRANT = text(
    "INSERT INTO grants (decision, ledger_index, policy, version, learner, at, evidence, held, latest) VALUES "
    "(:decision, :ledger_index, :policy, :version, :learner, :at, CAST(:evidence AS uuid[]), :held, :latest) "
    "ON CONFLICT (decision) DO UPDATE SET evidence = excluded.evidence, held = excluded.held, latest = excluded.latest"
)
_REVOKE = text("DELETE FROM grants WHERE decision = :decision")
_CASE = text(
    "INSERT INTO cases (policy, learner, inputs) VALUES (:policy, :learner, :inputs) "
    "ON CONFLICT (policy, learner) DO UPDATE SET inputs = excluded.inputs"
)


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
    version = dossier.current.hash if dossier.current else None
    return hashlib.sha256(canonical_json.encode([version, items])).digest()


async def next_place(session: AsyncSession) -> int:
    """The next ledger index: they are dense, from 0."""
    return int(await session.scalar(text("SELECT coalesce(max(ledger_index) + 1, 0) FROM ledger")) or 0)


async def changed(session: AsyncSession, found: Sequence[Dossier]) -> list[Dossier]:
    """The cases that are new, or not what they were when last evaluated; remembers them as they are now."""
    rows = await session.execute(
        text("SELECT policy, learner, inputs FROM cases WHERE learner = ANY(CAST(:learners AS text[]))"),
        {"learners": sorted({each.learner for each in found})},
    )
    last = {(policy, learner): bytes(inputs) for policy, learner, inputs in rows}
    fresh = [(each, inputs) for each in found if last.get((each.policy, each.learner)) != (inputs := fingerprint(each))]
    if fresh:
        values = [{"policy": d.policy, "learner": d.learner, "inputs": inputs} for d, inputs in fresh]
        await session.execute(_CASE, values)
    return [dossier for dossier, _ in fresh]


async def record(
    session: AsyncSession, decisions: Sequence[Decision], known: Sequence[KnownPosition], trigger: str
) -> None:
    if not decisions:
        return
    await session.execute(_LEDGER, [_ledger_row(each, known, trigger) for each in decisions])
    await session.execute(_OUTBOX, [{"ledger_index": each.ledger_index} for each in decisions])
    for decision in decisions:
        await _record_grant(session, decision)


async def _record_grant(session: AsyncSession, decision: Decision) -> None:
    reviewed = decision.under_review
    if reviewed is None and decision.outcome not in SUCCESS:
        return
    grant = given(decision) if reviewed is None else revised(reviewed, decision)
    if grant is not None:
        await session.execute(_GRANT, _grant_row(decision, grant))
    elif reviewed is not None:
        await session.execute(_REVOKE, {"decision": reviewed.id})


def _ledger_row(decision: Decision, known: Sequence[KnownPosition], trigger: str) -> dict[str, Any]:
    body = ledger_body(decision, known, trigger)
    return {
        "ledger_index": decision.ledger_index,
        "decision": decision.id,
        "policy": decision.policy.id,
        "learner": decision.learner,
        "outcome": decision.outcome,
        "decided_at": decision.at,
        "body": body,
        "leaf": leaf_hash(body),
    }


def _grant_row(decision: Decision, grant: Grant) -> dict[str, Any]:
    return {
        "decision": grant.id,
        "ledger_index": grant.ledger_index,
        "policy": decision.policy.id,
        "version": grant.version,
        "learner": decision.learner,
        "at": grant.at,
        "evidence": sorted(grant.evidence),
        "held": grant.held,
        "latest": grant.latest,
    }
