"""Decisions into the ledger, its outbox, and what later decisions have to know of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts.programme import PerEndorser
from praxis_events.contracts.recognition import DecisionData, leaf_hash
from praxis_incentives import canonical_json
from praxis_incentives.canonical_json import Json
from praxis_incentives.evaluation import SUCCESS, Dossier
from praxis_incentives.evidence import Endorsed, Evidence
from praxis_incentives.exclusions.endorser_limit import within

_LEDGER = text(
    "INSERT INTO ledger (ledger_index, decision, policy, learner, outcome, decided_at, body, leaf) VALUES "
    "(:ledger_index, :decision, :policy, :learner, :outcome, :decided_at, :body, :leaf)"
)
_OUTBOX = text(
    "INSERT INTO outbox (ledger_index, log_offset, traceparent) VALUES (:ledger_index, :log_offset, :traceparent)"
)
_GIVE = text(
    "INSERT INTO grants (decision, ledger_index, policy, version, learner, at, evidence, state, latest, ring, given) "
    "VALUES (:decision, :ledger_index, :policy, :version, :learner, :at, CAST(:evidence AS uuid[]), :state, :decision, "
    "CAST(:ring AS uuid[]), :given)"
)
_CONFIRM = text(
    "UPDATE grants SET evidence = CAST(:evidence AS uuid[]), state = :state, latest = :decision, "
    "ring = CAST(:ring AS uuid[]), given = true, declined = false WHERE decision = :grant"
)
_HOLD = text(
    "UPDATE grants SET declined = declined OR state = 'declined', state = 'held', latest = :decision, "
    "ring = CAST(:ring AS uuid[]) WHERE decision = :grant"
)
_DECLINE = text(
    "UPDATE grants SET state = 'declined', declined = false, latest = :decision, ring = CAST(:ring AS uuid[]) "
    "WHERE decision = :grant AND (declined OR state = 'proposed') RETURNING 1"
)
_UPHOLD = text(
    "UPDATE grants SET state = 'declined', latest = :decision, ring = CAST(:ring AS uuid[]), "
    "evidence = CAST(:ring AS uuid[]) WHERE decision = :grant"
)
_END = text("DELETE FROM grants WHERE decision = :grant")
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
    limits = _limits(dossier)
    items = [
        [
            each.id,
            each.learner,
            each.attester,
            each.submitter,
            each.withdrawn,
            each.in_learning_system,
            each.disputed,
            *_of_their_manager(each),
            *_of_a_peer(each, limits),
        ]
        for each in sorted(dossier.evidence, key=lambda item: item.id)
    ]
    acts = [[grant.id, each.act, each.by] for grant in dossier.grants for each in grant.reviews]
    acts += [[each.decision, "appealed", each.id] for each in dossier.appeals]
    version = dossier.current.hash if dossier.current else None
    return hashlib.sha256(canonical_json.encode([version, items, *([acts] if acts else [])])).digest()


def _of_their_manager(item: Evidence) -> list[str]:
    return ["not their manager"] if item.not_their_manager else []


def _of_a_peer(item: Evidence, limits: Sequence[PerEndorser]) -> list[Json]:
    endorsed = item.endorsed
    if endorsed == Endorsed():
        return []
    counts = [within(each, endorsed.by_endorser, item.occurred_at) for each in limits]
    return [endorsed.same_team, endorsed.in_ring, endorsed.of_pair, counts]


def _limits(dossier: Dossier) -> list[PerEndorser]:
    """Those by which an endorser's limit may be judged."""
    used = [dossier.versions[grant.version] for grant in dossier.grants]
    policies = used if dossier.current is None else [dossier.current, *used]
    return sorted({each.criteria.per_endorser for each in policies}, key=lambda limit: (limit.times, limit.days))


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
    return {
        "decision": data.decision,
        "ledger_index": data.ledger_index,
        "policy": data.policy,
        "version": data.policy_version,
        "learner": data.learner,
        "at": data.decided_at,
        "evidence": data.evidence,
        "state": data.outcome,
        "ring": data.ring or [],
        "given": data.outcome in SUCCESS,
    }


async def _revise_grant(session: AsyncSession, data: DecisionData) -> None:
    """As ``evaluation.revised`` does."""
    about = {"grant": data.grant, "decision": data.decision}
    ring = {"ring": data.ring or []}
    if data.outcome in SUCCESS:
        await session.execute(_CONFIRM, about | ring | {"evidence": data.evidence, "state": data.outcome})
    elif data.outcome == "held":
        await session.execute(_HOLD, about | ring)
    elif data.outcome == "refused" and await session.scalar(_DECLINE, about | ring):
        return
    elif data.ring:
        await session.execute(_UPHOLD, about | ring)
    else:
        await session.execute(_END, {"grant": data.grant})


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
