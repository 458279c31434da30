"""Events as the systems of an organisation send them."""

from itertools import count
from typing import Any
from uuid import uuid4

_numbers = count(1)


def event(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{next(_numbers)}-{uuid4().hex[:8]}",
        "source": "/e2e",
        "type": f"praxis.{type_}.v1",
        "datacontenttype": "application/json",
        "data": data,
    }


def policy(name: str, skill: str) -> dict[str, Any]:
    return event(
        "programme.policy-published",
        {
            "policy": name,
            "version": 1,
            "owner": {"person_id": "owner"},
            "skills": [skill],
            "reward": {"type": "badge", "name": f"{skill} in practice"},
            "effective_from": "2026-01-01T00:00:00Z",
        },
    )


def applied(learner: dict[str, Any], skill: str, artefact: str, kind: str, by: dict[str, Any]) -> dict[str, Any]:
    return event(
        "evidence.skill-applied",
        {
            "learner": learner,
            "skill": skill,
            "kind": kind,
            "attested_by": by,
            "artefact": {"system": "github", "id": artefact},
            "occurred_at": "2026-03-02T10:00:00Z",
        },
    )


def linked(person_id: str, *identifiers: dict[str, Any]) -> dict[str, Any]:
    return event("people.identity-linked", {"person_id": person_id, "identifiers": list(identifiers)})


def hired(person_id: str, effective_at: str) -> dict[str, Any]:
    data = {"person_id": person_id, "unit": "sales", "role": "adviser", "effective_at": effective_at}
    return event("people.hired", data)
