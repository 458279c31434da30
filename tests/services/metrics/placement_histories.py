"""Random histories of where a few people stood, so small that everything collides: rings, copies, rescissions."""

from typing import Any

from hypothesis import strategies as st

from tests.services.metrics.histories import PERSONS, threes_of_hours, wrong_clocks
from tests.services.metrics.oracle import Heard

UNITS = ["all", "north", "south", "shop"]
NOBODY_KNOWN = "p-9"

sources, ids = st.sampled_from(["hr", "it"]), st.integers(1, 12).map(str)
moments = st.one_of(*[threes_of_hours.map(lambda at: at.isoformat())] * 19, wrong_clocks)
persons, units, roles = st.sampled_from(PERSONS), st.sampled_from(UNITS), st.sampled_from(["clerk", "lead"])
managers = st.sampled_from([*PERSONS, *PERSONS, NOBODY_KNOWN])


def data(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"effective_at": moments, **fields})


def of_person(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return data(person_id=persons, **fields)


hires = st.fixed_dictionaries(
    {"person_id": persons, "unit": units, "role": roles, "effective_at": moments},
    optional={"manager_id": managers, "worker_type": st.just("Contractor")},
)
definitions = st.fixed_dictionaries(
    {"unit": units, "name": st.just("n"), "effective_at": moments}, optional={"parent": units}
).filter(lambda said: said["unit"] != said.get("parent"))
promotions = st.fixed_dictionaries(
    {
        "person_id": persons,
        "from_grade": st.just("1"),
        "to_grade": st.just("2"),
        "decided_at": moments,
        "effective_at": moments,
    },
    optional={"role": roles},
)
mistakes = st.fixed_dictionaries(
    {"event": st.fixed_dictionaries({"source": sources, "id": ids}), "reason": st.just("a mistake")}
)

KINDS: list[tuple[int, str, st.SearchStrategy[dict[str, Any]]]] = [
    (6, "hired", hires),
    (2, "left", of_person(voluntary=st.none())),
    (3, "unit-changed", of_person(unit=units)),
    (2, "role-changed", of_person(role=roles)),
    (3, "manager-changed", of_person(manager_id=st.none() | managers)),
    (1, "promoted", promotions),
    (1, "leave-started", of_person()),
    (1, "leave-ended", of_person()),
    (4, "unit-defined", definitions),
    (2, "rescinded", mistakes),
]

logs_of_placements = st.lists(
    st.one_of(
        *[st.builds(Heard, sources, ids, st.just(kind), said) for weight, kind, said in KINDS for _ in range(weight)]
    ),
    max_size=24,
)
