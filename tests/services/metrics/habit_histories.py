"""Random events of habits, coaching, leaders and protected hours, over a world so small that everything collides."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from praxis_events.log import NewRecord
from tests.services.metrics.build import said
from tests.services.metrics.histories import AGENTS, FIRST_MOMENT, PERSONS, logs_of_statements, threes_of_hours
from tests.services.metrics.oracle import ADL, Heard, Told
from tests.services.metrics.oracles.protected_hours import RULES
from tests.services.metrics.said.histories import Spoken, but, of_topic, owner, references, times, undoing


@dataclass(frozen=True)
class Designed(Spoken):
    """``time``: the event's own."""

    time: str

    @property
    def record(self) -> NewRecord:
        return said(self.type, self.data, id_=self.id, principal=self.principal, time=self.time)


UNITS = ["north", "south"]
kinds = st.sampled_from(["sprint", "capture", "share"])
minutes = st.sampled_from([5, 10, 20, 21])
coached = but({"coach": references, "learner": references, "at": times}).filter(lambda it: it["coach"] != it["learner"])
done = but({"person": references, "habit": kinds, "at": times}, minutes=minutes)
acted = but(
    {"person": references, "behaviour": st.sampled_from(["models", "discusses", "celebrates"]), "at": times},
    reported_by=references,
).filter(lambda data: data["person"] != data.get("reported_by"))
designed = but(
    {"habit": kinds, "kind": kinds, "time": st.just("t"), "trigger": st.just("t"), "reward": st.just("r"),
     "owner": owner},
    unit=st.sampled_from(UNITS),
)  # fmt: skip


@st.composite
def hours(draw: st.DrawFn) -> dict[str, Any]:
    starts = draw(threes_of_hours)
    whose = draw(st.one_of(but({"person": references}), but({"unit": st.sampled_from(UNITS)})))
    block = {
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=draw(st.sampled_from([1, 4, 24])))).isoformat(),
        "time_zone": draw(st.sampled_from(["Europe/Berlin", "Asia/Tokyo"])),
    }
    if rule := draw(st.sampled_from([None, *RULES])):
        block["recurrence"] = rule
    return {**block, **whose}


designs = st.builds(
    lambda spoken, time: Designed(spoken.id, spoken.type, spoken.data, spoken.principal, time),
    of_topic({"programme.habit-designed": designed}, "p"), times,
)  # fmt: skip
work = of_topic({"work.coaching-held": coached, "work.habit-done": done, **undoing(["work"], "w")}, "w")
programme = of_topic(
    {
        "programme.leader-acted": acted,
        "programme.protected-hours-booked": hours(),
        "programme.protected-hours-cancelled": hours(),
        **undoing(["programme"], "p"),
    },
    "p",
)
random_spoken = st.lists(st.one_of(work, work, work, programme, designs), max_size=20)

DESIGNS = [
    Designed(
        f"first-{kind}", "programme.habit-designed",
        {"habit": kind, "kind": kind, "time": "t", "trigger": "t", "reward": "r", "owner": {"person_id": "owner"}},
        "tool", "2026-03-20T00:00:00+00:00",
    )
    for kind in ("sprint", "capture", "share")
]  # fmt: skip
BOOKED = Spoken(
    "first-hours", "programme.protected-hours-booked",
    {"unit": "north", "starts_at": "2026-03-28T06:00:00+00:00", "ends_at": "2026-03-28T18:00:00+00:00",
     "time_zone": "Europe/Berlin", "recurrence": "FREQ=DAILY;INTERVAL=2;UNTIL=20260402T235959Z"},
    "tool",
)  # fmt: skip


def busy(random: Random) -> list[Spoken]:
    """Much of what people do on these days: drawn at random, as what shrinks well is seldom much."""

    def at() -> str:
        return (FIRST_MOMENT + timedelta(hours=random.randrange(8 * 24))).isoformat()

    habits = [
        {"person": random.choice(AGENTS[:5]), "habit": random.choice(["sprint", "capture", "capture", "share"]),
         "at": at(), "minutes": random.choice([5, 10, 15, 20])}
        for _ in range(25)
    ]  # fmt: skip
    talks = [
        dict(zip(("coach", "learner"), random.sample(AGENTS[:6], 2), strict=True)) | {"at": at()} for _ in range(12)
    ]
    acts = [
        {
            "person": random.choice(AGENTS[:6]),
            "behaviour": random.choice(["models", "sponsors", "discusses"]),
            "at": at(),
        }
        for _ in range(8)
    ]
    return [
        *(Spoken(f"act-{number}", "programme.leader-acted", data, "bot") for number, data in enumerate(acts)),
        *(Spoken(f"habit-{number}", "work.habit-done", data, "tool") for number, data in enumerate(habits)),
        *(Spoken(f"talk-{number}", "work.coaching-held", data, "tool") for number, data in enumerate(talks)),
    ]


def learning(random: Random) -> list[Told]:
    """Sessions of ten minutes to hours, and some of no registration, each in a course of its own."""
    bodies = [
        {
            "id": str(UUID(int=1_000 + number, version=4)),
            "actor": random.choice(AGENTS[:3]),
            "verb": {"id": ADL + "completed"},
            "object": {"id": f"https://lms.example/busy/{number}"},
            "timestamp": (moment := FIRST_MOMENT + timedelta(minutes=5 * random.randrange(8 * 24 * 12))).isoformat(),
            "stored": moment.isoformat(),
            "result": {"duration": random.choice(["PT10M", "PT10M", "PT45M", "PT3H30M"])},
        }
        for number in range(15)
    ]
    return [Told(body, "lms", id_assigned=False) for body in bodies]


randoms = st.integers(0, 10**9).map(Random)
spoken = st.tuples(random_spoken, randoms.map(busy)).flatmap(
    lambda both: st.permutations([*both[0], *both[1], *DESIGNS, BOOKED])
)
told = st.tuples(logs_of_statements(), randoms.map(learning)).map(lambda both: [*both[0], *both[1]])

sources, ids, persons = st.sampled_from(["hr", "it"]), st.integers(1, 12).map(str), st.sampled_from(PERSONS)
hires = but(
    {"person_id": persons, "unit": st.sampled_from(UNITS), "role": st.sampled_from(["r", "s"]), "effective_at": times},
    manager_id=persons,
    worker_type=st.just("Contractor"),
    time_zone=st.sampled_from(["Asia/Tokyo", "America/New_York", "Nowhere/Land"]),
    working_days=st.lists(st.sampled_from(["monday", "friday", "saturday", "sunday"]), unique=True),
)
of_person = {"person_id": persons, "effective_at": times}
reviews = but(
    {"person_id": persons, "reviewer_id": persons, "completed_at": times, "cited_evidence": st.just([]),
     "discussed_learning": st.booleans()}
)  # fmt: skip
ratings = but(
    {"person_id": persons, "cycle": st.just("2026"), "cycle_closed_at": times, "rating": st.just("1"),
     "is_top": st.booleans()}
)  # fmt: skip
links = but({"person_id": persons, "identifiers": st.lists(st.sampled_from(AGENTS), min_size=1, max_size=2)})
TYPES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "hired": hires,
    "left": but({**of_person, "voluntary": st.none()}),
    "leave-started": but(of_person),
    "leave-ended": but(of_person),
    "unit-changed": but({**of_person, "unit": st.sampled_from(UNITS)}),
    "manager-changed": but({**of_person, "manager_id": st.none() | persons}),
    "identity-linked": links,
    "review-completed": reviews,
    "performance-rated": ratings,
    "rescinded": but({"event": but({"source": sources, "id": ids}), "reason": st.just("a mistake")}),
}
random_heard = st.lists(
    st.one_of(*(st.builds(Heard, sources, ids, st.just(type_), data) for type_, data in TYPES.items())), max_size=10
)

STAFF = [
    Heard(
        "hr", f"first-{person}", "hired",
        {"person_id": person, "unit": unit, "role": "r", "effective_at": "2026-03-10T00:00:00+00:00",
         **({} if manager is None else {"manager_id": manager})},
    )
    for person, unit, manager in (("p-1", "north", None), ("p-2", "north", "p-1"), ("p-3", "south", "p-2"))
]  # fmt: skip
"""So that something happens to employees; what is random comes before or after it in the log."""

LINKS = [
    Heard("hr", f"link-{person}", "identity-linked", {"person_id": person, "identifiers": [agent]})
    for person, agent in (("p-1", AGENTS[0]), ("p-2", AGENTS[1]))
]

TREE = Heard(
    "hr", "tree", "unit-defined",
    {"unit": "north", "name": "n", "parent": "south", "effective_at": "2026-01-01T00:00:00+00:00"},
)  # fmt: skip
heard = random_heard.flatmap(lambda events: st.permutations([*events, *STAFF, *LINKS, TREE]))
