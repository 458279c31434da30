"""``work.evidence``: a learner applied a skill at work."""

from typing import Annotated, Literal

from pydantic import Field

from praxis_events.contracts.base import EventData, EventRef, Iri, Moment, Name, PersonRef, contract
from praxis_events.topics import EVIDENCE

Kind = Literal["task-completed", "project-result", "peer-endorsement", "manager-verification", "assessor-validation"]
KINDS: tuple[Kind, ...] = (
    "task-completed",
    "project-result",
    "peer-endorsement",
    "manager-verification",
    "assessor-validation",
)
Share = Annotated[float, Field(ge=0, le=1)]


class TaskRef(EventData):
    system: Name
    id: Name


class Artefact(EventData):
    """What the work left behind: a pull request, a report, a ticket. ``system`` and ``id`` make it one artefact."""

    system: Name
    id: Name
    url: Iri | None = None


class Outcome(EventData):
    measure: Name
    before: float | None = None
    after: float | None = None
    opportunities: Annotated[float, Field(gt=0)] | None = None
    amount: float | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    source: Name
    confidence: Share | None = None
    attribution: Share | None = None


@contract("praxis.evidence.skill-applied.v1", EVIDENCE)
class SkillApplied(EventData):
    learner: PersonRef
    skill: Name
    level: Name | None = None
    kind: Kind
    task: TaskRef | None = None
    artefact: Artefact
    occurred_at: Moment
    attested_by: PersonRef | None = None
    outcomes: list[Outcome] | None = None
    learning_statement: Name | None = None


@contract("praxis.evidence.rescinded.v1", EVIDENCE)
class EvidenceRescinded(EventData):
    """Withdraws one earlier event of this topic, whenever it arrives."""

    event: EventRef
    reason: Name
