"""Whole statements: members, objects by objectType, SubStatements, voiding, versions, times."""

from typing import Any

import pytest

from praxis_ingest.statements.validation.inspection import Edition
from tests.services.ingest.statements.samples import ABSENT, NAMES, faults, sample

ID = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("edition", ["1.0.3", "2.0.0"])
def test_the_samples_are_valid(name: str, edition: Edition) -> None:
    assert faults(sample(name), edition) == {}


@pytest.mark.parametrize("member", ["actor", "verb", "object"])
def test_members_that_every_statement_has(member: str) -> None:
    assert faults(sample(**{member: ABSENT})) == {f"/{member}": "is required"}
    assert faults(sample("substatement", **{f"object/{member}": ABSENT})) == {f"/object/{member}": "is required"}


@pytest.mark.parametrize(
    "member",
    [
        "id",
        "actor",
        "verb",
        "object",
        "result",
        "context",
        "timestamp",
        "stored",
        "authority",
        "version",
        "attachments",
    ],
)
def test_null_is_no_value(member: str) -> None:
    assert faults(sample(**{member: None})) == {f"/{member}": "must not be null: leave the member out"}


@pytest.mark.parametrize("member", ["Actor", "verbs", "ID", "objecttype", "", "a/b", "x` - at `$.verb"])
def test_other_members_are_refused(member: str) -> None:
    assert len(faults({**sample(), member: 1})) == 1


@pytest.mark.parametrize("value", [1, "", "x", ID[:-1], f"{ID}0", ID.replace("-", ""), f"urn:uuid:{ID}", f"{ID}\n"])
def test_ids_are_uuids(value: Any) -> None:
    assert "/id" in faults(sample(id=value))


def test_ids_of_any_variant_and_case() -> None:
    assert faults(sample(id="12345678-1234-5678-1234-567812345678")) == {}
    assert faults(sample(id=ID.upper())) == {}


@pytest.mark.parametrize(
    ("verb", "pointer", "detail"),
    [
        ({}, "/id", "is required"),
        ({"id": "completed"}, "/id", "must be an absolute IRI"),
        ({"id": 1}, "/id", "must be a string"),
        ({"id": "urn:x", "display": "x"}, "/display", "must be an object"),
        ({"id": "urn:x", "display": {"en": 1}}, "/display/en", "must be a string"),
        ({"id": "urn:x", "display": {"a12345": "x"}}, "/display/a12345", "must be a language tag"),
        ({"id": "urn:x", "name": {}}, "/name", "is not allowed here"),
        ("completed", "", "must be an object"),
    ],
)
def test_faulty_verbs(verb: Any, pointer: str, detail: str) -> None:
    assert detail in faults(sample(verb=verb))[f"/verb{pointer}"]
    assert detail in faults(sample("substatement", **{"object/verb": verb}))[f"/object/verb{pointer}"]


@pytest.mark.parametrize(
    "kind", ["activity", "agent", "group", "statementref", "substatement", "Statement", "", "Person"]
)
def test_kinds_of_objects_are_case_sensitive(kind: str) -> None:
    found = faults(sample(**{"object/objectType": kind}))
    assert found == {"/object/objectType": "must be one of Activity, Agent, Group, StatementRef, SubStatement"}


@pytest.mark.parametrize(
    ("target", "pointer"),
    [
        ({"objectType": "StatementRef"}, "/object/id"),
        ({"objectType": "StatementRef", "id": "urn:x"}, "/object/id"),
        ({"objectType": "StatementRef", "id": ID, "definition": {}}, "/object/definition"),
        ({"objectType": "StatementRef", "id": ID, "mbox": "mailto:a@b.c"}, "/object/mbox"),
        ({"objectType": "Agent", "mbox": "mailto:a@b.c", "id": "urn:x"}, "/object/id"),
        ({"objectType": "Agent", "mbox": "mailto:a@b.c", "definition": {}}, "/object/definition"),
        ({"objectType": "Agent", "mbox": "mailto:a@b.c", "timestamp": "2026-01-01T00:00:00Z"}, "/object/timestamp"),
        ({"id": "urn:x", "name": "x"}, "/object/name"),
        ({"id": "urn:x", "member": []}, "/object/member"),
        ({"id": "urn:x", "actor": {"mbox": "mailto:a@b.c"}}, "/object/actor"),
        ({"id": "urn:x", "attachments": []}, "/object/attachments"),
        ([], "/object"),
    ],
)
def test_objects_have_the_members_of_their_kind(target: Any, pointer: str) -> None:
    assert list(faults(sample(object=target))) == [pointer]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", ID),
        ("stored", "2026-01-01T00:00:00Z"),
        ("version", "1.0.0"),
        ("authority", {"mbox": "mailto:a@b.c"}),
        ("definition", {}),
        ("mbox", "mailto:a@b.c"),
    ],
)
def test_what_a_substatement_must_not_have(member: str, value: Any) -> None:
    assert list(faults(sample("substatement", **{f"object/{member}": value}))) == [f"/object/{member}"]


def test_substatements_do_not_nest() -> None:
    found = faults(sample("substatement", **{"object/object": {"objectType": "SubStatement", "id": "urn:x"}}))
    assert "SubStatements do not nest" in found["/object/object/objectType"]
    assert "/object/object/actor" in faults(
        sample("substatement", **{"object/object": sample("substatement")["object"]})
    )


@pytest.mark.parametrize(
    "target",
    [{"id": "urn:x"}, {"objectType": "Activity", "id": "urn:x"}, {"objectType": "Agent", "mbox": "mailto:a@b.c"}],
)
def test_a_voiding_statement_is_about_a_statement(target: dict[str, Any]) -> None:
    detail = 'must be "StatementRef" in a statement that voids another'
    assert faults(sample("voiding", object=target)) == {"/object/objectType": detail}
    inner = sample("substatement", **{"object/verb": sample("voiding")["verb"], "object/object": target})
    assert faults(inner)["/object/object/objectType"] == detail


@pytest.mark.parametrize(
    ("version", "editions"),
    [
        ("1.0", ("1.0.3", "2.0.0")),
        ("1.0.0", ("1.0.3", "2.0.0")),
        ("1.0.3", ("1.0.3", "2.0.0")),
        ("1.0.9", ("1.0.3", "2.0.0")),
        ("1.0.32", ("1.0.3", "2.0.0")),
        ("2.0.0", ("2.0.0",)),
        ("2.0", ("2.0.0",)),
        ("0.9.9", ()),
        ("1.1.0", ()),
        ("2.1.0", ()),
        ("1", ()),
        ("1.0.", ()),
        ("1.00", ()),
        ("should fail", ()),
        ("", ()),
        (1.0, ()),
    ],
)
def test_versions(version: Any, editions: tuple[Edition, ...]) -> None:
    for edition in ("1.0.3", "2.0.0"):
        found = faults(sample(version=version), edition)
        assert list(found) == ([] if edition in editions else ["/version"])


@pytest.mark.parametrize("place", ["timestamp", "stored"])
@pytest.mark.parametrize("value", ["2026-02-30T00:00:00Z", "2008-09-15T15:53:00.601-00:00", "yesterday", "", 5])
def test_times(place: str, value: Any) -> None:
    for edition in ("1.0.3", "2.0.0"):
        assert list(faults(sample(**{place: value}), edition)) == [f"/{place}"]


def test_the_time_of_a_substatement() -> None:
    assert list(faults(sample("substatement", **{"object/timestamp": "soon"}))) == ["/object/timestamp"]


def test_a_time_without_a_zone_is_refused_by_2_0_only() -> None:
    statement = sample(timestamp="2026-01-01T00:00:00")
    assert faults(statement) == {}
    assert faults(statement, "2.0.0") == {"/timestamp": "must be an RFC 3339 timestamp, such as 2026-03-02T10:00:00Z"}


def test_several_faults_are_told_together() -> None:
    statement = sample(**{"verb/id": "x", "object/id": "y", "actor/mbox": "z"})
    assert sorted(faults(statement)) == ["/actor/mbox", "/object/id", "/verb/id"]
