"""Grants as the decider's tables have them: the people in them by the names of then, not yet resolved."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, text

from praxis_incentives.cases import Grant, Review
from praxis_incentives.identities import Vouchers

_GRANTS = """
    SELECT decision, ledger_index, policy, version, learner, at, evidence, state, latest, ring, given, declined,
           ARRAY(SELECT ARRAY[act, by] FROM reviews r WHERE r.decision = g.latest ORDER BY "offset") AS reviews
    FROM grants g WHERE {} ORDER BY ledger_index
"""
OWN_GRANTS = text(_GRANTS.format("learner = ANY(CAST(:names AS text[]))"))
GRANTS_ON = text(_GRANTS.format("evidence && CAST(:evidence AS uuid[])"))


@dataclass(frozen=True, slots=True)
class StoredGrant:
    """``learner``, and the reviewers in ``grant``, by the names of then."""

    policy: str
    learner: str
    grant: Grant

    @classmethod
    def of(cls, row: Row[Any]) -> "StoredGrant":
        grant = Grant(
            id=str(row.decision),
            ledger_index=row.ledger_index,
            version=row.version,
            at=row.at,
            evidence=frozenset(map(str, row.evidence)),
            state=row.state,
            latest=str(row.latest),
            reviews=tuple(Review(act, by) for act, by in row.reviews),
            ring=frozenset(map(str, row.ring)),
            given=row.given,
            declined=row.declined,
        )
        return cls(row.policy, row.learner, grant)

    def resolved(self, vouchers: Vouchers) -> Grant:
        reviews = tuple(Review(each.act, vouchers.name(each.by)) for each in self.grant.reviews)
        return replace(self.grant, reviews=reviews)
