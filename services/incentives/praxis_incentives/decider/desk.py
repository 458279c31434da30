"""What lies on the decider's desk: all that is known of some learners, read at once, then kept up with what is decided.

So a stretch of evidence takes a few queries, not some for each item. What is read is what would be found item by item.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_incentives.cases import Appeal, Review
from praxis_incentives.decider import who
from praxis_incentives.decider.recording import fingerprint
from praxis_incentives.decider.stored_grants import GRANTS_ON, OWN_GRANTS, StoredGrant
from praxis_incentives.decider.surroundings import Surroundings
from praxis_incentives.decision import Decision
from praxis_incentives.evaluation import Dossier, new_grant, revised
from praxis_incentives.evidence import ArtefactKey, Endorsed, Evidence
from praxis_incentives.identities import Identities, Vouchers
from praxis_incentives.ledger import grant_of
from praxis_incentives.policies import Policy, read_policy

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
_POLICIES = text(
    """
    SELECT policy, version, data, effective_from,
           EXISTS (SELECT FROM programme_rescinded r WHERE r.event = p.event) AS rescinded
    FROM policies p
    WHERE policy IN (SELECT policy FROM policies WHERE skills && CAST(:skills AS text[]))
       OR policy = ANY(CAST(:granted AS text[]))
    ORDER BY policy, version
    """
)
_APPEALS = text(
    "SELECT event, decision, policy, version, learner FROM appeals WHERE learner = ANY(CAST(:names AS text[])) "
    "ORDER BY event"
)
_JUDGED = text("SELECT policy, learner, inputs FROM cases WHERE learner = ANY(CAST(:learners AS text[]))")
_EARLY = text('SELECT decision, act, by FROM reviews WHERE early ORDER BY "offset"')
"""Those that were there before what they are about was decided: their topic was read further."""

CaseKey = tuple[str, str]
"""The policy and the learner."""


@dataclass(slots=True)
class Desk:
    """``names``: under which of them evidence and grants of which learner stand. ``hidden``: evidence that is written
    down already and is not yet to be seen. ``judged``: what each case was last judged on; ``touched`` since.
    """

    names: Mapping[str, str]
    known: Identities
    grants: dict[str, StoredGrant]
    evidence: dict[str, Row[Any]]
    policies: Sequence[Row[Any]]
    surroundings: Surroundings
    appeals: Sequence[Row[Any]]
    early: Mapping[str, Sequence[Review]]
    judged: dict[CaseKey, bytes]
    hidden: set[str]
    touched: dict[CaseKey, bytes] = field(default_factory=dict)
    _own: dict[str, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    async def load(cls, session: AsyncSession, learners: Collection[str], hidden: Collection[UUID] = ()) -> "Desk":
        """All that is known of these learners, and of the grants that rest on their evidence."""
        names = await who.names_of(session, learners)
        own = (await session.execute(OWN_GRANTS, {"names": sorted(names)})).all()
        spent = sorted({event for grant in own for event in grant.evidence})
        rows = (await session.execute(_EVIDENCE, {"names": sorted(names), "spent": spent})).all()
        on = (await session.execute(GRANTS_ON, {"evidence": sorted(row.event for row in rows)})).all()
        grants = {str(row.decision): StoredGrant.of(row) for row in (*own, *on)}
        reviewers = {review.by for each in grants.values() for review in each.grant.reviews}
        known = await who.identities(session, _subjects(rows) | reviewers)
        appeals = (await session.execute(_APPEALS, {"names": sorted(names)})).all()
        asked = {
            "skills": sorted({row.skill for row in rows}),
            "granted": sorted({each.policy for each in (*own, *appeals)}),
        }
        policies = (await session.execute(_POLICIES, asked)).all()
        early: dict[str, list[Review]] = defaultdict(list)
        for row in await session.execute(_EARLY):
            early[str(row.decision)].append(Review(row.act, row.by))
        judged = await session.execute(_JUDGED, {"learners": sorted(learners)})
        desk = cls(
            names=names,
            known=known,
            grants=grants,
            evidence={str(row.event): row for row in rows},
            policies=policies,
            surroundings=await Surroundings.load(session, known, rows, set(map(str, hidden))),
            appeals=appeals,
            early=early,
            judged={(policy, learner): bytes(inputs) for policy, learner, inputs in judged},
            hidden=set(map(str, hidden)),
        )
        for row in rows:
            if str(row.event) not in desk.hidden:
                desk._own[known.resolve(row.learner)].append(row)
        return desk

    def reveal(self, event: UUID) -> bool:
        """From now on this evidence is there. Whether it was not before: else it is a copy."""
        id_ = str(event)
        if id_ not in self.hidden:
            return False
        self.hidden.discard(id_)
        row = self.evidence[id_]
        self._own[self.known.resolve(row.learner)].append(row)
        self.surroundings.circle.reveal(id_)
        return True

    def ring_members(self, event: UUID) -> set[str]:
        """All who are in a ring with this evidence, as far as it is revealed."""
        return self.surroundings.circle.members(str(event))

    def dossiers(self, learners: Collection[str], now: datetime) -> list[Dossier]:
        """One for each learner and policy that has evidence or a grant to judge, in one order."""
        current, versions = self._in_effect(now), self._versions()
        return [each for learner in sorted(learners) for each in self._of(learner, current, versions)]

    def changed(self, found: Sequence[Dossier]) -> list[Dossier]:
        """The cases that are new, or not what they were when last judged; they count as judged from now on."""
        fresh = []
        for dossier in found:
            case, inputs = (dossier.policy, dossier.learner), fingerprint(dossier)
            if self.judged.get(case) != inputs:
                self.judged[case] = self.touched[case] = inputs
                fresh.append(dossier)
        return fresh

    def note(self, decision: Decision) -> None:
        """What a decision means for grants. A review of it may be there already."""
        if (key := grant_of(decision)) is None:
            return
        before = self.grants.get(key)
        after = revised(before.grant, decision) if before else new_grant(decision)
        if after is None:
            del self.grants[key]
            return
        grant = replace(after, reviews=tuple(self.early.get(decision.id, ())))
        self.grants[key] = (
            replace(before, grant=grant) if before else StoredGrant(decision.policy.id, decision.learner, grant)
        )

    def evidence_of(self, learner: str) -> tuple[Evidence, ...]:
        """All evidence about a learner on the desk, whatever skill it is of."""
        rows = self._own.get(learner, ())
        vouchers = Vouchers.of(self.known, learner, _subjects(rows))
        return tuple(self._read(vouchers, row) for row in rows)

    def _of(
        self, learner: str, current: Mapping[str, Policy], versions: Mapping[tuple[str, int], Policy]
    ) -> list[Dossier]:
        grants = sorted(
            (each for each in self.grants.values() if self.names.get(each.learner) == learner),
            key=lambda each: each.grant.ledger_index,
        )
        resting = {event for each in grants for event in each.grant.evidence}
        rows = {str(row.event): row for row in self._own.get(learner, ())}
        rows |= {event: self.evidence[event] for event in resting if event in self.evidence}
        if not rows and not grants:
            return []
        vouchers = Vouchers.of(self.known, learner, _subjects(rows.values()))
        evidence = tuple(self._read(vouchers, row) for row in rows.values())
        skills = {item.skill for item in evidence if item.learner == learner}
        policies = {p for p, policy in current.items() if skills & set(policy.published.skills)}
        policies |= {each.policy for each in grants}
        policies |= {each.policy for each in self._appeals(learner)}
        return [self._dossier(each, vouchers, current, versions, grants, evidence) for each in sorted(policies)]

    def _dossier(
        self,
        policy: str,
        vouchers: Vouchers,
        current: Mapping[str, Policy],
        versions: Mapping[tuple[str, int], Policy],
        own: Sequence[StoredGrant],
        evidence: tuple[Evidence, ...],
    ) -> Dossier:
        learner, newest = vouchers.learner, current.get(policy)
        grants = tuple(each.resolved(vouchers) for each in own if each.policy == policy)
        ids, ours = {item.id for item in evidence}, {grant.id for grant in grants}
        skills = set(newest.published.skills if newest else ())
        spent = frozenset().union(*(grant.evidence for grant in grants))
        for grant in grants:
            skills |= set(versions[policy, grant.version].published.skills)
        others = (
            each for each in self.grants.values()
            if each.policy == policy and each.grant.id not in ours and each.grant.evidence & ids
        )  # fmt: skip
        return Dossier(
            policy=policy,
            learner=learner,
            current=newest,
            versions={version: each for (name, version), each in versions.items() if name == policy},
            grants=grants,
            appeals=tuple(
                Appeal(str(each.event), str(each.decision), each.version)
                for each in self._appeals(learner)
                if each.policy == policy
            ),
            elsewhere=tuple(
                each.resolved(vouchers) for each in sorted(others, key=lambda each: each.grant.ledger_index)
            ),
            evidence=tuple(
                item for item in evidence if item.id in spent or (item.learner == learner and item.skill in skills)
            ),
        )

    def _appeals(self, learner: str) -> list[Row[Any]]:
        return [each for each in self.appeals if self.names.get(each.learner) == learner]

    def _read(self, vouchers: Vouchers, row: Row[Any]) -> Evidence:
        known = vouchers.who
        learner = known.resolve(row.learner)
        attester = vouchers.name(row.attester) if row.attester else None
        return Evidence(
            id=str(row.event),
            skill=row.skill,
            kind=row.kind,
            learner=learner,
            attester=attester,
            submitter=vouchers.name(row.submitter) if row.submitter else None,
            artefact=ArtefactKey.of(row.artefact_system, row.artefact_id),
            occurred_at=row.occurred_at,
            withdrawn=row.withdrawn,
            in_learning_system=row.in_learning_system,
            disputed=any(known.disputed(each) for each in (row.learner, row.attester) if each),
            not_their_manager=self.surroundings.not_their_manager(row, learner, attester),
            # of who is not on the desk, not all of whom it depends on was read
            endorsed=self.surroundings.endorsed(row) if learner == vouchers.learner else Endorsed(),
        )

    def _in_effect(self, now: datetime) -> dict[str, Policy]:
        """The newest version in effect of each policy."""
        rows = (row for row in self.policies if row.effective_from <= now and not row.rescinded)
        return {row.policy: read_policy(bytes(row.data)) for row in rows}

    def _versions(self) -> dict[tuple[str, int], Policy]:
        return {(row.policy, row.version): read_policy(bytes(row.data)) for row in self.policies}


def _subjects(rows: Iterable[Row[Any]]) -> set[str]:
    return {each for row in rows for each in (row.learner, row.attester, row.submitter) if each is not None}
