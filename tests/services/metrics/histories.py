"""Random histories: statements and directory events over a world so small that everything collides."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tests.services.metrics.oracle import ADL, DURATIONS, SITES, Heard, Told

FIRST_MOMENT = datetime(2026, 3, 27, 20, tzinfo=UTC)
"""Just before summer time begins in Europe, a week before the quarter ends."""

IDS = [str(UUID(int=i * 0x1111_1111_1111_1111_1111_1111, version=4)) for i in range(1, 25)]
REGISTRATIONS = [str(UUID(int=i + 1, version=4)) for i in range(2)]
PERSONS = ["p-1", "p-2", "p-3"]
CLAIMANTS = [*PERSONS, *PERSONS, "urn:praxis:shared"]
MAILS = ["ann@example.org", "bob@example.org"]


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


AGENTS: list[dict[str, Any]] = [
    *({"mbox": f"mailto:{mail}"} for mail in MAILS),
    {"mbox": "mailto:Ann@Example.org"},
    *({"mbox_sha1sum": sha1(mail)} for mail in MAILS),
    *({"mbox_sha1sum": sha1(f"mailto:{mail}")} for mail in MAILS),
    {"account": {"homePage": "https://lms.example", "name": "7"}},
    {"openid": "https://id.example/ann"},
]

moments = st.integers(0, 8 * 24 * 12).map(lambda fives: FIRST_MOMENT + timedelta(minutes=5 * fives))
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
wrong_clocks = st.sampled_from(["0001-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
times = st.builds(lambda at, zone: at.astimezone(zone).isoformat(), moments, zones)
verbs = st.sampled_from(
    [ADL + name for name in ("initialized", "interacted", "completed", "terminated", "registered", "passed")]
    + ["https://w3id.org/xapi/adl/verbs/abandoned", "https://w3id.org/xapi/adl/verbs/satisfied"]
)
threes_of_hours = st.integers(0, 8 * 8).map(lambda threes: FIRST_MOMENT + timedelta(hours=3 * threes - 1))
"""Few, so that things happen at one instant, and midnights in Berlin among them."""

activities = st.sampled_from(["https://lms.example/a", "https://lms.example/b", "https://lms.example/c"])


objects: st.SearchStrategy[dict[str, Any]] = st.one_of(
    *[st.builds(lambda id_: {"id": id_}, activities)] * 8,
    st.just({"objectType": "Agent", "mbox": "mailto:coach@example.org"}),
    st.builds(lambda id_: {"objectType": "StatementRef", "id": id_}, st.sampled_from(IDS)),
)


site = st.sampled_from(sorted(SITES)).map(lambda type_: {"id": "https://lms.example", "definition": {"type": type_}})
course = activities.map(lambda id_: {"id": id_})
context_activities = st.one_of(
    course.map(lambda it: [it]), st.tuples(site, course).map(list), site.map(lambda it: [it])
)


@st.composite
def contexts(draw: st.DrawFn) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if draw(st.booleans()):
        context["registration"] = draw(st.sampled_from(REGISTRATIONS))
    kinds = draw(st.sampled_from([(), ("grouping",), ("parent",), ("grouping", "parent")]))
    if kinds:
        context["contextActivities"] = {kind: draw(context_activities) for kind in kinds}
    return context


@st.composite
def statements(draw: st.DrawFn) -> Told:
    body: dict[str, Any] = {
        "id": draw(st.sampled_from(IDS)),
        "actor": draw(st.sampled_from(AGENTS)),
        "verb": {"id": draw(verbs)},
        "object": draw(objects),
        "stored": draw(moments).isoformat(),
    }
    if clock := draw(st.integers(0, 19)):
        body["timestamp"] = draw(times if clock > 1 else wrong_clocks)
    if context := draw(contexts()):
        body["context"] = context
    if draw(st.booleans()):
        body["result"] = {"duration": draw(st.sampled_from(sorted(DURATIONS)))}
    if not draw(st.integers(0, 9)):
        body["actor"] = {"objectType": "Group", "member": [body["actor"]], "mbox": "mailto:team@example.org"}
    return Told(body, draw(st.sampled_from(["lms", "other"])), id_assigned=draw(st.booleans()))


@st.composite
def voids(draw: st.DrawFn, targets: list[str]) -> Told:
    body = {
        "id": draw(st.sampled_from(IDS)),
        "actor": draw(st.sampled_from(AGENTS)),
        "verb": {"id": ADL + "voided"},
        "object": {"objectType": "StatementRef", "id": draw(st.sampled_from(targets))},
        "stored": draw(moments).isoformat(),
    }
    return Told(body, "lms", id_assigned=False)


@st.composite
def logs_of_statements(draw: st.DrawFn) -> list[Told]:
    """With redeliveries: the same under the same id, and the same without an id, maybe in another course."""
    told = draw(st.lists(statements(), max_size=30))
    targets = [each.body["id"] for each in told]
    told += draw(st.lists(voids(targets or IDS), max_size=4))
    if told:
        for original in draw(st.lists(st.sampled_from(told), max_size=8)):
            again = {**original.body, "id": draw(st.sampled_from([original.body["id"], *IDS]))}
            if draw(st.booleans()):
                again["context"] = draw(contexts())
            told.append(Told(again, original.credential, original.id_assigned))
    return draw(st.permutations(told))


@st.composite
def directory_events(draw: st.DrawFn) -> Heard:
    source, id_ = draw(st.sampled_from(["hr", "it"])), str(draw(st.integers(1, 12)))
    person, at = draw(st.sampled_from(PERSONS)), draw(threes_of_hours).isoformat()
    linked = st.lists(st.sampled_from(AGENTS), min_size=1, max_size=2)
    match draw(st.integers(0, 9)):
        case (0 | 1 | 2 | 3 | 4) as number:
            kind = "identity-unlinked" if number == 4 else "identity-linked"
            claim = {"person_id": draw(st.sampled_from(CLAIMANTS)), "identifiers": draw(linked)}
            return Heard(source, id_, kind, claim)
        case 5 | 6:
            data = {"person_id": person, "unit": "u", "role": "r", "effective_at": at}
            if worker_type := draw(st.sampled_from([None, "employee", "Contractor", "contingent_worker"])):
                data["worker_type"] = worker_type
            return Heard(source, id_, "hired", data)
        case 7:
            return Heard(source, id_, "left", {"person_id": person, "voluntary": None, "effective_at": at})
        case 8:
            kind = draw(st.sampled_from(["leave-started", "leave-ended"]))
            return Heard(source, id_, kind, {"person_id": person, "effective_at": at})
    event = {"source": draw(st.sampled_from(["hr", "it"])), "id": str(draw(st.integers(1, 12)))}
    return Heard(source, id_, "rescinded", {"event": event, "reason": "a mistake"})


logs_of_the_directory = st.lists(directory_events(), max_size=14)
