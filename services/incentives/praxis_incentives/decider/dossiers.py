"""Reads all that is known of some learners under the policies that their evidence bears on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_incentives.cases import Grant, Review
from praxis_incentives.decider import who
from praxis_incentives.evaluation import Dossier
from praxis_incentives.evidence import ArtefactKey, Evidence
from praxis_incentives.identities import Identities, Vouchers
from praxis_incentives.policies import Policy, read_policy

_GRANTS = """
    SELECT decision, ledger_index, policy, version, learner, at, evidence, state, latest,
           ARRAY(SELECT ARRAY[act, by] FROM reviews r WHERE r.decision = g.latest ORDER BY "offset") AS reviews
    FROM grants g WHERE {} ORDER BY ledger_index
"""
_OWN_GRANTS = text(_GRANTS.format("learner = ANY(CAST(:names AS text[]))"))
_GRANTS_ON = text(_GRANTS.format("evidence && CAST(:evidence AS uuid[])"))
_EVIDENCE = text(
    """
    SELECT e.*, EXISTS (SELECT FROM evidence_rescinded r WHERE r.event = e.event) AS withdrawn,
           EXISTS (SELECT FROM unnest(e.systems) AS s(system)
                   WHERE (SELECT kind FROM systems k WHERE k.system = s.system
                          AND NOT EXISTS (SELECT FROM programme_rescinded r WHERE r.event = k.event)
                          ORDER BY "offset" DESC LIMIT 1) = 'learning') AS in_learning_system
    FROM evidence e WHERE learner = ANY(CAST(:names AS text[])) OR event = ANY(CAST(:spent AS uuid[]))
    """
)
_IN_EFFECT = text(
    """
    SELECT DISTINCT ON (policy) policy, data FROM policies p
    WHERE effective_from <= :now AND (skills && CAST(:skills AS text[]) OR policy = ANY(CAST(:granted AS text[])))
      AND NOT EXISTS (SELECT FROM programme_rescinded r WHERE r.event = p.event)
    ORDER BY policy, version DESC
    """
)
_VERSIONS = text("SELECT policy, version, data FROM policies WHERE policy = ANY(CAST(:granted AS text[]))")


@dataclass(slots=True)
class _File:
    """What was found of one learner."""

    grants: list[Row[Any]] = field(default_factory=list)
    evidence: list[Row[Any]] = field(default_factory=list)


async def dossiers(session: AsyncSession, learners: Collection[str], now: datetime) -> list[Dossier]:
    """One for each learner and policy that has evidence or a grant to judge, in one order."""
    names = await who.names_of(session, learners)
    own = (await session.execute(_OWN_GRANTS, {"names": sorted(names)})).all()
    spent = sorted({event for grant in own for event in grant.evidence})
    rows = (await session.execute(_EVIDENCE, {"names": sorted(names), "spent": spent})).all()
    known = await who.identities(session, _subjects(rows) | {by for grant in own for _, by in grant.reviews})
    files = _filed(names, own, rows, known)
    current = await _in_effect(session, rows, own, now)
    versions = await _versions(session, own)
    on = (await session.execute(_GRANTS_ON, {"evidence": sorted(row.event for row in rows)})).all()
    found: list[Dossier] = []
    for learner in sorted(files):
        vouchers = Vouchers.of(known, learner, _subjects(files[learner].evidence))
        evidence = _evidence(vouchers, files[learner].evidence)
        skills = {item.skill for item in evidence if item.learner == learner}
        judged = {p for p, policy in current.items() if skills & set(policy.published.skills)}
        for policy in sorted(judged | {grant.policy for grant in files[learner].grants}):
            found.append(_dossier(policy, vouchers, current.get(policy), versions, files[learner].grants, on, evidence))
    return found


def _dossier(
    policy: str,
    vouchers: Vouchers,
    current: Policy | None,
    versions: Mapping[tuple[str, int], Policy],
    own: Sequence[Row[Any]],
    on: Sequence[Row[Any]],
    evidence: tuple[Evidence, ...],
) -> Dossier:
    learner = vouchers.learner
    grants = tuple(_grant(row, vouchers) for row in own if row.policy == policy)
    ids, given = {item.id for item in evidence}, {grant.id for grant in grants}
    skills = set(current.published.skills if current else ())
    spent = frozenset().union(*(grant.evidence for grant in grants))
    for grant in grants:
        skills |= set(versions[policy, grant.version].published.skills)
    return Dossier(
        policy=policy,
        learner=learner,
        current=current,
        versions={version: each for (name, version), each in versions.items() if name == policy},
        grants=grants,
        elsewhere=tuple(
            grant
            for row in on
            if row.policy == policy and (grant := _grant(row, vouchers)).id not in given and grant.evidence & ids
        ),
        evidence=tuple(
            item for item in evidence if item.id in spent or (item.learner == learner and item.skill in skills)
        ),
    )


def _filed(
    names: Mapping[str, str], grants: Iterable[Row[Any]], rows: Sequence[Row[Any]], known: Identities
) -> dict[str, _File]:
    """Each learner's grants and evidence, and what their grants rest on even when it is somebody else's now."""
    files: dict[str, _File] = defaultdict(_File)
    resting: dict[object, set[str]] = defaultdict(set)
    for grant in grants:
        learner = names[grant.learner]
        files[learner].grants.append(grant)
        for event in grant.evidence:
            resting[event].add(learner)
    learners = set(names.values())
    for row in rows:
        for learner in ({known.resolve(row.learner)} & learners) | resting[row.event]:
            files[learner].evidence.append(row)
    return files


def _evidence(vouchers: Vouchers, rows: Iterable[Row[Any]]) -> tuple[Evidence, ...]:
    known = vouchers.who
    return tuple(
        Evidence(
            id=str(row.event),
            skill=row.skill,
            kind=row.kind,
            learner=known.resolve(row.learner),
            attester=vouchers.name(row.attester) if row.attester else None,
            submitter=vouchers.name(row.submitter) if row.submitter else None,
            artefact=ArtefactKey.of(row.artefact_system, row.artefact_id),
            occurred_at=row.occurred_at,
            withdrawn=row.withdrawn,
            in_learning_system=row.in_learning_system,
            disputed=any(known.disputed(each) for each in (row.learner, row.attester) if each),
        )
        for row in rows
    )


def _subjects(rows: Iterable[Row[Any]]) -> set[str]:
    return {each for row in rows for each in (row.learner, row.attester, row.submitter) if each is not None}


def _grant(row: Row[Any], vouchers: Vouchers) -> Grant:
    return Grant(
        id=str(row.decision),
        ledger_index=row.ledger_index,
        version=row.version,
        at=row.at,
        evidence=frozenset(map(str, row.evidence)),
        state=row.state,
        latest=str(row.latest),
        reviews=tuple(Review(act, vouchers.name(by)) for act, by in row.reviews),
    )


async def _in_effect(
    session: AsyncSession, rows: Iterable[Row[Any]], grants: Iterable[Row[Any]], now: datetime
) -> dict[str, Policy]:
    """The newest version in effect of each policy that may bear on these."""
    asked = {"now": now, "skills": sorted({r.skill for r in rows}), "granted": sorted({g.policy for g in grants})}
    return {policy: read_policy(bytes(data)) for policy, data in await session.execute(_IN_EFFECT, asked)}


async def _versions(session: AsyncSession, grants: Iterable[Row[Any]]) -> dict[tuple[str, int], Policy]:
    rows = await session.execute(_VERSIONS, {"granted": sorted({grant.policy for grant in grants})})
    return {(policy, version): read_policy(bytes(data)) for policy, version, data in rows}
