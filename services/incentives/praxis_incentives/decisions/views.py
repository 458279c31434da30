"""What the decisions resource answers."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, computed_field

from praxis_events.contracts.evidence import Artefact, Kind
from praxis_events.contracts.recognition import DecisionData
from praxis_incentives import appeals


class EvidenceView(BaseModel):
    """A piece of evidence that the decision names. ``evidence`` is its key there; ``source`` and ``id`` its event's.
    Who vouched is not shown.
    """

    evidence: str
    source: str
    id: str
    skill: str
    kind: Kind
    artefact: Artefact
    occurred_at: datetime
    withdrawn: bool


class DecisionView(DecisionData):
    """A ledger entry as it stands, the evidence it names, and its leaf: SHA-256(0x00 ‖ canonical JSON) in hex.
    ``appeal_until``: when the time to contest it ends; of what was refused or revoked.
    """

    items: list[EvidenceView]
    leaf: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def appeal_until(self) -> datetime | None:
        return appeals.until(self.outcome, self.decided_at)


class DecisionPage(BaseModel):
    """Newest first. ``next``: what to send as ``after`` for the next page; only the last page has none, however few
    decisions the others hold. ``consistent``: all that was acknowledged before the request has been judged;
    ``watermark``: the moment up to which that is known.
    """

    decisions: list[DecisionView]
    next: int | None
    consistent: bool
    watermark: datetime | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"decisions": [], "next": None, "consistent": True, "watermark": "2026-03-02T10:00:00Z"}]
        }
    )
