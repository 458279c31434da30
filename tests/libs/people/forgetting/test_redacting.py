"""Records without the person: every role, every spelling, and not a byte of anybody else's."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_events.contracts import contract_for
from praxis_events.contracts.recognition import leaf_hash
from praxis_events.envelope import Event, event_key
from praxis_events.log import ORIGIN
from praxis_events.topics import DECISIONS, EVIDENCE
from tests.libs.people.forgetting.build import (
    ACCOUNT,
    AGENTS,
    BOB,
    CREDENTIAL,
    HASH,
    ID,
    MAIL,
    NAME,
    OPENID,
    TOKEN,
    TRACES,
    as_read,
    decoded,
    event_record,
    record,
    redacted,
    redactor,
)

VERB = {"id": "http://adlnet.gov/expapi/verbs/completed"}
THING = {"id": "https://courses.example.org/1"}


def statement(**parts: Any) -> dict[str, Any]:
    return {"actor": BOB, "verb": VERB, "object": THING, **parts}


def assert_no_trace(value: bytes) -> None:
    assert [each for each in TRACES if each.encode().lower() in value.lower()] == []


@pytest.mark.parametrize("agent", AGENTS)
def test_every_role_of_a_statement_in_every_spelling(agent: dict[str, Any]) -> None:
    inner = {"objectType": "SubStatement", "actor": agent, "verb": VERB, "object": THING}
    roles: dict[str, dict[str, Any]] = {
        "actor": {"actor": agent},
        "actor.member": {"actor": {"objectType": "Group", "member": [BOB, agent]}},
        "object": {"object": {"objectType": "Agent", **agent}},
        "object.actor": {"object": inner},
        "authority": {"authority": agent},
        "context.instructor": {"context": {"instructor": agent}},
        "context.team.member": {"context": {"team": {"objectType": "Group", "member": [agent]}}},
        "context.contextAgents.agent": {"context": {"contextAgents": [{"objectType": "contextAgent", "agent": agent}]}},
    }
    accounts = set()
    for role, parts in roles.items():
        found = redacted(record(statement(**parts)))
        assert found.roles == {role}
        assert found.own == (role == "actor")
        assert_no_trace(found.record.value)
        accounts.add(found.record.value.partition(TOKEN.encode())[2][:2])
    assert len(accounts) == 1


def test_an_address_and_its_hashes_are_one() -> None:
    accounts = [decoded(redacted(record(statement(actor=each))))["actor"]["account"] for each in AGENTS[:3]]
    assert accounts == [{"homePage": "urn:praxis:forgotten", "name": f"{TOKEN}-1"}] * 3


def test_of_the_persons_own_statement_the_least_is_kept() -> None:
    kept = {
        "id": "1", "timestamp": "2026-01-01T00:00:00Z", "stored": "2026-01-01T00:00:00Z", "version": "1.0.3",
        "verb": VERB, "object": THING, "authority": BOB,
        "result": {"duration": "PT1H", "completion": True, "success": False, "score": {"raw": 7}},
        "context": {
            "registration": "2", "instructor": BOB, "contextActivities": {"grouping": [THING], "parent": [THING]},
        },
    }  # fmt: skip
    sent = msgspec.json.decode(msgspec.json.encode(kept))
    sent["verb"]["display"] = {"en": "done"}
    sent["object"]["definition"] = {"name": {"en": f"{NAME}'s course"}}
    sent["result"] |= {"response": "in my words", "extensions": {"https://x.org": 1}}
    sent["context"] |= {"platform": "her laptop", "extensions": {"https://x.org": 1}}
    sent["context"]["contextActivities"]["grouping"][0]["definition"] = {"type": "https://x.org"}
    sent |= {"actor": AGENTS[1], "attachments": [{"sha2": "x"}]}
    account = {"homePage": "urn:praxis:forgotten", "name": f"{TOKEN}-1"}
    assert decoded(redacted(record(sent))) == {**kept, "actor": {"account": account}}


def test_of_somebody_elses_statement_every_other_byte_is_kept() -> None:
    before = (
        b'{"actor":{"mbox":"mailto:bob@example.org"}, "verb" :{"id":"v:1"},"object":{"id":"o:1"},'
        b'"result":{"score":{"raw":1.50,"max":12345678901234567890123},"response":"caf\\u00e9"},'
        b'"context":{"instructor":{"mbox":"mailto:ann.lee@example.org","name":"Ann"},"platform":"x"}}'
    )
    after = redacted(record(before)).record.value
    for part in (b'{"mbox":"mailto:bob@example.org"}', b'"raw":1.50,"max":12345678901234567890123', b"caf\\u00e9"):
        assert part in after


def test_somebody_elses_record_is_left_alone() -> None:
    for each in (
        statement(),
        statement(actor={"mbox": "mailto:x.ann.lee@example.org"}),
        statement(actor={**BOB, "name": NAME}),
        statement(result={"response": f"not ann.lee@example.org.uk, not {ID}0"}),
    ):
        assert redactor().redact(record(each)) is None
    assert redactor().redact(event_record("praxis.people.hired.v1", hire(person_id="emp-73020", name=NAME))) is None


def hire(**more: Any) -> dict[str, Any]:
    return {"unit": "u", "role": "r", "effective_at": "2026-01-01T00:00:00Z", **more}


def test_texts_in_every_spelling() -> None:
    for text in (
        f"see <{MAIL}>.", f"mailto:{MAIL.upper()}", f"https://x.org/users/{MAIL.replace('@', '%40')}/1",
        f"https://x.org/?of=users%2F{ID}", f"{NAME.upper()} said", f"https://x.org/{NAME.replace(' ', '%20')}",
        f"hire-{ID}-2026", HASH.upper(), f"by {ACCOUNT['name']}", OPENID,
    ):  # fmt: skip
        found = redacted(
            record(statement(result={"response": text}, context={"extensions": {f"https://x.org/{text}": [text]}}))
        )
        assert found.roles == {"text"}
        assert_no_trace(found.record.value)
    escaped = b'{"actor":{"mbox":"mailto:bob@example.org"},"result":{"response":"ann.lee\\u0040example.org"}}'
    assert b"u0040" not in redacted(record(escaped)).record.value
    assert_no_trace(redacted(record(b"no JSON, but " + MAIL.encode() + b"\xff")).record.value)


def test_events_in_every_role() -> None:
    mine = redacted(event_record("praxis.people.hired.v1", hire(person_id=ID, name=NAME, manager_id="emp-1")))
    assert decoded(mine) == hire(person_id=TOKEN, manager_id="emp-1")
    assert mine.roles == {"person_id"}
    assert mine.own
    managed = redacted(event_record("praxis.people.hired.v1", hire(person_id="emp-1", name=NAME, manager_id=ID)))
    assert decoded(managed) == hire(person_id="emp-1", name=NAME, manager_id=TOKEN)
    assert managed.roles == {"manager_id"}
    assert not managed.own
    link = {"person_id": ID, "identifiers": [{"mbox": f"mailto:{MAIL}"}, {"account": ACCOUNT}, {"mbox_sha1sum": HASH}]}
    linked = decoded(redacted(event_record("praxis.people.identity-linked.v1", link)))
    assert linked["person_id"] == TOKEN
    first, account, again = linked["identifiers"]
    assert first == again != account
    owned = redacted(event_record("praxis.programme.policy-published.v1", {"owner": {"person_id": ID, "name": NAME}}))
    assert decoded(owned) == {"owner": {"person_id": TOKEN}}


def test_whose_credential_it_was() -> None:
    found = redacted(event_record("praxis.people.hired.v1", hire(person_id="emp-1"), principal=CREDENTIAL))
    assert found.roles == {"principal"}
    credential = {"homePage": "urn:praxis:credential", "name": CREDENTIAL}
    link = decoded(
        redacted(event_record("praxis.people.identity-linked.v1", {"identifiers": [{"account": credential}]}))
    )
    assert link["identifiers"][0]["account"] == {
        "homePage": "urn:praxis:credential",
        "name": Event.from_record(as_read(found)).principal,
    }
    authority = {"account": {"homePage": "https://praxis.example.org", "name": CREDENTIAL}}
    assert redacted(record(statement(authority=authority))).roles == {"authority"}


def test_what_others_refer_to_is_kept() -> None:
    before = event_record(
        "praxis.evidence.skill-applied.v1", {"learner": {"person_id": ID}}, EVIDENCE.name, id=f"{ID}-1"
    )
    key = Event.from_record(before).key
    once = as_read(redacted(before))
    assert Event.from_record(once).key == key != event_key("/tests", Event.from_record(once).id)
    assert (once.place, once.placed_ms, once.key) == (before.offset, before.appended_ms, before.key)
    rescission = {"event": {"source": "/tests", "id": f"{ID}-1"}, "reason": "twice"}
    undoing = as_read(redacted(event_record("praxis.evidence.rescinded.v1", rescission, EVIDENCE.name)))
    reference = msgspec.json.decode(undoing.value)["event"]
    assert Event.from_record(undoing).undone(source=reference["source"], event_id=reference["id"]) == key
    decision = event_record("praxis.recognition.granted.v1", {"learner": f"person:{ID}"}, DECISIONS.name)
    assert as_read(redacted(decision)).header("ce_leaf") == leaf_hash(decision.value).hex()


def test_redacted_again_for_somebody_else_the_first_place_and_key_stay() -> None:
    before = event_record(
        "praxis.evidence.skill-applied.v1",
        {"learner": {"person_id": ID}, "attested_by": {"person_id": "emp-9999"}},
        EVIDENCE.name,
        id=f"{ID}-1",
    )
    from praxis_people.forgetting.person import Person

    once = as_read(redacted(before))
    twice = as_read(redacted(once, Person("emp-9999", ())), 200)
    assert [name for name, _ in twice.headers].count(ORIGIN) == 1
    assert (twice.place, twice.placed_ms) == (before.offset, before.appended_ms)
    assert Event.from_record(twice).key == Event.from_record(before).key


SKILL = {
    "learner": {"person_id": ID}, "skill": f"{NAME} " * 25, "kind": "project-result",
    "artefact": {"system": f"{MAIL}", "id": f"{ID} " * 50, "url": f"mailto:{MAIL}"},
    "occurred_at": "2026-03-02T10:00:00Z", "attested_by": {"mbox": f"mailto:{MAIL}", "name": NAME},
    "learning_statement": OPENID,
}  # fmt: skip


def test_what_keeps_its_contract_goes_on_keeping_it() -> None:
    contract = contract_for("praxis.evidence.skill-applied.v1")
    assert contract is not None
    contract.model.model_validate(SKILL)
    found = redacted(event_record(contract.type, SKILL, EVIDENCE.name))
    contract.model.model_validate_json(found.record.value)
    assert_no_trace(found.record.value)


def test_of_a_text_as_long_as_you_like_nothing_else_is_lost() -> None:
    text = f"{MAIL} {'and so on ' * 60}to the end"
    kept = decoded(redacted(record(statement(result={"response": text}))))["result"]["response"]
    assert kept == text.replace(MAIL, f"{TOKEN}-1")


# -- any document ------------------------------------------------------------------------------------------------------

texts = st.one_of(
    st.text(max_size=12), st.sampled_from([MAIL, NAME, ID, f"x {MAIL}, {NAME}", "bob@example.org", "Bob", HASH])
)
agents = st.one_of(
    st.sampled_from([*AGENTS, BOB]), st.fixed_dictionaries({"person_id": st.sampled_from([ID, "emp-1"])})
)
documents = st.recursive(
    st.one_of(texts, st.integers(), st.booleans(), st.none(), agents),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(texts, documents, max_size=5))
def test_no_document_keeps_a_trace_and_redacting_is_once_and_for_all(document: dict[str, Any]) -> None:
    before = record(document, EVIDENCE.name)
    found = redactor().redact(before)
    if found is None:
        left = msgspec.json.encode(document).lower()
        assert [each for each in (MAIL, HASH, OPENID) if each.encode().lower() in left] == []
        return
    assert_no_trace(found.record.value)
    assert redactor().redact(as_read(found)) is None
    assert found.record.value.count(b"bob@example.org") == before.value.count(b"bob@example.org")
