"""Events of careers as short as the examples that need them: roles, assessors, pathways, ratings, promotions."""

from typing import Any

from praxis_events.log import NewRecord
from tests.services.metrics.build import applied, fresh_id, mail, said
from tests.services.metrics.world import people

LEAD = mail("lead")


def profile(role: str, family: str, *skills: str) -> NewRecord:
    required = [{"skill": skill} for skill in skills]
    return said("programme.role-profiled", {"role": role, "family": family, "required": required, "owner": LEAD})


def assessor(who: str, *skills: str, since: str = "2025-01-01T00:00:00Z", until: str | None = None) -> NewRecord:
    data = {"person": mail(who), "skills": list(skills), "from": since}
    return said("programme.assessor-appointed", data if until is None else {**data, "until": until})


def pathway(name: str, *skills: str, version: int = 1) -> NewRecord:
    data = {"pathway": name, "version": version, "name": name, "skills": list(skills), "owner": LEAD}
    return said(
        "programme.pathway-published",
        {**data, "activities": ["https://lms.example/a"], "outcome": "time-to-competency"},
    )


def enrolled(who: str | dict[str, Any], on: str, at: str, *, id_: str | None = None) -> NewRecord:
    learner = mail(who) if isinstance(who, str) else who
    data = {"pathway": on, "cohort": "c", "learner": learner, "at": at, "assigned": "chosen"}
    return said("programme.learner-enrolled", data, id_=id_)


def validated(
    who: str | dict[str, Any], by: str | dict[str, Any], skill: str, at: str, *, id_: str | None = None
) -> NewRecord:
    kind = "assessor-validation"
    return said("evidence.skill-applied", applied(who, by, at, skill=skill, kind=kind), id_=id_)


def rated(person: str, closed_at: str, *, top: bool = True, cycle: str = "2025", id_: str | None = None) -> NewRecord:
    data = {"person_id": person, "cycle": cycle, "cycle_closed_at": closed_at, "rating": str(top), "is_top": top}
    return people("performance-rated", data, id_=id_ or fresh_id())


def reviewed(person: str, at: str, *cited: str, by: str = "boss", id_: str | None = None) -> NewRecord:
    data = {"person_id": person, "reviewer_id": by, "completed_at": at, "cited_evidence": list(cited)}
    return people("review-completed", {**data, "discussed_learning": False}, id_=id_ or fresh_id())


def promoted(person: str, decided_at: str, *, role: str | None = None, id_: str | None = None) -> NewRecord:
    data = {"person_id": person, "from_grade": "1", "to_grade": "2", "decided_at": decided_at}
    data = {**data, "effective_at": decided_at} if role is None else {**data, "effective_at": decided_at, "role": role}
    return people("promoted", data, id_=id_ or fresh_id())
