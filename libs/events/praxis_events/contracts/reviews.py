"""``recognition.reviews``: what people did about a case. Each act names the decision that it is about, and says why."""

from uuid import UUID

from praxis_events.contracts.base import EventData, Name, PersonRef, contract
from praxis_events.topics import REVIEWS


class ReviewData(EventData):
    """``decision`` is the id of the newest decision about the case; an act about an older one has no effect."""

    decision: UUID
    by: PersonRef
    reason: Name


@contract("praxis.review.case-released.v1", REVIEWS)
class CaseReleased(ReviewData):
    """What was held is given after all."""


@contract("praxis.review.case-upheld.v1", REVIEWS)
class CaseUpheld(ReviewData):
    """What was held is not given."""


@contract("praxis.review.decision-appealed.v1", REVIEWS)
class DecisionAppealed(ReviewData):
    """The learner contests what was refused or revoked: a person looks at it. ``by`` is the learner."""


@contract("praxis.review.proposal-approved.v1", REVIEWS)
class ProposalApproved(ReviewData):
    """What was proposed is given."""


@contract("praxis.review.proposal-declined.v1", REVIEWS)
class ProposalDeclined(ReviewData):
    """What was proposed is not given."""
