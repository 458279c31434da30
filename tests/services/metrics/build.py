"""Statements and directory events as short as the examples that need them."""

import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from praxis_events.contracts import contract_for
from praxis_events.envelope import Event
from praxis_events.log import NewRecord
from tests.services.metrics.world import people, statement

ADL = "http://adlnet.gov/expapi/verbs/"
REGISTRATION = "11111111-1111-4111-8111-111111111111"
_ids = count(1)


def fresh_id() -> str:
    return str(UUID(int=next(_ids), version=4))


def mail(name: str) -> dict[str, Any]:
    return {"mbox": f"mailto:{name}@example.org"}


def did(
    who: str | dict[str, Any],
    verb: str,
    what: str,
    at: str,
    *,
    took: str | None = None,
    course: str | None = None,
    registration: str | None = None,
    id_: str | None = None,
    stored: str | None = None,
    credential: str = "lms",
    id_assigned: bool = False,
) -> NewRecord:
    """``who`` is an Agent, or the name before @example.org; ``verb`` one of ADL's, or a whole IRI."""
    body: dict[str, Any] = {
        "id": id_ or fresh_id(),
        "actor": mail(who) if isinstance(who, str) else who,
        "verb": {"id": verb if ":" in verb else ADL + verb},
        "object": {"id": f"https://lms.example/{what}"},
        "timestamp": at,
        "stored": stored or (datetime.fromisoformat(at) + timedelta(seconds=1)).isoformat(),
    }
    if took is not None:
        body["result"] = {"duration": took}
    context: dict[str, Any] = {} if registration is None else {"registration": registration}
    if course is not None:
        context["contextActivities"] = {"grouping": [{"id": f"https://lms.example/{course}"}]}
    if context:
        body["context"] = context
    return statement(body, credential=credential, id_assigned=id_assigned)


def voids(target: str, *, id_: str | None = None) -> NewRecord:
    body = {
        "id": id_ or fresh_id(),
        "actor": mail("admin"),
        "verb": {"id": ADL + "voided"},
        "object": {"objectType": "StatementRef", "id": target},
        "stored": "2026-03-31T12:00:00Z",
    }
    return statement(body)


def linked(person: str, *identifiers: dict[str, Any], id_: str | None = None) -> NewRecord:
    return people("identity-linked", {"person_id": person, "identifiers": list(identifiers)}, id_=id_ or fresh_id())


def unlinked(person: str, *identifiers: dict[str, Any]) -> NewRecord:
    return people("identity-unlinked", {"person_id": person, "identifiers": list(identifiers)}, id_=fresh_id())


def rescinded(id_: str) -> NewRecord:
    """Undoes the directory's event ``id_``."""
    return people("rescinded", {"event": {"source": "hr", "id": id_}, "reason": "a mistake"}, id_=fresh_id())


def hired(
    person: str,
    at: str,
    *,
    worker_type: str | None = None,
    unit: str = "sales",
    role: str = "clerk",
    manager: str | None = None,
    id_: str | None = None,
    **others: Any,
) -> NewRecord:
    data = {"person_id": person, "unit": unit, "role": role, "effective_at": at, **others}
    if worker_type is not None:
        data["worker_type"] = worker_type
    if manager is not None:
        data["manager_id"] = manager
    return people("hired", data, id_=id_ or fresh_id())


def moved(person: str, at: str, *, id_: str | None = None, **to: str | None) -> NewRecord:
    """To a ``unit``, a ``role`` or under a ``manager_id``: one of them."""
    (what,) = to
    name = f"{what.removesuffix('_id')}-changed"
    return people(name, {"person_id": person, "effective_at": at, **to}, id_=id_ or fresh_id())


def unit(name: str, at: str, *, parent: str | None = None, id_: str | None = None) -> NewRecord:
    data = {"unit": name, "name": name, "effective_at": at}
    if parent is not None:
        data["parent"] = parent
    return people("unit-defined", data, id_=id_ or fresh_id())


def left(person: str, at: str, *, voluntary: bool | None = None, id_: str | None = None) -> NewRecord:
    return people("left", {"person_id": person, "voluntary": voluntary, "effective_at": at}, id_=id_ or fresh_id())


def leave(started_or_ended: str, person: str, at: str) -> NewRecord:
    return people(f"leave-{started_or_ended}", {"person_id": person, "effective_at": at}, id_=fresh_id())


def staff(*names: str, since: str = "2020-01-01T00:00:00Z") -> list[NewRecord]:
    """Everyone under their own name as ``person_id``, hired, and linked to their mail address."""
    return [record for name in names for record in (hired(name, since), linked(name, mail(name)))]


def said(
    type_: str,
    data: dict[str, Any],
    *,
    id_: str | None = None,
    principal: str | None = "tool",
    time: str | None = None,
    version: int = 1,
) -> NewRecord:
    """An event of any topic; ``type_`` as in ``work.task-accepted``, ``time`` the event's own."""
    found = contract_for(f"praxis.{type_}.v{version}")
    assert found is not None
    moment = None if time is None else datetime.fromisoformat(time)
    event = Event(id_ or fresh_id(), "tools", found.type, json.dumps(data).encode(), moment, principal=principal)
    return event.to_record(found.topic.name)


def takes_back(area: str, id_: str) -> NewRecord:
    """The rescission of ``id_`` among what ``said`` makes."""
    return said(f"{area}.rescinded", {"event": {"source": "tools", "id": id_}, "reason": "a mistake"})


def applied(who: str | dict[str, Any], by: str | dict[str, Any] | None, at: str, **others: Any) -> dict[str, Any]:
    """Data of evidence of SQL in a pull request; people by name are before @example.org."""
    named = {"learner": who} if by is None else {"learner": who, "attested_by": by}
    people = {role: mail(each) if isinstance(each, str) else each for role, each in named.items()}
    artefact = {"system": "GitHub", "id": "acme/app#1"}
    return {**people, "skill": "sql", "kind": "project-result", "artefact": artefact, "occurred_at": at, **others}
