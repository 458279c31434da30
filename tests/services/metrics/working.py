"""Work as short as the examples need it: tasks accepted and eligible, evidence with outcomes, what was measured."""

from typing import Any

from praxis_events.log import NewRecord
from tests.services.metrics.build import applied, mail, said


def task(id_: str, system: str = "jira") -> dict[str, str]:
    return {"system": system, "id": id_}


def accepted(
    who: str, id_: str, at: str, *, by: str | None = "lead", event: str | None = None, **others: Any
) -> NewRecord:
    data = {"task": task(id_), "person": mail(who), "skills": ["sql"], "accepted_at": at, **others}
    if by is not None:
        data["accepted_by"] = mail(by)
    return said("work.task-accepted", data, id_=event)


def eligible(who: str, id_: str, at: str, *, skill: str = "sql", **others: Any) -> NewRecord:
    return said("work.task-eligible", {"task": task(id_), "skill": skill, "person": mail(who), "from": at, **others})


def shown(
    who: str,
    id_: str | None,
    at: str,
    *outcomes: dict[str, Any],
    by: str = "lead",
    event: str | None = None,
    **others: Any,
) -> NewRecord:
    """Evidence of SQL, with the task ``id_`` or, for ``None``, only with its artefact."""
    of = {} if id_ is None else {"task": task(id_)}
    told = {"outcomes": list(outcomes)} if outcomes else {}
    return said("evidence.skill-applied", applied(who, by, at, **of, **told, **others), id_=event)


def outcome(measure: str, before: float | None = None, after: float | None = None, **others: Any) -> dict[str, Any]:
    told = {name: value for name, value in {"before": before, "after": after}.items() if value is not None}
    return {"measure": measure, "source": "time sheet", **told, **others}


def revenue(amount: float, currency: str = "EUR", **others: Any) -> dict[str, Any]:
    return {"measure": "revenue", "amount": amount, "currency": currency, "source": "crm", **others}


def measured(who: str, value: float, first: str, last: str, *, per: str | None = "ticket", **others: Any) -> NewRecord:
    data = {"person": mail(who), "measure": "minutes", "from": first, "to": last, "value": value, "source": "jira"}
    return said("work.outcome-measured", {**data, **({} if per is None else {"per": per}), **others})


def mapped(activity: str, *skills: str, **span: str) -> NewRecord:
    data = {"activity": f"https://lms.example/{activity}", "skills": [{"skill": skill} for skill in skills], **span}
    return said("programme.activity-mapped", {**data, "confirmed_by": mail("lead")})


def used(who: str, by: str, at: str, *, skill: str = "sql", id_: str | None = None) -> NewRecord:
    return said("evidence.skill-applied", applied(who, by, at, skill=skill), id_=id_)
