"""What else is known of a vouching than its event says: who was whose manager then, and who had endorsed whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_incentives.decider import endorsing
from praxis_incentives.decider.endorsing import Circle
from praxis_incentives.decider.managers import Managers, managers_of
from praxis_incentives.evidence import MANAGER, PEER, Endorsed
from praxis_incentives.identities import Identities


@dataclass(frozen=True, slots=True)
class Surroundings:
    circle: Circle
    managers: Managers

    @classmethod
    async def load(
        cls, session: AsyncSession, known: Identities, rows: Sequence[Row[Any]], hidden: Collection[str]
    ) -> "Surroundings":
        """Of all that ``rows`` of evidence say."""
        vouched = [row for row in rows if row.kind in (PEER, MANAGER) and row.attester is not None]
        learners = {known.resolve(row.learner) for row in vouched}
        peers = [row for row in vouched if row.kind == PEER]
        ends = {known.resolve(end) for row in peers for end in (row.learner, row.attester)}
        circle = Circle.of(await endorsing.around(session, ends), hidden)
        return cls(circle, await managers_of(session, learners | ends) if vouched else Managers({}))

    def not_their_manager(self, row: Row[Any], learner: str, attester: str | None) -> bool:
        """Only of somebody whose manager the directory has ever told: else there is nothing to compare with."""
        if row.kind != MANAGER or attester is None or not self.managers.knows(learner):
            return False
        return self.managers.at(learner, row.occurred_at) != attester

    def endorsed(self, row: Row[Any]) -> Endorsed:
        one = self.circle.all.get(str(row.event))
        if one is None:
            return Endorsed()
        return Endorsed(
            same_team=self.managers.same_team(one.endorser, one.learner, one.occurred_at),
            in_ring=any(True for _ in self.circle.found.rings(one)),
            of_pair=self.circle.found.of_pair(one),
            by_endorser=self.circle.found.by_endorser(one),
        )
