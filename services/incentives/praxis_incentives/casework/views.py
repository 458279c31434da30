"""What the cases that wait look like to those who decide about them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from praxis_incentives.decisions.views import DecisionView
from praxis_incentives.endorsements import Endorsement


class EndorsementView(BaseModel):
    """Who endorsed whom. ``evidence``: its key; people as decisions name them."""

    evidence: str
    endorser: str
    learner: str
    skill: str
    occurred_at: datetime

    @classmethod
    def of(cls, one: Endorsement) -> "EndorsementView":
        return cls(
            evidence=one.id,
            endorser=one.endorser,
            learner=one.learner,
            skill=one.skill,
            occurred_at=one.occurred_at,
        )


class CaseView(DecisionView):
    """The newest decision about the case. ``endorsements``: those of the rings that it is held for, oldest first."""

    endorsements: list[EndorsementView]

    @property
    def people(self) -> set[str]:
        """All whom it names."""
        return {self.learner}.union(*({each.endorser, each.learner} for each in self.endorsements))


class CasePage(BaseModel):
    """The newest decision about each case, in one order."""

    cases: list[CaseView]
    next: UUID | None
    consistent: bool
