"""Random histories of work, of what it was worth and of what taught for it: a few people, a few tasks, two quarters."""

from hypothesis import strategies as st

from tests.services.metrics.histories import AGENTS, IDS, PERSONS, directory_events, threes_of_hours
from tests.services.metrics.oracle import ADL, Heard, Told
from tests.services.metrics.said import histories as said
from tests.services.metrics.said.histories import Data, Spoken, but, systems

Drawn = st.SearchStrategy[Data]

EARLIER = ["2025-03-31T21:30:00+00:00", "2025-03-31T22:30:00+00:00", "2025-11-11T09:00:00+00:00"]
"""Of the year before; in Berlin the second is of the second quarter, and the first too old for the next year's."""

ANN, BOB = AGENTS[0], AGENTS[1]
p_1, p_2 = ({"person_id": person} for person in PERSONS[:2])
people = st.sampled_from([p_1, p_1, p_1, ANN, ANN, p_2, BOB, *AGENTS[2:5]])
others = st.sampled_from([{"person_id": "p-3"}] * 5 + [p_1, BOB])
times = st.one_of(threes_of_hours.map(lambda at: at.isoformat()), st.sampled_from(EARLIER))
ids = st.sampled_from("12345678")
tasks = st.builds(
    lambda system, id_: {"system": system, "id": id_}, st.just("git") | systems, st.sampled_from("12345678")
)
skills = st.sampled_from(["sql", "sql", "go"])
figures = st.sampled_from([0, 1, 2, 7.5, 30])
shares = st.sampled_from([0.5, 0.8, 1])
sources = st.sampled_from(["crm"] * 4 + [" Self"])
currencies = st.sampled_from(["EUR", "EUR", "EUR", "EUR", "USD"])

differences = but(
    {"measure": st.sampled_from(["minutes", "errors", "Minutes"]), "source": sources, "before": figures,
     "after": figures, "opportunities": st.sampled_from([0.5, 7.5, 40, 40])},
    confidence=shares, attribution=shares,
)  # fmt: skip
amounts = but(
    {"measure": st.sampled_from(["revenue", "Revenue", "cost"]), "source": sources, "currency": currencies,
     "amount": st.sampled_from([-5, 100, 250.25]), "attribution": shares},
    confidence=shares,
)  # fmt: skip
anything = but(
    {"measure": st.sampled_from(["revenue", "minutes", "rounds"]), "source": sources},
    before=figures, after=figures, amount=figures, currency=currencies, confidence=shares, attribution=shares,
)  # fmt: skip
outcomes = st.none() | st.lists(st.one_of(differences, amounts, anything), min_size=1, max_size=3)
kinds = st.sampled_from(["task-completed", "peer-endorsement"])
shown = but(
    {"learner": people, "skill": skills, "kind": kinds, "artefact": tasks, "occurred_at": times, "outcomes": outcomes,
     "attested_by": others},
    task=tasks,
)  # fmt: skip
unvouched = but({"learner": people, "skill": skills, "kind": kinds, "artefact": tasks, "occurred_at": times})
accepted = but(
    {"task": tasks, "person": people, "accepted_at": times, "worked_minutes": st.sampled_from([20, 45.5, 240]),
     "errors": st.integers(0, 3), "opportunities": st.sampled_from([3, 10]), "rounds": st.integers(1, 4)},
    accepted_by=others, skills=st.sampled_from([None, ["sql", "go"], ["go", "sql"]]),
)  # fmt: skip
told_little = but({"task": tasks, "person": people, "accepted_at": times}, accepted_by=people, errors=st.integers(0, 3))
eligible = but({"task": tasks, "person": people, "skill": skills, "from": times})
measured = but(
    {"person": people, "measure": st.sampled_from(["minutes", "Errors"]), "from": times, "value": figures,
     "source": st.sampled_from(["jira", "jira", "ci"]), "to": st.just("2026-06-01T00:00:00Z")},
    per=st.just("ticket"),
)  # fmt: skip

pathways = but(
    {"pathway": st.sampled_from("ppq"), "version": st.integers(1, 3), "name": st.just("n"),
     "activities": st.just(["https://lms.example/a"]), "skills": st.sampled_from([["sql"], ["sql", "go"]]),
     "outcome": st.just("time-saved"), "owner": said.owner}
)  # fmt: skip
enrolled = but(
    {"pathway": st.sampled_from("ppq"), "cohort": st.just("c"), "learner": people, "at": times,
     "assigned": st.just("chosen")}
)  # fmt: skip
SUBJECTS = [{"pathway": "p"}, {"pathway": "p"}, {"pathway": "q"}, {"activity": said.ACTIVITIES[0]}, {"pilot": "x"}]
SPANS = [{"from": "2026-01-01", "to": "2026-06-30"}, {"from": "2026-03-30", "to": "2026-04-02"}]
costs = but(
    {"about": st.sampled_from(SUBJECTS), "amount": st.sampled_from([0, 10, 90.5]), "currency": currencies,
     "period": st.sampled_from(SPANS)}
)  # fmt: skip


def told(types: list[tuple[str, Drawn]], prefix: str, ids: int) -> st.SearchStrategy[Spoken]:
    """Of the same id more than once, saying different things; each of ``types`` as often as it is in the list."""
    numbered = st.integers(1, ids).map(lambda number: f"{prefix}{number}")
    principals = st.sampled_from(["tool", "bot", None])
    return st.one_of(*(st.builds(Spoken, numbered, st.just(type_), data, principals) for type_, data in types))


WORK: list[tuple[str, Drawn]] = [
    *[("evidence.skill-applied", shown)] * 6, ("evidence.skill-applied", unvouched),
    *[("work.task-accepted", accepted)] * 5, ("work.task-accepted", told_little),
    *[("work.task-eligible", eligible)] * 2, *[("work.outcome-measured", measured)] * 2,
    *said.undoing(["evidence", "work"], "w").items(),
]  # fmt: skip
PROGRAMME: list[tuple[str, Drawn]] = [
    *[("programme.pathway-published", pathways), ("programme.learner-enrolled", enrolled)] * 2,
    *[("programme.cost-recorded", costs)] * 3, *[("programme.activity-mapped", said.mapped)] * 2,
    ("programme.system-registered", said.registered), *said.undoing(["programme"], "p").items(),
]  # fmt: skip


@st.composite
def routines(draw: st.DrawFn) -> list[Spoken]:
    """One person's tasks, and what was measured of them, that are alike: of the year before, and then."""
    who, first = draw(people), draw(st.integers(1, 80))
    found = []
    for number in range(draw(st.integers(3, 6))):
        at = draw(st.sampled_from(EARLIER[1:]) if number < 3 else times)
        like = {
            "person": who,
            "skills": ["go", "sql"],
            "task": {"system": "git", "id": f"r{number}"},
            "accepted_at": at,
        }
        found.append(Spoken(f"w{first + number}", "work.task-accepted", {**draw(accepted), **like}, "tool"))
    for number, at in enumerate((EARLIER[2], draw(times))):
        like = {"person": who, "measure": "minutes", "per": "ticket", "source": "ci", "from": at}
        found.append(Spoken(f"w{first + 6 + number}", "work.outcome-measured", {**draw(measured), **like}, "tool"))
    return found


@st.composite
def programmes(draw: st.DrawFn) -> list[Spoken]:
    """A pathway with costs, somebody on it, and what that brought."""
    who, number = draw(people), draw(st.integers(1, 80))
    evidence = {"learner": who, "skill": "sql", "attested_by": {"person_id": "p-3"}, "outcomes": [draw(amounts)]}
    subject = draw(st.sampled_from([{"pathway": "p"}, {"activity": said.ACTIVITIES[0]}]))
    taught = {"activity": said.ACTIVITIES[0], "skills": [{"skill": "sql"}], "confirmed_by": {"person_id": "owner"}}
    return [
        Spoken(f"w{number}", "evidence.skill-applied", {**draw(shown), **evidence}, "tool"),
        Spoken(f"p{number}", "programme.cost-recorded", {**draw(costs), "about": subject, "period": SPANS[0]}, "tool"),
        Spoken(f"p{number + 1}", "programme.pathway-published", {**draw(pathways), "pathway": "p"}, "tool"),
        Spoken(f"p{number + 2}", "programme.learner-enrolled",
               {**draw(enrolled), "pathway": "p", "learner": who, "at": EARLIER[2]}, "tool"),
        Spoken(f"p{number + 3}", "programme.activity-mapped", taught, "tool"),
    ]  # fmt: skip


@st.composite
def histories_of_work(draw: st.DrawFn) -> list[Spoken]:
    found = draw(st.lists(told(WORK, "w", 90), min_size=12, max_size=40))
    found += draw(st.lists(told(PROGRAMME, "p", 90), max_size=10))
    for some in draw(st.lists(st.one_of(routines(), programmes()), min_size=2, max_size=5)):
        found += some
    return draw(st.permutations(found))


PLACED = [
    Heard("hr", f"h-{person}", "hired", {"person_id": person, "unit": unit, "role": role, "effective_at": EARLIER[0]})
    for person, unit, role in zip(PERSONS, ("u", "v", "v"), ("r", "r", "s"), strict=True)
]  # fmt: skip
LINKED = [
    Heard("hr", f"l-{person}", "identity-linked", {"person_id": person, "identifiers": [agent]})
    for person, agent in zip(PERSONS, (ANN, BOB), strict=False)
]
heard = st.lists(directory_events(), max_size=4).flatmap(lambda some: st.permutations([*PLACED, *LINKED, *some]))

completions = st.lists(
    st.builds(
        lambda id_, actor, at, what: Told(
            {"id": id_, "actor": actor, "verb": {"id": ADL + "completed"}, "object": {"id": what},
             "timestamp": at, "stored": at}, "lms", id_assigned=False),
        st.sampled_from(IDS), st.sampled_from(AGENTS[:6]), times, st.sampled_from(said.ACTIVITIES),
    ), max_size=5,
)  # fmt: skip
