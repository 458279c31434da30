from typing import Any

import pytest

from tests.services.ingest.statements.samples import faults, sample

ID = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
ACTIVITY = {"id": "https://courses.example.org/1"}
ANN = {"mbox": "mailto:ann@example.org"}
TEAM = {"objectType": "Group", "member": [ANN]}

VALID: list[dict[str, Any]] = [
    {},
    {"registration": ID.upper(), "language": "de-CH", "revision": "", "platform": "LMS"},
    {"contextActivities": {}},
    {"contextActivities": {"parent": ACTIVITY, "grouping": [], "category": [ACTIVITY], "other": [ACTIVITY, ACTIVITY]}},
    {"statement": {"objectType": "StatementRef", "id": ID}},
    {"extensions": {"https://example.org/x": {"y": None}}},
]

FAULTY: list[tuple[Any, str, str]] = [
    ("x", "", "must be an object"),
    ({"course": ACTIVITY}, "/course", "is not allowed here"),
    ({"registration": "1"}, "/registration", "must be a UUID"),
    ({"registration": ID.replace("-", "")}, "/registration", "must be a UUID"),
    ({"registration": f"{{{ID}}}"}, "/registration", "must be a UUID"),
    ({"registration": f"{ID}8"}, "/registration", "must be a UUID"),
    ({"registration": "MA97B177-9383-4934-8543-0F91A7A02836"}, "/registration", "must be a UUID"),
    ({"registration": 5}, "/registration", "must be a string"),
    ({"language": "English (US)"}, "/language", "must be a language tag"),
    ({"language": None}, "/language", "must not be null"),
    ({"platform": 1}, "/platform", "must be a string"),
    ({"contextActivities": []}, "/contextActivities", "must be an object"),
    ({"contextActivities": {"Parent": ACTIVITY}}, "/contextActivities/Parent", "is not allowed here"),
    ({"contextActivities": {"parent": "urn:x"}}, "/contextActivities/parent", "must be an object or an array"),
    ({"contextActivities": {"parent": ["urn:x"]}}, "/contextActivities/parent/0", "must be an object"),
    ({"contextActivities": {"parent": [ACTIVITY, None]}}, "/contextActivities/parent/1", "must not be null"),
    ({"statement": {"objectType": "StatementRef", "id": "1"}}, "/statement/id", "must be a UUID"),
    ({"statement": {"objectType": "statementref", "id": ID}}, "/statement/objectType", 'must be "StatementRef"'),
    ({"statement": {"id": ID}}, "/statement/objectType", "is required"),
    ({"statement": {"objectType": "StatementRef"}}, "/statement/id", "is required"),
    ({"extensions": {"x": 1}}, "/extensions/x", "the key must be an absolute IRI"),
]

FAULTY_IN_2: list[tuple[Any, str, str]] = [
    ({"contextAgents": {}}, "/contextAgents", "must be an array"),
    ({"contextAgents": [{"agent": ANN}]}, "/contextAgents/0/objectType", "is required"),
    ({"contextAgents": [{"objectType": "contextAgent"}]}, "/contextAgents/0/agent", "is required"),
    (
        {"contextAgents": [{"objectType": "Agent", "agent": ANN}]},
        "/contextAgents/0/objectType",
        'must be "contextAgent"',
    ),
    (
        {"contextAgents": [{"objectType": "contextAgent", "agent": TEAM}]},
        "/contextAgents/0/agent/objectType",
        'must be "Agent"',
    ),
    (
        {"contextAgents": [{"objectType": "contextAgent", "agent": {"name": "x"}}]},
        "/contextAgents/0/agent",
        "must have exactly one of",
    ),
    (
        {"contextAgents": [{"objectType": "contextAgent", "agent": ANN, "relevantTypes": []}]},
        "/contextAgents/0/relevantTypes",
        "must not be empty",
    ),
    (
        {"contextAgents": [{"objectType": "contextAgent", "agent": ANN, "relevantTypes": ["urn:x", "abc"]}]},
        "/contextAgents/0/relevantTypes/1",
        "must be an absolute IRI",
    ),
    (
        {"contextGroups": [{"objectType": "contextAgent", "group": TEAM}]},
        "/contextGroups/0/objectType",
        'must be "contextGroup"',
    ),
    (
        {"contextGroups": [{"objectType": "contextGroup", "group": ANN}]},
        "/contextGroups/0/group/objectType",
        'must be "Group"',
    ),
    (
        {"contextGroups": [{"objectType": "contextGroup", "group": TEAM, "relevantTypes": []}]},
        "/contextGroups/0/relevantTypes",
        "must not be empty",
    ),
]


@pytest.mark.parametrize("context", VALID)
def test_valid_contexts(context: dict[str, Any]) -> None:
    assert faults(sample(context=context)) == {}
    assert faults(sample("substatement", **{"object/context": context})) == {}


@pytest.mark.parametrize(("context", "pointer", "detail"), FAULTY)
def test_faulty_contexts(context: Any, pointer: str, detail: str) -> None:
    assert detail in faults(sample(context=context))[f"/context{pointer}"]
    assert detail in faults(sample("substatement", **{"object/context": context}))[f"/object/context{pointer}"]


@pytest.mark.parametrize(
    "target",
    [{"objectType": "StatementRef", "id": ID}, {"objectType": "Agent", **ANN}, TEAM],
)
def test_revision_and_platform_are_for_activities(target: dict[str, Any]) -> None:
    context = {"revision": "1", "platform": "LMS"}
    only = "is allowed only where the statement's object is an Activity"
    assert faults(sample(object=target, context=context)) == {"/context/revision": only, "/context/platform": only}
    inner = faults(sample("substatement", **{"object/object": target, "object/context": context}))
    assert inner == {"/object/context/revision": only, "/object/context/platform": only}


def test_what_a_substatement_is_about_does_not_count_for_the_statement() -> None:
    assert "/context/revision" in faults(sample("substatement", context={"revision": "1"}))


@pytest.mark.parametrize(("context", "pointer", "detail"), FAULTY_IN_2)
def test_faulty_context_actors(context: Any, pointer: str, detail: str) -> None:
    assert detail in faults(sample(context=context), "2.0.0")[f"/context{pointer}"]
    inner = sample("substatement", **{"object/context": context})
    assert detail in faults(inner, "2.0.0")[f"/object/context{pointer}"]


def test_context_actors_came_with_2_0() -> None:
    context = {
        "contextAgents": [{"objectType": "contextAgent", "agent": ANN, "relevantTypes": ["urn:x"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": TEAM}],
    }
    assert faults(sample(context=context), "2.0.0") == {}
    assert sorted(faults(sample(context=context))) == ["/context/contextAgents", "/context/contextGroups"]
