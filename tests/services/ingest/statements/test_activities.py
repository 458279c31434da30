from typing import Any

import pytest

from tests.services.ingest.statements.samples import faults, sample

ID = "https://courses.example.org/1"
IRI = "must be an absolute IRI"

VALID_DEFINITIONS: list[dict[str, Any]] = [
    {},
    {"name": {}, "description": {"en-GB": "Colour", "zh-Hant": "顏色"}},
    {"type": "http://adlnet.gov/expapi/activities/course", "moreInfo": "https://example.org/more"},
    {"extensions": {}},
    {"extensions": {"https://example.org/x": None, "urn:y": [{"deep": {"null": None}}, 1e308, ""]}},
    {"interactionType": "true-false", "correctResponsesPattern": ["true"]},
    {"interactionType": "choice", "choices": [{"id": "a"}, {"id": "b", "description": {"en": "B"}}]},
    {"interactionType": "sequencing", "choices": [{"id": "a"}]},
    {"interactionType": "likert", "scale": [{"id": "1"}]},
    {"interactionType": "matching", "source": [{"id": "a"}], "target": [{"id": "a"}]},
    {"interactionType": "performance", "steps": []},
    {"interactionType": "fill-in", "correctResponsesPattern": []},
    {"interactionType": "long-fill-in"},
    {"interactionType": "numeric", "correctResponsesPattern": ["4[:]5"]},
    {"interactionType": "other"},
]

FAULTY_DEFINITIONS: list[tuple[Any, str, str]] = [
    ("a course", "", "must be an object"),
    ({"title": {}}, "/title", "is not allowed here"),
    ({"name": "Python"}, "/name", "must be an object"),
    ({"name": {"en_US": "x"}}, "/name/en_US", "must be a language tag"),
    ({"name": {"en": "x", "de": 1}}, "/name/de", "must be a string"),
    ({"name": {"en": None}}, "/name/en", "must not be null"),
    ({"description": {"a12345678": "x"}}, "/description/a12345678", "must be a language tag"),
    ({"description": {"a/b~c": "x"}}, "/description/a~1b~0c", "must be a language tag"),
    ({"type": "course"}, "/type", IRI),
    ({"type": ["urn:x"]}, "/type", "must be a string"),
    ({"moreInfo": "example.org"}, "/moreInfo", IRI),
    ({"extensions": []}, "/extensions", "must be an object"),
    ({"extensions": {"should fail": 1}}, "/extensions/should fail", f"the key {IRI}"),
    ({"extensions": {"a/b.c": 1}}, "/extensions/a~1b.c", f"the key {IRI}"),
    ({"interactionType": "Choice"}, "/interactionType", "must be one of true-false, choice"),
    ({"interactionType": 1}, "/interactionType", "must be a string"),
    ({"correctResponsesPattern": ["a"]}, "/interactionType", "is required"),
    ({"choices": [{"id": "a"}]}, "/interactionType", "is required"),
    ({"interactionType": "choice", "correctResponsesPattern": "a"}, "/correctResponsesPattern", "must be an array"),
    ({"interactionType": "choice", "correctResponsesPattern": [1]}, "/correctResponsesPattern/0", "must be a string"),
    ({"interactionType": "choice", "choices": {"id": "a"}}, "/choices", "must be an array"),
    ({"interactionType": "choice", "choices": [{}]}, "/choices/0/id", "is required"),
    ({"interactionType": "choice", "choices": [{"id": 1}]}, "/choices/0/id", "must be a string"),
    ({"interactionType": "choice", "choices": [{"id": "a"}, {"id": "a"}]}, "/choices/1/id", "must differ"),
    ({"interactionType": "choice", "choices": [{"id": "a", "name": {}}]}, "/choices/0/name", "is not allowed here"),
    (
        {"interactionType": "choice", "choices": [{"id": "a", "description": {"!": "x"}}]},
        "/choices/0/description/!",
        "must be a language tag",
    ),
    ({"interactionType": "likert", "choices": []}, "/choices", "is not allowed with the interactionType"),
    ({"interactionType": "numeric", "scale": []}, "/scale", "is not allowed with the interactionType"),
    ({"interactionType": "choice", "source": []}, "/source", "is not allowed with the interactionType"),
    ({"interactionType": "choice", "target": []}, "/target", "is not allowed with the interactionType"),
    ({"interactionType": "matching", "steps": []}, "/steps", "is not allowed with the interactionType"),
]

FAULTY_ACTIVITIES: list[tuple[Any, str, str]] = [
    ({}, "/id", "is required"),
    ({"id": ""}, "/id", IRI),
    ({"id": "courses/1"}, "/id", IRI),
    ({"id": 1}, "/id", "must be a string"),
    ({"id": ID, "objectType": 7}, "/objectType", "must be a string"),
    ({"id": ID, "definition": None}, "/definition", "must not be null"),
    ({"id": ID, "Definition": {}}, "/Definition", "is not allowed here"),
]


def _statements(activity: Any) -> list[tuple[str, dict[str, Any]]]:
    """Statements with the activity in each place that takes one, and the pointer to it."""
    return [
        ("/object", sample(object=activity)),
        ("/object/object", sample("substatement", **{"object/object": activity})),
        ("/context/contextActivities/parent", sample(context={"contextActivities": {"parent": activity}})),
        (
            "/context/contextActivities/other/1",
            sample(context={"contextActivities": {"other": [{"id": ID}, activity]}}),
        ),
        ("/object/context/contextActivities/grouping/0", _in_substatement({"grouping": [activity]})),
    ]


def _in_substatement(activities: dict[str, Any]) -> dict[str, Any]:
    return sample("substatement", **{"object/context/contextActivities": activities})


@pytest.mark.parametrize("definition", VALID_DEFINITIONS)
def test_valid_definitions(definition: dict[str, Any]) -> None:
    for kind in ({}, {"objectType": "Activity"}):
        for _, statement in _statements({"id": ID, "definition": definition, **kind}):
            assert faults(statement) == {}


@pytest.mark.parametrize(("definition", "pointer", "detail"), FAULTY_DEFINITIONS)
def test_faulty_definitions(definition: Any, pointer: str, detail: str) -> None:
    for place, statement in _statements({"id": ID, "definition": definition}):
        assert detail in faults(statement)[f"{place}/definition{pointer}"]


@pytest.mark.parametrize(("activity", "pointer", "detail"), FAULTY_ACTIVITIES)
def test_faulty_activities(activity: Any, pointer: str, detail: str) -> None:
    for place, statement in _statements(activity):
        assert detail in faults(statement)[f"{place}{pointer}"]


@pytest.mark.parametrize("kind", ["activity", "Agent", "Group", "StatementRef", "SubStatement", ""])
def test_a_context_activity_is_an_activity(kind: str) -> None:
    activity = {"id": ID, "objectType": kind}
    found = faults(sample(context={"contextActivities": {"parent": [activity], "category": activity}}))
    assert found == dict.fromkeys(
        ["/context/contextActivities/parent/0/objectType", "/context/contextActivities/category/objectType"],
        'must be "Activity"',
    )
