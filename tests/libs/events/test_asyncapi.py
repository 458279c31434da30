"""The published AsyncAPI document is current, and says what the contracts say."""

from pathlib import Path
from typing import Any

from praxis_events.asyncapi import document, text
from praxis_events.contracts import contracts
from praxis_events.topics import TOPICS

PUBLISHED = Path(__file__).parents[3] / "docs" / "api" / "asyncapi.json"


def test_the_published_one_is_current() -> None:
    assert PUBLISHED.read_text() == text(), "make docs"


def test_every_contract_is_on_its_topic() -> None:
    channels = document()["channels"]
    assert set(channels) == {topic.name for topic in TOPICS}
    for contract in contracts():
        assert contract.type in channels[contract.topic.name]["messages"]


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for each in value.values() for found in references(each)]
    return [found for each in value for found in references(each)] if isinstance(value, list) else []


def test_every_reference_leads_somewhere() -> None:
    whole = document()
    found = references(whole)
    assert len(found) > 100
    for reference in set(found):
        at: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            assert step in at, reference
            at = at[step]


def test_shared_schemas_have_one_meaning() -> None:
    meanings: dict[str, Any] = {}
    for contract in contracts():
        schema = contract.model.model_json_schema(ref_template="#/components/schemas/{model}")
        for name, meaning in schema.get("$defs", {}).items():
            assert meanings.setdefault(name, meaning) == meaning, name
    assert len(meanings) > 10
