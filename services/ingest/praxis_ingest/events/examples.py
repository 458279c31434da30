"""What the OpenAPI document shows of ``POST /events``."""

from typing import Any

from praxis_events.contracts import contracts
from praxis_ingest.events.judgement import TOPICS
from praxis_ingest.events.modes import BATCHED, STRUCTURED

Json = dict[str, Any]

SKILL_APPLIED: Json = {
    "learner": {"person_id": "p-1"},
    "skill": "python",
    "kind": "manager-verification",
    "attested_by": {"person_id": "p-7"},
    "artefact": {"system": "github", "id": "acme/app#42", "url": "https://github.com/acme/app/pull/42"},
    "occurred_at": "2026-03-02T10:00:00Z",
}
POLICY_PUBLISHED: Json = {
    "policy": "python-in-practice",
    "version": 1,
    "owner": {"person_id": "p-7"},
    "skills": ["python"],
    "criteria": {
        "weights": {
            "task-completed": 0.6,
            "project-result": 0.8,
            "peer-endorsement": 0.3,
            "manager-verification": 1.0,
            "assessor-validation": 1.0,
        },
        "threshold": 1.4,
        "min_items": 2,
        "min_actors": 2,
        "min_artefacts": 2,
        "min_non_peer": 1,
        "window_days": 90,
        "per_person": {"times": 1, "days": 365},
    },
    "reward": {
        "type": "badge",
        "name": "Python in practice",
        "description": "Applies Python to real work.",
        "criteria": "Two verified uses within 90 days.",
    },
    "effective_from": "2026-01-01T00:00:00Z",
}


def _event(type_: str, id_: str, data: Json) -> Json:
    return {"specversion": "1.0", "id": id_, "source": "https://tracker.example.org", "type": type_, "data": data}


_APPLIED = _event("praxis.evidence.skill-applied.v1", "review-42", SKILL_APPLIED)
_POLICY = _event("praxis.programme.policy-published.v1", "python-in-practice/1", POLICY_PUBLISHED)
EVENT: Json = {
    "type": "object",
    "description": "A CloudEvent; its type decides what `data` holds.",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1, "maxLength": 500},
        "source": {"type": "string", "format": "uri-reference", "minLength": 1, "maxLength": 500},
        "type": {"enum": sorted(each.type for each in contracts() if each.topic in TOPICS)},
        "subject": {"type": ["string", "null"], "minLength": 1},
        "time": {"type": ["string", "null"], "format": "date-time"},
        "datacontenttype": {"type": ["string", "null"], "default": "application/json"},
        "data": {"type": "object"},
    },
}

REQUEST_BODY: Json = {
    "required": True,
    "content": {
        STRUCTURED: {
            "schema": EVENT,
            "examples": {
                "evidence": {"summary": "A manager saw a skill applied", "value": _APPLIED},
                "policy": {"summary": "A recognition policy", "value": _POLICY},
            },
        },
        BATCHED: {
            "schema": {"type": "array", "items": EVENT},
            "examples": {"both": {"summary": "Two events", "value": [_APPLIED, _POLICY]}},
        },
        "application/json": {
            "schema": {"type": "object", "description": "Binary mode: the data; attributes are ce-… headers."},
            "examples": {"evidence": {"summary": "The data alone", "value": SKILL_APPLIED}},
        },
    },
}

_ACCEPTED: Json = {"index": 0, "id": "review-42", "source": "https://tracker.example.org", "duplicate": False}
_FAULT: Json = {"detail": "Field required", "pointer": "/1/data/owner"}
_REFUSED: Json = {
    "index": 1,
    "id": "python-in-practice/1",
    "source": "https://tracker.example.org",
    "status": 400,
    "errors": [_FAULT],
}
ALL_ACCEPTED: Json = {"accepted": [_ACCEPTED], "refused": []}
SOME_REFUSED: Json = {"accepted": [_ACCEPTED], "refused": [_REFUSED]}
NONE_ACCEPTED: Json = {
    "type": "about:blank",
    "title": "Bad Request",
    "status": 400,
    "detail": "Nothing was accepted: events refused: 1.",
    "errors": [_FAULT],
    "refused": [_REFUSED],
}
