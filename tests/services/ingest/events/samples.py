"""Events to send, and who sends them."""

from datetime import UTC, datetime
from typing import Any

from praxis_ingest.events.received import ReceivedEvent
from praxis_service.auth import Principal

Json = dict[str, Any]

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SOURCE = "https://tracker.example.org"
ADMIN = Principal("admin", frozenset({"all"}))
TRACKER = Principal("tracker", frozenset({"events/write"}))
HIRED = {
    "person_id": "p-1",
    "unit": "platform",
    "role": "engineer",
    "effective_at": "2025-01-01T00:00:00Z",
}
APPLIED = {
    "learner": {"person_id": "p-1"},
    "skill": "python",
    "kind": "task-completed",
    "artefact": {"system": "github", "id": "acme/app#42"},
    "occurred_at": "2026-03-02T10:00:00Z",
}
POLICY = {
    "policy": "python-in-practice",
    "version": 1,
    "owner": {"person_id": "p-7"},
    "skills": ["python"],
    "reward": {"type": "badge", "name": "Python in practice"},
    "effective_from": "2026-01-01T00:00:00Z",
}
VOUCHED = APPLIED | {"kind": "manager-verification", "attested_by": {"person_id": "p-7"}}


def event(type_: str, data: Json, id_: str = "1", **attributes: object) -> Json:
    return {"specversion": "1.0", "id": id_, "source": SOURCE, "type": f"praxis.{type_}.v1", "data": data, **attributes}


def hired(id_: str = "1", **data: object) -> Json:
    return event("people.hired", HIRED | data, id_)


def applied(id_: str = "1", **data: object) -> Json:
    return event("evidence.skill-applied", APPLIED | data, id_)


def received(sent: Json, index: int = 0) -> ReceivedEvent:
    """As an element of a batch."""
    attributes = {name: value for name, value in sent.items() if name != "data"}
    return ReceivedEvent(index, attributes, sent["data"], (index,))
