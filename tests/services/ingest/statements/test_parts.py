"""Parts that are remembered: judged like new ones, and never without bound."""

from typing import Any

import pytest
from msgspec import Raw

from praxis_ingest.statements.model import Verb
from praxis_ingest.statements.validation import parts
from praxis_ingest.statements.validation.inspection import Inspection
from praxis_ingest.statements.validation.parts import Parts
from tests.services.ingest.statements.samples import decoded, faults, sample

VERB = Raw(b'{"id": "urn:v"}')


class Checked:
    """Verbs whose checks are counted; those named ``urn:bad`` are refused."""

    def __init__(self) -> None:
        self.count = 0
        self.verbs = Parts(Verb, self._check)

    def take(self, raw: Raw) -> tuple[Verb | None, list[str | None]]:
        seen = Inspection()
        return self.verbs.inspected(raw, "/0", "verb", seen), [fault.pointer for fault in seen.faults]

    def _check(self, verb: Verb, at: str, seen: Inspection) -> None:
        self.count += 1
        if verb.id == "urn:bad":
            seen.fault(f"{at}/id", "is bad")


def test_the_same_bytes_are_checked_once() -> None:
    checked = Checked()
    first, second = checked.take(VERB), checked.take(VERB)
    assert first == second == (Verb(id="urn:v"), [])
    assert checked.count == 1
    assert checked.verbs.valid(VERB).id == "urn:v"


def test_other_bytes_are_another_part() -> None:
    checked = Checked()
    checked.take(VERB)
    checked.take(Raw(b'{"id":"urn:v"}'))
    assert checked.count == 2


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        (b'{"id":"urn:bad"}', "/0/verb/id"),
        (b'{"id":"urn:v","id":"urn:v"}', "/0/verb/id"),
        (b'{"id":1}', "/0/verb/id"),
        (b'{"id":"\xff"}', "/0/verb"),
        (b"null", "/0/verb"),
    ],
)
def test_a_faulty_part_is_faulty_each_time(raw: bytes, pointer: str) -> None:
    checked = Checked()
    checked.take(VERB)
    assert checked.take(Raw(raw)) == checked.take(Raw(raw)) == (None, [pointer])


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_MOST_BYTES", 1_000)
    checked = Checked()
    for number in range(1_000):
        checked.take(Raw(b'{"id":"urn:%d"}' % number))
    checked.take(VERB)
    checked.take(VERB)
    assert checked.count == 1_001
    assert sum(map(len, checked.verbs._known)) < 1_100


def test_long_parts_are_not_kept() -> None:
    checked = Checked()
    long = Raw(b'{"id":"urn:%b"}' % (b"v" * 5_000))
    assert checked.take(long) == checked.take(long)
    assert checked.count == 2


AGENTS = {"objectType": "contextAgent", "agent": {"mbox": "mailto:ann@example.org"}}


@pytest.mark.parametrize(
    ("path", "value"), [("object/context", {"contextAgents": [AGENTS]}), ("object/timestamp", "20260302T100000Z")]
)
def test_a_substatement_is_judged_by_each_edition(path: str, value: Any) -> None:
    body = sample("substatement", **{path: value})
    lenient, strict = ("2.0.0", "1.0.3") if path == "object/context" else ("1.0.3", "2.0.0")
    assert decoded(body, lenient)  # type: ignore[arg-type]
    assert faults(body, strict)  # type: ignore[arg-type]
    assert decoded(body, lenient)  # type: ignore[arg-type]


def test_what_the_whole_tells_of_a_remembered_object() -> None:
    """The same object, in statements that may and may not be about it."""
    activity = {"id": "urn:a"}
    assert decoded(sample(object=activity))
    assert list(faults(sample(object=activity, verb={"id": "http://adlnet.gov/expapi/verbs/voided"}))) == [
        "/object/objectType"
    ]
    actor = {"objectType": "Agent", "mbox": "mailto:ann@example.org"}
    assert decoded(sample(object=actor))
    assert list(faults(sample(object=actor, context={"platform": "x"}))) == ["/context/platform"]


def test_a_faulty_part_hides_no_fault_of_another() -> None:
    body = sample(actor=1, verb={"id": "x"}, result={"score": {"scaled": 2}})
    assert sorted(faults(body)) == ["/actor", "/result/score/scaled", "/verb/id"]


@pytest.mark.parametrize("member", [b'"verb":"\\x"', b'"verb":"\xff"', b'"verb":[1e999]', b'"verb":{"a":1,"a":2}'])
def test_a_member_that_is_given_twice_is_refused_whatever_its_first_value(member: bytes) -> None:
    body = b'{%b,"actor":{"openid":"urn:a"},"verb":{"id":"urn:v"},"object":{"id":"urn:o"}}' % member
    assert faults(body)
