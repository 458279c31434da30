"""Random histories of statements and events over so few identifiers that everything collides, and what a naive look at
all of it finds."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from praxis_events.envelope import Event
from praxis_events.log import NewRecord, Record
from praxis_events.statement_records import statement_record
from praxis_events.times import format_time, parse_time

Json = dict[str, Any]

EPOCH = datetime(2026, 3, 2, tzinfo=UTC)
SHARED = "urn:praxis:shared"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
LMS = {"account": {"homePage": "https://lms.example", "name": "7|8"}}
ANN = {"mbox": "mailto:Ann@example.org"}
HASHES = [hashlib.sha1(text.encode()).hexdigest() for text in ("ann@example.org", "mailto:ann@example.org")]
AGENTS: list[Json] = [ANN, *({"mbox_sha1sum": each} for each in HASHES), LMS, {"openid": "https://id.example/bob"}]
TEAM = {"mbox": "mailto:team@example.org"}
FORGOTTEN = {"account": {"homePage": "urn:praxis:forgotten", "name": "forgotten-1"}}
AUTHORITY = {"account": {"homePage": "http://praxis.example", "name": "lms"}}
IDS = [str(UUID(int=number, version=4)) for number in range(1, 7)]

agents = st.sampled_from([*AGENTS, FORGOTTEN])
actors = st.one_of(
    agents, st.builds(lambda found: {"objectType": "Group", **TEAM, "member": found}, st.lists(agents, max_size=2))
)
activities = st.just({"id": "https://lms.example/a"})
contexts = st.fixed_dictionaries({}, optional={"instructor": agents, "team": actors})
objects = st.one_of(
    activities,
    st.builds(lambda found: {"objectType": "Agent", **found}, agents),
    st.builds(lambda found: {"objectType": "SubStatement", **found}, st.fixed_dictionaries({
        "actor": actors, "verb": st.just({"id": "urn:v"}), "object": activities, "context": contexts,
    })),
)  # fmt: skip
voids = st.sampled_from(IDS).map(
    lambda target: {"verb": {"id": VOIDED}, "object": {"objectType": "StatementRef", "id": target}}
)
said = st.one_of(*[st.fixed_dictionaries({"verb": st.just({"id": "urn:v"}), "object": objects})] * 3, voids)
statements = st.builds(
    lambda id_, actor, second, context, rest: {
        "id": id_,
        "actor": actor,
        "authority": AUTHORITY,
        "stored": format_time(EPOCH + timedelta(seconds=second)),
        "context": context,
        **rest,
    },
    st.sampled_from(IDS), actors, st.integers(0, 9), contexts, said,
)  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """An event as it lies in its topic. ``type``: its last words."""

    type: str
    id: str
    data: Json

    @property
    def family(self) -> str:
        return self.type.rpartition(".")[0]


claims = st.builds(
    lambda type_, id_, person, identifiers: Heard(type_, id_, {"person_id": person, "identifiers": identifiers}),
    st.sampled_from(["people.identity-linked"] * 3 + ["people.identity-unlinked"]),
    st.sampled_from("123456"),
    st.sampled_from(["p-1", "p-2", SHARED]),
    st.lists(st.sampled_from(AGENTS), min_size=1, max_size=2),
)
evidence = st.builds(
    lambda id_, learner, by: Heard("evidence.skill-applied", id_, {"learner": learner, "attested_by": by}),
    st.sampled_from("123456"),
    agents,
    st.one_of(agents, st.just({"person_id": "p-1"})),
)
rescissions = st.builds(
    lambda area, id_, undone: Heard(f"{area}.rescinded", id_, {"event": {"source": "/t", "id": f"{area}:{undone}"}}),
    st.sampled_from(["people", "evidence"]),
    st.sampled_from("123456"),
    st.sampled_from("123456"),
)
events = st.one_of(claims, claims, evidence, rescissions)


def statement_records(told: Sequence[Json]) -> list[Record]:
    return [
        read(statement_record(UUID(each["id"]), json.dumps(each).encode(), each["stored"], "k", id_assigned=False), n)
        for n, each in enumerate(told)
    ]


def event_records(heard: Sequence[Heard]) -> list[Record]:
    """Ids are of an area, as an event's key is of one topic. Appended a second after one another."""
    return [
        read(Event(f"{area(each)}:{each.id}", "/t", f"praxis.{each.type}.v1", data_of(each)).to_record(topic(each)), n)
        for n, each in enumerate(heard)
    ]


def area(heard: Heard) -> str:
    return heard.type.partition(".")[0]


def topic(heard: Heard) -> str:
    return {"people": "people.directory", "evidence": "work.evidence"}[area(heard)]


def data_of(heard: Heard) -> bytes:
    more = {"reason": "a mistake"} if heard.type.endswith("rescinded") else {}
    return json.dumps({**heard.data, **more}).encode()


def read(record: NewRecord, offset: int) -> Record:
    at = int((EPOCH + timedelta(seconds=offset)).timestamp() * 1_000)
    return Record(record.topic, record.partition, offset, record.key, record.value, record.headers, at)


# -- the naive look ----------------------------------------------------------------------------------------------------

Row = tuple[str, str, list[str], int, int, datetime | None, datetime | None]
"""Key, state, claimants, statements, events, first and last seen."""


class Naive:
    def __init__(self, told: Sequence[Json], heard: Sequence[Heard]) -> None:
        self.told = [each for n, each in enumerate(told) if all(each["id"] != e["id"] for e in told[:n])]
        places = [(n, each) for n, each in enumerate(heard) if not any(same(each, e) for e in heard[:n])]
        self.heard = [(EPOCH + timedelta(seconds=n), each) for n, each in places]
        self.undone = [each.data["event"]["id"] for _, each in self.heard if each.type.endswith("rescinded")]
        self.voided = {each["object"]["id"] for each in self.told if is_void(each)}

    def rows(self) -> list[Row]:
        return [row for key in sorted(self.keys()) if (row := self.row(key)) is not None]

    def keys(self) -> set[str]:
        claimed = {key_of(i) for _, each in self.heard for i in each.data.get("identifiers", ())}
        return claimed | {key for each in self.told for key in named(each)} | {k for _, e in self.heard for k in in_(e)}

    def row(self, key: str) -> Row | None:
        claimants = sorted({p for p, claimed in self.claims() if not alike(key).isdisjoint(alike(claimed))})
        told = [each for each in self.told if key in named(each)]
        heard = [(at, each) for at, each in self.heard if key in in_(each)]
        state = "shared" if SHARED in claimants else {0: "unmatched", 1: ""}.get(len(claimants), "quarantined")
        statements = sum(is_void(each) or each["id"] not in self.voided for each in told)
        in_events = sum(f"evidence:{each.id}" not in self.undone for _, each in heard)
        if not state or (state == "unmatched" and statements + in_events == 0) or not self.is_known(key):
            return None
        seen = [*(parse_time(each["stored"]) for each in told), *(at for at, _ in heard)]
        others = [each for each in claimants if each != SHARED]
        return key, state, others, statements, in_events, min(seen, default=None), max(seen, default=None)

    def is_known(self, key: str) -> bool:
        """Seen, or claimed now."""
        seen = any(key in named(each) for each in self.told) or any(key in in_(each) for _, each in self.heard)
        return seen or any(key == claimed for _, claimed in self.claims())

    def claims(self) -> set[tuple[str, str]]:
        latest: dict[tuple[str, str], bool] = {}
        for _, each in self.heard:
            if f"people:{each.id}" not in self.undone:
                for identifier in each.data.get("identifiers", ()):
                    latest[each.data["person_id"], key_of(identifier)] = each.type.endswith("-linked")
        return {pair for pair, linked in latest.items() if linked}


def same(one: Heard, other: Heard) -> bool:
    return (area(one), one.id) == (area(other), other.id)


def is_void(body: Json) -> bool:
    return bool(body["verb"]["id"] == VOIDED)


def in_(heard: Heard) -> set[str]:
    return persons(heard.data.get(name, {}) for name in ("learner", "attested_by"))


def named(body: Json) -> set[str]:
    parts = [body["actor"], body["object"], *body.get("context", {}).values()]
    found = persons(each for part in parts for each in members(part))
    return found | named(body["object"]) if body["object"].get("objectType") == "SubStatement" else found


def members(part: Json) -> Iterator[Json]:
    kind = part.get("objectType", "Agent")
    if kind == "Group":
        yield from part["member"]
    elif kind == "Agent":
        yield part


def persons(found: Iterable[Json]) -> set[str]:
    return {key_of(each) for each in found if {"mbox", "mbox_sha1sum", "openid", "account"} & set(each)} - {
        key_of(FORGOTTEN)
    }


def key_of(agent: Json) -> str:
    if "account" in agent:
        return f"account:{agent['account']['homePage']}|{agent['account']['name']}"
    [(kind, text)] = ((n, t) for n, t in agent.items() if n in ("mbox", "mbox_sha1sum", "openid"))
    return f"{kind}:{text.removeprefix('mailto:').lower()}" if kind == "mbox" else f"{kind}:{text}"


def alike(key: str) -> set[str]:
    return {key, *(f"mbox_sha1sum:{each}" for each in HASHES)} if key == "mbox:ann@example.org" else {key}
