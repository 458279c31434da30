"""Random histories of careers: a dozen people at work, and a few moments, days apart, at which all of it happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from praxis_events.envelope import event_key
from tests.services.metrics.build import mail
from tests.services.metrics.oracle import Heard
from tests.services.metrics.said.histories import Data, Spoken, but

MIDNIGHT = datetime(2025, 1, 1, 23, tzinfo=UTC)
"""In Berlin."""

PERSONS = [f"p-{n}" for n in range(1, 13)]
SKILLS, ROLES, UNITS = ["sql", "go", "ada"], ["r", "s", "t"], ["shop", "ops"]

moments = st.builds(
    lambda days, hours: (MIDNIGHT + timedelta(days=days, hours=hours)).isoformat(),
    st.sampled_from([-366, -365, -91, -90, -30, -1, 0, 1, 5, 40, 88, 180, 365, 366]),
    st.sampled_from([0, 10, 10]),
)
early = st.sampled_from([-440, -400, -366, -30]).map(lambda days: (MIDNIGHT + timedelta(days=days)).isoformat())
persons, skills, roles = st.sampled_from(PERSONS), st.sampled_from(SKILLS), st.sampled_from(ROLES)
agents = st.sampled_from([*map(mail, PERSONS), *({"person_id": person} for person in PERSONS), mail("p-x")])
OWNER = {"person_id": "owner"}

active = st.lists(st.tuples(persons.map(mail), moments), max_size=6)


def told(prefix: str, count: int, **types: st.SearchStrategy[Data]) -> st.SearchStrategy[Spoken]:
    ids = st.integers(1, count).map(lambda number: f"{prefix}{number}")
    return st.one_of(
        *(st.builds(Spoken, ids, st.just(name.replace("_", ".", 1).replace("_", "-")), data, st.just("tool"))
          for name, data in types.items())
    )  # fmt: skip


def undone(prefix: str, count: int, source: str) -> st.SearchStrategy[Data]:
    event = st.integers(1, count).map(lambda number: {"source": source, "id": f"{prefix}{number}"})
    return but({"event": event, "reason": st.just("a mistake")})


artefacts = st.sampled_from(["git", "git", "git", "lms"]).map(lambda system: {"system": system, "id": "1"})
applied = but(
    {"learner": agents, "attested_by": agents, "skill": skills, "artefact": artefacts, "occurred_at": moments,
     "kind": st.sampled_from(["assessor-validation", "assessor-validation", "project-result"])}
)  # fmt: skip
lists = st.lists(skills, min_size=1, max_size=2, unique=True)
families = st.sampled_from(["f", "g"])
profiled = but(
    {"role": roles, "family": families, "owner": st.just(OWNER),
     "required": lists.map(lambda names: [{"skill": name} for name in names])}
)  # fmt: skip
appointed = but({"person": agents, "skills": lists, "from": early}, until=moments)
defined = but({"skill": skills, "name": st.just("n"), "owner": st.just(OWNER)}, family=families)
published = but(
    {"pathway": st.sampled_from(["way", "path"]), "version": st.integers(1, 2), "name": st.just("n"), "skills": lists,
     "activities": st.just(["https://lms.example/a"]), "outcome": st.just("productivity"), "owner": st.just(OWNER)}
)  # fmt: skip
enrolled = but(
    {"pathway": st.sampled_from(["way", "path"]), "cohort": st.just("c"), "learner": agents, "at": moments,
     "assigned": st.just("chosen")}
)  # fmt: skip
registered = but({"system": st.just("lms"), "kind": st.sampled_from(["learning", "work"])})

evidence = told("w", 30, evidence_skill_applied=applied)
spoken = st.builds(
    lambda *parts: [each for part in parts for each in part],
    st.lists(evidence, min_size=5, max_size=30),
    st.lists(told("w", 30, evidence_rescinded=undone("w", 30, "tools")), max_size=2),
    st.lists(
        told("p", 40, programme_role_profiled=profiled, programme_assessor_appointed=appointed,
             programme_skill_defined=defined, programme_pathway_published=published,
             programme_learner_enrolled=enrolled, programme_system_registered=registered),
        min_size=5, max_size=20,
    ),
    st.lists(told("p", 40, programme_rescinded=undone("p", 40, "tools")), max_size=2),
    st.just([
        Spoken(f"start-{skill}", "programme.assessor-appointed",
               {"person": {"person_id": "p-1"}, "skills": [skill], "from": "2023-11-01T00:00:00Z"}, "tool")
        for skill in SKILLS
    ]),
).flatmap(st.permutations)  # fmt: skip

HR: dict[str, tuple[int, dict[str, st.SearchStrategy[Any]]]] = {
    "left": (5, {"voluntary": st.sampled_from([True, True, False, None]), "effective_at": moments}),
    "hired": (2, {"unit": st.sampled_from(UNITS), "role": roles, "effective_at": moments}),
    "role-changed": (5, {"role": roles, "effective_at": moments}),
    "unit-changed": (2, {"unit": st.sampled_from(UNITS), "effective_at": moments}),
    "leave-started": (1, {"effective_at": moments}),
    "leave-ended": (1, {"effective_at": moments}),
    "promoted": (6, {"from_grade": st.just("1"), "to_grade": st.just("2"), "decided_at": moments,
                     "effective_at": moments, "role": roles}),
    "performance-rated": (8, {"cycle": st.sampled_from(["a", "b"]), "cycle_closed_at": moments, "rating": st.just("x"),
                              "is_top": st.sampled_from([True, True, True, False])}),
    "review-completed": (6, {"reviewer_id": st.just("boss"), "completed_at": moments,
                             "discussed_learning": st.just(True),
                             "cited_evidence": st.lists(st.integers(1, 30).map(
                                 lambda number: str(event_key("tools", f"w{number}"))), max_size=8)}),
}  # fmt: skip

hr_ids = st.integers(1, 60).map(str)
anybody = st.sampled_from([*PERSONS, *PERSONS, "p-99"])
happenings = st.one_of(
    *(st.builds(Heard, st.just("hr"), hr_ids, st.just(name), but({"person_id": anybody, **fields}))
      for name, (weight, fields) in HR.items() for _ in range(weight)),
    st.builds(Heard, st.just("hr"), hr_ids, st.just("rescinded"), undone("", 60, "hr")),
)  # fmt: skip


def hire(person: str) -> st.SearchStrategy[Heard]:
    required = {"person_id": st.just(person), "unit": st.sampled_from(UNITS), "role": roles, "effective_at": early}
    data = but(required, worker_type=st.sampled_from(["employee", "employee", "Contractor"]))
    return st.builds(Heard, st.just("hr"), st.just(f"hire-{person}"), st.just("hired"), data)


LINKS = [
    Heard("hr", f"link-{person}", "identity-linked", {"person_id": person, "identifiers": [mail(person)]})
    for person in PERSONS
]
heard = st.builds(
    lambda hires, more: [*hires, *more, *LINKS], st.tuples(*map(hire, PERSONS)), st.lists(happenings, max_size=40)
).flatmap(st.permutations)
"""With several events of one id, of which the first counts, and rescissions before and after what they undo."""
