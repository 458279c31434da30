"""Random events of work, of the programme and of the people in them, over a world so small that everything collides."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from praxis_events.log import NewRecord
from tests.services.metrics.build import said
from tests.services.metrics.histories import AGENTS, PERSONS, directory_events, threes_of_hours
from tests.services.metrics.oracle import Heard
from tests.services.metrics.world import people

Data = dict[str, Any]
CREDENTIAL = {"account": {"homePage": "urn:praxis:credential", "name": "tool"}}
ACTIVITIES = ["https://lms.example/a", "https://lms.example/b"]


@dataclass(frozen=True)
class Spoken:
    """An event of work.evidence or programme.design, in log order. ``type``: as ``work.task-accepted``."""

    id: str
    type: str
    data: Data
    principal: str | None

    @property
    def record(self) -> NewRecord:
        return said(self.type, self.data, id_=self.id, principal=self.principal)


def heard_record(heard: Heard) -> NewRecord:
    return people(heard.type, heard.data, id_=heard.id, source=heard.source)


references = st.sampled_from([*AGENTS[:6], *({"person_id": person} for person in PERSONS)])
times = threes_of_hours.map(lambda moment: moment.isoformat())
systems = st.sampled_from(["lms", " LMS", "git", "Git"])
objects = st.builds(lambda system, id_: {"system": system, "id": id_}, systems, st.sampled_from(["1", "x"]))
skills = st.sampled_from(["sql", "go"])
kinds = st.sampled_from(["task-completed", "project-result", "peer-endorsement", "assessor-validation"])


def but(required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(required, optional=optional)


applied = but(
    {"learner": references, "skill": skills, "kind": kinds, "artefact": objects, "occurred_at": times},
    attested_by=references,
    task=objects,
)
accepted = but({"task": objects, "person": references, "accepted_at": times}, accepted_by=references)
enrolled = but(
    {"pathway": st.just("p"), "cohort": st.sampled_from(["c", "d"]), "learner": references, "at": times,
     "assigned": st.just("chosen")}
)  # fmt: skip
withdrawn = but({"pathway": st.just("p"), "cohort": st.sampled_from(["c", "d"]), "learner": references, "at": times})
registered = but({"system": systems, "kind": st.sampled_from(["work", "learning"])})
levels = st.lists(but({"skill": skills}, level=st.just("2")), min_size=1, max_size=2, unique_by=lambda it: it["skill"])
owner = st.just({"person_id": "owner"})
mapped = but(
    {"activity": st.sampled_from(ACTIVITIES), "skills": levels, "confirmed_by": owner},
    **{"from": times, "until": times},
).filter(lambda data: "from" not in data or "until" not in data or data["from"] < data["until"])
profiled = but({"role": st.sampled_from(["r", "s"]), "family": st.just("f"), "required": levels, "owner": owner})
acted = but(
    {"person": references, "behaviour": st.just("models"), "at": times}, reported_by=references
).filter(lambda data: data["person"] != data.get("reported_by"))  # fmt: skip

WORK = {"evidence.skill-applied": applied, "work.task-accepted": accepted}
PROGRAMME = {
    "programme.learner-enrolled": enrolled,
    "programme.learner-withdrawn": withdrawn,
    "programme.system-registered": registered,
    "programme.activity-mapped": mapped,
    "programme.role-profiled": profiled,
    "programme.leader-acted": acted,
}


def undoing(areas: list[str], prefix: str) -> dict[str, st.SearchStrategy[Data]]:
    ids = st.integers(1, 9).map(lambda number: f"{prefix}{number}")
    event = st.builds(lambda id_: {"source": "tools", "id": id_}, ids)
    return {f"{area}.rescinded": but({"event": event, "reason": st.just("a mistake")}) for area in areas}


def of_topic(types: dict[str, st.SearchStrategy[Data]], prefix: str) -> st.SearchStrategy[Spoken]:
    """All ids of a topic are of one kind, as no id is on two topics; ``prefix`` tells them apart."""
    ids = st.integers(1, 9).map(lambda number: f"{prefix}{number}")
    principals = st.sampled_from(["tool", "tool", "bot", None])
    return st.one_of(*(st.builds(Spoken, ids, st.just(type_), data, principals) for type_, data in types.items()))


spoken = st.lists(
    st.one_of(
        of_topic({**WORK, **undoing(["evidence", "work"], "w")}, "w"),
        of_topic({**PROGRAMME, **undoing(["programme"], "p")}, "p"),
    ),
    max_size=25,
)

ratings = st.builds(
    lambda id_, person, at, top: Heard(
        "hr", id_, "performance-rated",
        {"person_id": person, "cycle": "2026", "cycle_closed_at": at, "rating": str(top), "is_top": top},
    ),
    st.integers(1, 12).map(str), st.sampled_from(PERSONS), times, st.booleans(),
)  # fmt: skip
own_credentials = st.builds(
    lambda id_, person: Heard("it", id_, "identity-linked", {"person_id": person, "identifiers": [CREDENTIAL]}),
    st.integers(1, 12).map(str), st.sampled_from(PERSONS),
)  # fmt: skip
heard = st.lists(st.one_of(directory_events(), directory_events(), ratings, own_credentials), max_size=14)
