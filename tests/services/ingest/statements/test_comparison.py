"""Statement Comparison Requirements (xAPI 1.0.3, Data §2.3.1)."""

import json
from typing import Any
from uuid import UUID

import pytest

from praxis_ingest.statements.comparison import SIGNATURE, same_as_signed, same_statement
from praxis_ingest.statements.splice import splice
from tests.services.ingest.statements.samples import ABSENT, NAMES, changed, decoded, raw, sample

ANN, BEN = {"mbox": "mailto:ann@example.org"}, {"openid": "https://ben.example.org/"}
ONE, TWO = {"id": "urn:1"}, {"id": "urn:2"}
ID = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"


def group(*members: Any) -> dict[str, Any]:
    return {"objectType": "Group", "member": list(members)}


def compared(a: dict[str, Any], b: dict[str, Any]) -> bool:
    forth = same_statement(json.dumps(a).encode(), json.dumps(b).encode())
    assert same_statement(json.dumps(b).encode(), json.dumps(a).encode()) == forth
    return forth


SAME: list[tuple[str, Any, Any]] = [
    ("authority", ANN, BEN),
    ("authority", ANN, ABSENT),
    ("stored", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
    ("stored", "2026-01-01T00:00:00Z", ABSENT),
    ("id", ID, ABSENT),
    ("id", ID, ID.upper()),
    ("version", "1.0.0", ABSENT),
    ("timestamp", "2026-01-01T00:00:00Z", ABSENT),
    ("timestamp", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00+02:00"),
    ("timestamp", "2026-01-01T00:00:00.1234Z", "2026-01-01T00:00:00.123Z"),
    ("timestamp", "1969-12-31T23:59:59.9991Z", "1969-12-31T23:59:59.999Z"),
    ("verb/display", {"en": "did"}, ABSENT),
    ("verb/display", {"en": "did"}, {"en": "done"}),
    ("object/definition", {"name": {"en": "x"}}, ABSENT),
    ("object/definition", {"type": "urn:x"}, {"type": "urn:y"}),
    ("object/objectType", "Activity", ABSENT),
    ("actor/objectType", "Agent", ABSENT),
    ("actor", group(ANN, BEN), group(BEN, ANN)),
    ("actor", group(ANN), group({**ANN, "objectType": "Agent"})),
    ("actor/mbox", "mailto:ann@example.org", "mailto:ann@EXAMPLE.org"),
    ("actor", {"mbox_sha1sum": "ab" * 20}, {"mbox_sha1sum": "AB" * 20}),
    ("context/contextActivities", {"parent": ONE}, {"parent": [ONE]}),
    ("context/contextActivities", {"parent": [ONE, TWO]}, {"parent": [{**TWO, "definition": {}}, ONE]}),
    ("context/team", group(ANN, BEN), group(BEN, ANN)),
    ("context/registration", ID, ID.upper()),
    ("context/language", "de-CH", "de-ch"),
    ("context/statement", {"objectType": "StatementRef", "id": ID}, {"objectType": "StatementRef", "id": ID.upper()}),
    (
        "context/contextAgents",
        [{"objectType": "contextAgent", "agent": ANN}, {"objectType": "contextAgent", "agent": BEN}],
        [{"objectType": "contextAgent", "agent": BEN}, {"objectType": "contextAgent", "agent": ANN}],
    ),
    ("result/duration", "PT1.239S", "PT1.231S"),
    ("result/score", {"raw": 1}, {"raw": 1.0}),
    ("result/extensions", {"urn:x": {"a": 1, "b": 100.0}}, {"urn:x": {"b": 1e2, "a": 1}}),
    ("object", {"objectType": "StatementRef", "id": ID}, {"objectType": "StatementRef", "id": ID.upper()}),
    ("object", {"objectType": "Agent", **ANN}, {"objectType": "Agent", "mbox": "mailto:ann@Example.org"}),
]

DIFFERENT: list[tuple[str, Any, Any]] = [
    ("timestamp", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
    ("version", "1.0.0", "1.0.3"),
    ("id", ID, ID.replace("e", "f")),
    ("verb/id", "urn:x", "urn:y"),
    ("verb/id", "urn:x", "urn:X"),
    ("object/id", "urn:x", "urn:y"),
    ("object", {"objectType": "Agent", **ANN}, {"id": "urn:x"}),
    ("actor", ANN, BEN),
    ("actor/mbox", "mailto:ann@example.org", "mailto:Ann@example.org"),
    ("actor/name", "Ann", "Anne"),
    ("actor/name", "Ann", ABSENT),
    ("actor", group(ANN), group(ANN, BEN)),
    ("actor", group(ANN, ANN), group(ANN)),
    ("result", {"success": True}, ABSENT),
    ("result/success", True, False),
    ("result/response", "1", "1.0"),
    ("result/duration", "PT60S", "PT1M"),
    ("result/duration", "PT1.22S", "PT1.23S"),
    ("result/score", {"raw": 1}, {"raw": 2}),
    ("result/extensions", {"urn:x": 1}, {"urn:x": True}),
    ("result/extensions", {"urn:x": [0]}, {"urn:x": [False]}),
    ("result/extensions", {"urn:x": [1, 2]}, {"urn:x": [2, 1]}),
    ("result/extensions", {"urn:x": "1"}, {"urn:x": 1}),
    ("result/extensions", {"urn:x": None}, {}),
    ("context/contextActivities", {"parent": ONE}, {"parent": TWO}),
    ("context/contextActivities", {"parent": ONE}, {"other": ONE}),
    ("context/contextActivities", {"parent": [ONE, TWO]}, {"parent": [ONE]}),
    ("context/registration", ID, ABSENT),
    ("context/extensions", {"urn:x": "a"}, {"urn:x": "A"}),
    ("context/instructor", ANN, BEN),
    ("context/platform", "A", "a"),
    ("attachments", sample("everything")["attachments"], []),
]


@pytest.mark.parametrize(("path", "a", "b"), SAME)
def test_differences_that_do_not_count(path: str, a: Any, b: Any) -> None:
    assigned = path == "timestamp" and b is ABSENT
    for statement, place in _places(path)[: 1 if assigned else None]:
        assert compared(_with(statement, place, a), _with(statement, place, b))


@pytest.mark.parametrize(("path", "a", "b"), DIFFERENT)
def test_differences_that_count(path: str, a: Any, b: Any) -> None:
    for statement, place in _places(path):
        assert not compared(_with(statement, place, a), _with(statement, place, b))


def test_no_lrs_gives_a_substatement_its_timestamp() -> None:
    statement = sample("substatement")
    assert not compared(statement, changed(statement, ("object/timestamp", ABSENT)))


def test_attachments_are_ordered_and_their_hashes_in_either_case() -> None:
    [first] = sample("everything")["attachments"]
    second = {**first, "sha2": "ab" * 32}
    assert not compared(sample(attachments=[first, second]), sample(attachments=[second, first]))
    assert compared(sample(attachments=[second]), sample(attachments=[{**second, "sha2": "AB" * 32}]))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_stored_is_what_was_sent(name: str) -> None:
    stored = splice(
        decoded(raw(name)), statement_id=UUID(ID), stored="2026-01-01T00:00:00Z", authority=b"{}", version="1.0.0"
    )
    assert same_statement(stored, raw(name))


def test_a_signature_holds_the_statement_without_itself() -> None:
    signed = sample("everything")
    attachment = {**signed["attachments"][0], "usageType": SIGNATURE}
    received = json.dumps({**signed, "attachments": [*signed["attachments"], attachment]}).encode()
    assert same_as_signed(received, raw("everything"))
    assert not same_as_signed(received, json.dumps(changed(signed, ("verb/id", "urn:x"))).encode())
    alone = json.dumps(sample(attachments=[attachment])).encode()
    assert same_as_signed(alone, raw("minimal"))


def _places(path: str) -> list[tuple[dict[str, Any], str]]:
    """The path in a statement and, where it can be there, in a SubStatement."""
    top_only = path in ("id", "stored", "authority", "version")
    return [(sample(), path), *([] if top_only else [(sample("substatement"), f"object/{path}")])]


def _with(statement: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    base = changed(statement, (path, "x"))
    return changed(base, (path, value))
